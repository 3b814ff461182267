import { describe, expect, test } from 'vitest'
import { hfDayArchive } from '../../../../src/sources/formats/huggingface/dayArchive.ts'
import { cuts, describeShared, golden, listShared, readFixture, readShared } from '../../fixture.ts'

const archive = readFixture('hf-day-archive.json')

function parsed(changes: object, paper: object = {}) {
  const papers = [{ id: '2609.00001', title: 'T', ...paper }]
  return hfDayArchive.parse(JSON.stringify({ date: '2026-09-28', papers, ...changes }))
}

test('a weekend without papers is a valid, empty listing', () => {
  const listing = hfDayArchive.parse(
    '{"date":"2026-01-03","generated_at":"2026-05-28T15:13:04Z","paper_count":0,"papers":[]}',
  )
  expect(golden(listing)).toEqual({
    format: 'hf-day-archive',
    listedOn: '2026-01-03',
    observedAt: '2026-05-28T15:13:04.000Z',
    entries: [],
    rejects: [],
  })
})

describe('odd values', () => {
  test.each([
    ['a date that does not exist', { date: '2026-02-30' }, {}, { listedOn: undefined }],
    ['no time of the crawl', { generated_at: 'yesterday' }, {}, { observedAt: undefined }],
    ['an own day that differs', {}, { daily_date: '2026-09-27' }, { entry: { listedOn: '2026-09-27' } }],
    [
      'wrong types',
      {},
      { summary: 5, authors: 'A', upvotes: '3', thumbnail: [], institution: {} },
      { entry: { abstract: undefined, authors: undefined, upvotes: undefined } },
    ],
    ['a link that runs', {}, { github_repo: 'javascript:x' }, { entry: { codeUrl: undefined } }],
  ])('%s', (_name, changes, paper, expected) => {
    const { entry, ...rest } = expected as { entry?: object }
    const listing = parsed(changes, paper)
    expect(listing).toMatchObject(rest)
    expect(listing.entries[0]).toMatchObject(entry ?? {})
  })

  test.each([
    ['no title', { title: null }, 'expected a title, got null'],
    ['no arXiv id', { id: '../x' }, 'expected an arXiv id, got "../x"'],
  ])('%s is a reject', (_name, paper, reason) => {
    expect(parsed({}, paper)).toMatchObject({ entries: [], rejects: [{ where: 'papers[0]', reason }] })
  })
})

test('fewer papers than announced are refused, never read as fewer', () => {
  expect(() => parsed({ paper_count: 2 })).toThrow(
    'expected 2 papers in the day archive (its paper_count), got 1',
  )
})

test('cut anywhere it is refused as truncated', () => {
  for (const cut of cuts(archive.trimEnd()))
    expect(() => hfDayArchive.parse(cut)).toThrow(/got truncated JSON at /)
})

describeShared('real archives', () => {
  const folder = 'fixtures/hf_daily_archive/'

  test("every day's count is its paper_count, weekends have none, each paper is there once", () => {
    const seen: string[] = []
    for (const file of listShared(folder)) {
      const text = readShared(folder + file)
      const { date, paper_count } = JSON.parse(text)
      const listing = hfDayArchive.parse(text)
      const isWeekend = [0, 6].includes(new Date(`${date}T00:00:00Z`).getUTCDay())
      expect([file, listing.listedOn, listing.entries.length, listing.rejects.length]).toEqual([
        `${date}.json`,
        date,
        paper_count,
        0,
      ])
      expect([file, listing.entries.length === 0]).toEqual([file, isWeekend])
      seen.push(...listing.entries.map((entry) => entry.arxivId!))
    }
    expect([seen.length, new Set(seen).size]).toEqual([854, 854])
  })

  test('cut anywhere they are refused', () => {
    for (const file of listShared(folder)) {
      for (const cut of cuts(readShared(folder + file).trimEnd()))
        expect(() => hfDayArchive.parse(cut)).toThrow(/truncated JSON/)
    }
  })
})

test('JSON lines are left to their reader, whatever stands between them; a million empty lines end nothing', () => {
  const line = '{"date":"2026-09-28","papers":[]}'
  for (const between of ['\n', ' \r\n', '\n \t\n\n'])
    expect(hfDayArchive.detect(`${line}${between}${line}`)).toBe(false)
  expect(hfDayArchive.detect(`${line}${'\n'.repeat(1_000_000)}`)).toBe(true)
  expect(hfDayArchive.detect(`${line}${'\n'.repeat(1_000_000)}${line}`)).toBe(false)
})
