import { expect, test } from 'vitest'
import { paceOf } from '../../../src/sources/fetching/pace.ts'

test.each<[string, string, number]>([
  ['https://export.arxiv.org/api/query?search_query=cat:cs.CL', 'arxiv.org', 3_000],
  ['https://oaipmh.arxiv.org/oai?verb=ListRecords', 'arxiv.org', 3_000],
  ['https://rss.arxiv.org/rss/cs.CL', 'arxiv.org', 3_000],
  ['http://ARXIV.org/list/cs.CL/new', 'arxiv.org', 3_000],
  ['https://huggingface.co/papers/date/2026-11-20', 'huggingface.co', 3_100],
  ['https://huggingface.co/apiary', 'huggingface.co', 3_100],
  ['https://huggingface.co/api/daily_papers?date=2026-11-20', 'huggingface.co/api', 650],
  ['https://papers.example.org/feed.xml', 'papers.example.org', 1_000],
  ['https://papers.example.org:8443/feed.xml', 'papers.example.org:8443', 1_000],
  ['https://notarxiv.org/', 'notarxiv.org', 1_000],
  ['http://127.0.0.1:4000/papers', '127.0.0.1:4000', 0],
  ['http://localhost:4000/papers', 'localhost:4000', 0],
  ['http://[::1]:4000/papers', '[::1]:4000', 0],
  ['http://localhost.example.org/', 'localhost.example.org', 1_000],
  ['http://127.0.0.1.example.org/', '127.0.0.1.example.org', 1_000],
])('%s is asked as %s, every %d ms', (address, name, gapMs) => {
  expect(paceOf(new URL(address))).toEqual({ name, gapMs })
})

test('Hugging Face is asked for fewer than 100 pages and 500 answers of its API in five minutes', () => {
  const inFiveMinutes = (address: string) => 300_000 / paceOf(new URL(address)).gapMs
  expect(inFiveMinutes('https://huggingface.co/papers')).toBeLessThan(100)
  expect(inFiveMinutes('https://huggingface.co/api/daily_papers')).toBeLessThan(500)
})
