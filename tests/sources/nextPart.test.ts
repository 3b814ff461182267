import { expect, test } from 'vitest'
import { nextPartAddress } from '../../src/sources/nextPart.ts'

const OAI = 'https://oaipmh.arxiv.org/oai?verb=ListRecords&metadataPrefix=arXiv&set=cs:cs:CL&from=2026-11-20'
const API = 'https://papers.example.org/feed?p=0'

test.each<[string, string, string, string | undefined]>([
  [
    'a token',
    OAI,
    '6460044|1001',
    'https://oaipmh.arxiv.org/oai?verb=ListRecords&resumptionToken=6460044%7C1001',
  ],
  [
    'a token that is no address',
    OAI,
    'a b&c=d/..',
    'https://oaipmh.arxiv.org/oai?verb=ListRecords&resumptionToken=a%20b%26c%3Dd%2F..',
  ],
  ['a whole address', API, 'https://papers.example.org/feed?p=1', 'https://papers.example.org/feed?p=1'],
  ['a path', API, '/feed?p=1', 'https://papers.example.org/feed?p=1'],
  ['a query', API, '?p=1', 'https://papers.example.org/feed?p=1'],
  ['another host', API, 'https://elsewhere.example/feed?p=1', undefined],
  ['another protocol', API, 'http://papers.example.org/feed?p=1', undefined],
  ['no address for fetching', API, 'javascript:alert(1)', undefined],
  ['no address at all', API, 'http://', undefined],
  ['itself', API, '?p=0', undefined],
])('%s', (_name, address, next, expected) => {
  expect(nextPartAddress(address, next)).toBe(expected)
})
