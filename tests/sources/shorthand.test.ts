import { expect, test } from 'vitest'
import { UsageError } from '../../src/errors.ts'
import { namedAddress } from '../../src/sources/shorthand.ts'

test.each<[string, string, string]>([
  ['arxiv:cs.CL', 'https://rss.arxiv.org/rss/cs.CL', 'arxiv-cs.CL'],
  ['arxiv:cs.CL+cs.LG', 'https://rss.arxiv.org/rss/cs.CL+cs.LG', 'arxiv-cs.CL-cs.LG'],
  ['arxiv:hep-th', 'https://rss.arxiv.org/rss/hep-th', 'arxiv-hep-th'],
  [
    'arxiv:search?q=abs:"protein folding"',
    'https://export.arxiv.org/api/query?search_query=abs%3A%22protein+folding%22&sortBy=submittedDate&sortOrder=descending&max_results=100',
    'arxiv-search-q-abs-protein-folding',
  ],
  [
    'hf:search?q=speech & text',
    'https://huggingface.co/api/papers/search?q=speech+%26+text&limit=100',
    'hf-search-q-speech-text',
  ],
  [
    'openalex:search?q=protein folding&filter=type:preprint',
    'https://api.openalex.org/works?search=protein+folding&sort=publication_date%3Adesc&per-page=100&filter=type%3Apreprint',
    'openalex-search-q-protein-folding-filter-type-preprint',
  ],
  [
    's2:search?q=lanterns',
    'https://api.semanticscholar.org/graph/v1/paper/search/bulk?query=lanterns&sort=publicationDate%3Adesc&fields=title%2Cabstract%2Cauthors%2CexternalIds%2CpublicationDate%2Cvenue%2Curl',
    's2-search-q-lanterns',
  ],
  [
    'crossref:issn/1234-567X',
    'https://api.crossref.org/journals/1234-567X/works?sort=created&order=desc&rows=100',
    'crossref-issn-1234-567X',
  ],
  [
    'dblp:venue/ICLR',
    'https://dblp.org/search/publ/api?q=venue%3AICLR%3A&format=json&h=100',
    'dblp-venue-ICLR',
  ],
  [
    'dblp:venue/conf/iclr',
    'https://dblp.org/search/publ/api?q=stream%3Astreams%2Fconf%2Ficlr%3A&format=json&h=100',
    'dblp-venue-conf-iclr',
  ],
  [
    'biorxiv:neuroscience',
    'https://connect.biorxiv.org/biorxiv_xml.php?subject=neuroscience',
    'biorxiv-neuroscience',
  ],
  [
    'medrxiv:infectious-diseases',
    'https://connect.medrxiv.org/medrxiv_xml.php?subject=infectious_diseases',
    'medrxiv-infectious-diseases',
  ],
  [
    'openreview:ICLR.cc/2027/Conference',
    'https://api2.openreview.net/notes?invitation=ICLR.cc%2F2027%2FConference%2F-%2FSubmission&sort=cdate%3Adesc&limit=100',
    'openreview-ICLR.cc-2027-Conference',
  ],
  [
    'pubmed:search?q=sleep[ti] AND mice',
    'https://eutils.ncbi.nlm.nih.gov/entrez/eutils/esearch.fcgi?db=pubmed&term=sleep%5Bti%5D+AND+mice&sort=pub_date&retmax=100&tool=paperboy',
    'pubmed-search-q-sleep-ti-AND-mice',
  ],
  ['https://rss.arxiv.org/rss/cs.CL', 'https://rss.arxiv.org/rss/cs.CL', 'rss.arxiv.org-rss-cs.CL'],
  ['https://www.example.org/?q=owls', 'https://www.example.org/?q=owls', 'example.org-q-owls'],
  ['http://127.0.0.1:4000/{date}', 'http://127.0.0.1:4000/{date}', '127.0.0.1-4000-date'],
])('%s', (given, address, name) => {
  expect(namedAddress(given)).toEqual({ address, name })
})

test.each([
  '',
  'arxiv:',
  'arxiv:../x',
  'arxiv:search?q=',
  'hf:cs.CL',
  'cs.CL',
  'ftp://x.example/',
  'file:///etc',
  'http://',
])('%j is refused, with what would be taken', (given) => {
  expect(() => namedAddress(given)).toThrow(UsageError)
  expect(() => namedAddress(given)).toThrow(
    /expected (?:an http\(s\) address, )?(?:arxiv:cs\.CL|hf:search).* got "/,
  )
})

test.each([
  ['crossref:issn/12', 'crossref:issn/1234-5678'],
  ['openreview:ICLR', 'openreview:ICLR.cc/2027/Conference'],
  ['biorxiv:', 'biorxiv:neuroscience'],
  ['dblp:ICLR', 'dblp:venue/ICLR'],
  ['pubmed:sleep', 'pubmed:search?q=WORDS'],
])('%j is refused with what its service takes', (given, form) => {
  expect(() => namedAddress(given)).toThrow(`expected ${form}`)
})
