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
  expect(() => namedAddress(given)).toThrow(/expected an http\(s\) address, arxiv:cs\.CL, .* got "/)
})
