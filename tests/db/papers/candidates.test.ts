import { afterAll, beforeAll, expect, test } from 'vitest'
import { listCandidates } from '../../../src/db/papers/papers.ts'
import { store } from '../../support/listings.ts'
import { openTestTools, type TestTools } from '../../support/tools.ts'

let test_: TestTools
beforeAll(async () => {
  test_ = await openTestTools()
  await see('Seen once', '2026-11-20', [['2026-11-20T08:00Z', 41]])
  await see('Rising within hours', '2026-11-20', [
    ['2026-11-20T02:00Z', 3],
    ['2026-11-20T08:00Z', 44],
  ])
  await see('Rising for days', '2026-11-18', [
    ['2026-11-18T06:00Z', 100],
    ['2026-11-19T05:00Z', 110],
    ['2026-11-19T18:00Z', 125],
    ['2026-11-20T17:00Z', 160],
  ])
  await see('Risen and done', '2026-11-15', [
    ['2026-11-15T06:00Z', 0],
    ['2026-11-16T06:00Z', 500],
  ])
  await see('Risen while nobody looked', '2026-11-16', [
    ['2026-11-16T12:00Z', 0],
    ['2026-11-20T12:00Z', 40],
  ])
  await see('Losing', '2026-11-20', [
    ['2026-11-20T02:00Z', 9],
    ['2026-11-20T08:00Z', 7],
  ])
  await see('Without upvotes', '2026-11-20', [
    ['2026-11-20T02:00Z', undefined],
    ['2026-11-20T08:00Z', undefined],
  ])
  await see('Seen at two sources', '2026-11-20', [['2026-11-20T02:00Z', 2]])
  await see('Seen at two sources', '2026-11-20', [['2026-11-20T08:00Z', 90]], 'hf-daily-api')
})
afterAll(() => test_.close())

async function see(title: string, day: string, seen: [string, number | undefined][], format = 'hf-page') {
  for (const [at, upvotes] of seen) {
    const entries = [{ title, authors: [`Author of ${title}`], upvotes }]
    await store(test_.tools, day, entries, { format, observedAt: new Date(at) })
  }
}

async function speeds(from: string, to: string): Promise<Record<string, number | null>> {
  const papers = await listCandidates(test_.tools.db, from, to)
  return Object.fromEntries(papers.map(({ title, upvotesPerDay }) => [title, upvotesPerDay]))
}

test('candidates come with the upvotes that each got in a day', async () => {
  expect(await speeds('2026-11-14', '2026-11-20')).toEqual({
    'Seen once': null,
    'Rising within hours': 41,
    // From 19 November 05:00, 110 upvotes, to 20 November 17:00, 160: 36 hours.
    'Rising for days': expect.closeTo(50 / 1.5),
    'Risen and done': null,
    'Risen while nobody looked': 10,
    Losing: -2,
    'Without upvotes': null,
    'Seen at two sources': null,
  })
})

test('a digest of a past day does not know what came later', async () => {
  expect(await speeds('2026-11-13', '2026-11-19')).toEqual({
    // From 18 November 06:00, 100 upvotes, to 19 November 18:00, 125.
    'Rising for days': expect.closeTo(25 / 1.5),
    'Risen and done': null,
    'Risen while nobody looked': null,
  })
  expect(await speeds('2026-11-10', '2026-11-16')).toMatchObject({ 'Risen and done': 500 })
})
