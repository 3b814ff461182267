import { describe, expect, test } from 'vitest'
import { RefusedError } from '../../../src/errors.ts'
import { isForPrograms, judgeRobots, robotsFile } from '../../../src/sources/fetching/robots.ts'

const AGENT = 'Paperboy/0.1.0 (+https://digest.example.org)'
const judge = (text: string, path = '/papers/date/2026-11-20') =>
  judgeRobots(robotsFile(text), new URL(path, 'https://papers.example.org'), AGENT)

describe('what robots may read', () => {
  test.each<[string, string]>([
    ['an empty file', ''],
    ['all allowed', 'User-agent: *\nAllow: /'],
    ['another path closed', 'User-agent: *\nDisallow: /admin'],
    ['another robot shut out', 'User-agent: Harvester\nDisallow: /'],
    ['we are let in where others are not', 'User-agent: *\nDisallow: /\n\nUser-agent: paperboy\nAllow: /'],
    ['a longer rule opens what a shorter closes', 'User-agent: *\nDisallow: /\nAllow: /papers/'],
    ['no robots.txt at all', '<!doctype html><html><body>Welcome</body></html>'],
  ])('%s: fetched', (_name, text) => {
    expect(judge(text)).toEqual({})
  })

  test.each<[string, string, number]>([
    ['all closed', 'User-agent: *\nDisallow: /', 2],
    ['the path closed', 'User-agent: *\n\nDisallow: /papers', 3],
    ['we alone are shut out', 'User-agent: *\nAllow: /\n\nUser-agent: Paperboy\nDisallow: /', 5],
    ['a pattern', 'User-agent: *\nDisallow: /*/date/', 2],
  ])('%s: not fetched, and said by which line', (_name, text, line) => {
    expect(() => judge(text)).toThrow(RefusedError)
    expect(() => judge(text)).toThrow(`line ${line} of https://papers.example.org/robots.txt`)
  })

  test('a crawl delay is told, half a minute at most', () => {
    expect(judge('User-agent: *\nCrawl-delay: 5')).toEqual({ crawlDelayMs: 5_000 })
    expect(judge('User-agent: *\nCrawl-delay: 86400')).toEqual({ crawlDelayMs: 30_000 })
  })

  test('a file that could not be had allows all, with a warning', () => {
    const file = { body: null, problem: 'status 500' }
    expect(judgeRobots(file, new URL('https://papers.example.org/x'), AGENT)).toEqual({
      warning: 'https://papers.example.org/robots.txt could not be read (status 500), fetched all the same',
    })
  })

  test('of a long file the first half megabyte counts, and no NUL reaches the database', () => {
    const { body } = robotsFile(`a\0b${'#'.repeat(1_000_000)}`)
    expect(body).toHaveLength(500 * 1024 - 1)
    expect(body).toMatch(/^ab#/)
  })
})

test.each<[string, boolean]>([
  ['https://export.arxiv.org/api/query?search_query=all:owl', true],
  ['https://oaipmh.arxiv.org/oai?verb=ListRecords', true],
  ['https://rss.arxiv.org/rss/cs.CL', true],
  ['https://rss.arxiv.org/', false],
  ['https://export.arxiv.org/api/queryx', false],
  ['https://export.arxiv.org/list/cs.CL/new', false],
  ['https://arxiv.org/api/query', false],
  ['https://huggingface.co/papers', false],
])('%s is an interface for programs: %s', (address, expected) => {
  expect(isForPrograms(new URL(address))).toBe(expected)
})
