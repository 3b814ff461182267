import { afterAll, beforeAll, expect, test } from 'vitest'
import { createFetcher, type Fetcher } from '../../src/sources/fetching/fetch.ts'
import { isForPrograms } from '../../src/sources/fetching/robots.ts'
import { parsePage } from '../../src/sources/formats/formats.ts'
import { nextPartAddress } from '../../src/sources/nextPart.ts'
import { decodePage } from '../../src/sources/reading/decode.ts'
import { namedAddress } from '../../src/sources/shorthand.ts'
import { openPageServer, type PageServer } from '../support/pageServer.ts'

/** Each short form of `sources add` is fetched from a server that answers in the format of its service. */

const TITLES = ['Lanterns that light themselves', 'How dark is the attic at noon', 'A third lantern']
const three = <T>(make: (title: string, number: number) => T): T[] =>
  TITLES.map((title, index) => make(title, index + 1))
const xml = (parts: string[]) => parts.join('\n')

const FEED = `<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel><title>Preprints</title></channel>${xml(
  three(
    (title, n) =>
      `<item rdf:about="https://example.org/${n}"><title>${title}</title><link>https://example.org/${n}</link></item>`,
  ),
)}</rdf:RDF>`
const ARXIV_FEED = `<?xml version="1.0"?><rss version="2.0"><channel><title>cs.CL updates on arXiv.org</title>${xml(
  three(
    (title, n) =>
      `<item><title>${title}</title><link>https://arxiv.org/abs/2603.0000${n}</link><description>arXiv:2603.0000${n}v1 Announce Type: new Abstract: We light.</description><guid>oai:arXiv.org:2603.0000${n}v1</guid></item>`,
  ),
)}</channel></rss>`
const PUBMED = `<?xml version="1.0"?><PubmedArticleSet>${xml(
  three(
    (title, n) =>
      `<PubmedArticle><MedlineCitation><PMID>${n}</PMID><Article><ArticleTitle>${title}.</ArticleTitle></Article></MedlineCitation></PubmedArticle>`,
  ),
)}</PubmedArticleSet>`

/** By the path of the service's address. */
const ANSWERS: Record<string, string> = {
  '/rss/cs.CL': ARXIV_FEED,
  '/works': JSON.stringify({
    meta: { count: 3 },
    results: three((display_name, n) => ({
      id: `https://openalex.org/W${n}`,
      display_name,
      publication_date: '2026-03-01',
      authorships: [],
    })),
  }),
  '/graph/v1/paper/search/bulk': JSON.stringify({
    total: 3,
    token: 'x',
    data: three((title, n) => ({ paperId: `${n}`, title, externalIds: { ArXiv: `2603.0000${n}` } })),
  }),
  '/journals/1234-5678/works': JSON.stringify({
    status: 'ok',
    message: {
      items: three((title, n) => ({
        DOI: `10.1234/lan.${n}`,
        title: [title],
        reference: [{ 'article-title': 'Another' }],
      })),
    },
  }),
  '/search/publ/api': JSON.stringify({
    result: {
      hits: {
        '@total': '3',
        hit: three((title, n) => ({
          '@id': `${n}`,
          info: { title: `${title}.`, year: '2026', ee: `https://doi.org/10.1234/lan.${n}` },
        })),
      },
    },
  }),
  '/biorxiv_xml.php': FEED,
  '/medrxiv_xml.php': FEED,
  '/notes': JSON.stringify({
    notes: three((title, n) => ({
      id: `n${n}`,
      forum: `n${n}`,
      cdate: 1_772_323_200_000,
      content: { title: { value: title }, authors: { value: ['Ada Example'] } },
    })),
    count: 3,
  }),
  '/entrez/eutils/esearch.fcgi':
    '<?xml version="1.0"?><eSearchResult><Count>3</Count><IdList><Id>1</Id><Id>2</Id><Id>3</Id></IdList></eSearchResult>',
  '/entrez/eutils/efetch.fcgi': PUBMED,
}

let server: PageServer
let fetcher: Fetcher
beforeAll(async () => {
  server = await openPageServer((request, response) => {
    const body = ANSWERS[new URL(request.url ?? '/', 'http://x.example').pathname]
    response.writeHead(body === undefined ? 404 : 200).end(body)
  })
  fetcher = createFetcher({ userAgent: 'Paperboy-test (+https://x.example)', allowPrivate: true })
})
afterAll(async () => {
  await fetcher.close()
  await server.close()
})

test.each([
  'arxiv:cs.CL',
  'openalex:search?q=lanterns',
  's2:search?q=lanterns',
  'crossref:issn/1234-5678',
  'dblp:venue/ICLR',
  'biorxiv:neuroscience',
  'medrxiv:epidemiology',
  'openreview:ICLR.cc/2027/Conference',
  'pubmed:search?q=lanterns',
])('%s lists three papers', async (form) => {
  const url = new URL(namedAddress(form).address)
  // These are interfaces for programs, to which robots.txt does not apply.
  expect(isForPrograms(url)).toBe(true)
  let address = `${server.url}${url.pathname}${url.search}`
  let listing = await read(address)
  if (listing.entries.length === 0 && listing.next !== undefined) {
    address = nextPartAddress(address, listing.next)!
    listing = await read(address)
  }
  expect(listing.entries.map(({ title }) => title.replace(/\.$/, ''))).toEqual(TITLES)
  expect(listing.rejects).toEqual([])
})

test.each([
  ['OpenAlex', '{"meta":{"count":0},"results":[]}'],
  ['Crossref', '{"status":"ok","message":{"total-results":0,"items":[]}}'],
  ['DBLP', '{"result":{"hits":{"@total":"0","@sent":"0"}}}'],
  ['OpenReview', '{"notes":[],"count":0}'],
  ['Semantic Scholar', '{"total":0,"token":null,"data":[]}'],
])('an answer of %s without papers is an empty list', (_, answer) => {
  expect(parsePage(answer, 'auto')).toMatchObject({ entries: [], rejects: [] })
})

async function read(address: string) {
  const answer = await fetcher.get(address)
  if (answer.kind === 'unchanged') throw new Error('expected a page')
  return parsePage(decodePage(answer.body, answer.contentType), 'auto')
}
