import { afterAll, beforeAll, expect, test } from 'vitest'
import { prepareTuning, tuneNow } from '../../src/digests/tuneTopic.ts'
import { corpusOf } from '../support/corpusModel.ts'
import { papersOn, store } from '../support/listings.ts'
import { openTestTools, type TestTools } from '../support/tools.ts'

let test_: TestTools
beforeAll(async () => {
  test_ = await openTestTools()
})
afterAll(() => test_.close())

const MORNING = Date.parse('2026-11-20T08:00:00Z')
const at = (minutes: number) => new Date(MORNING + minutes * 60_000)

/** How many papers on glaciers the last day has, as a query counts them. */
async function counted(minutes: number): Promise<number | undefined> {
  const tuned = await tuneNow(test_.tools.db, at(minutes), { query: 'title:glaciers' })
  return tuned.readable ? tuned.perDay.at(-1)!.papers : undefined
}

test('an index made before the first list is no reason to count nothing: few papers are counted as they are now', async () => {
  const { db } = test_.tools
  await prepareTuning(db, at(0))
  await store(test_.tools, '2026-11-20', papersOn('glaciers', 3))
  expect(await counted(1)).toBe(3)
  await store(test_.tools, '2026-11-20', papersOn('glaciers', 5))
  expect(await counted(2)).toBe(5)
  await prepareTuning(db, at(24 * 60))
  expect(await counted(24 * 60)).toBe(0)
})

test('a thousand papers and more are counted as they were up to ten minutes ago, then as they are', async () => {
  const { db } = test_.tools
  const noon = 4 * 60
  const clavichords = async (minutes: number) => {
    const tuned = await tuneNow(db, at(minutes), { query: 'title:clavichords' })
    return tuned.readable ? tuned.perDay.at(-1)!.papers : undefined
  }
  await store(test_.tools, '2026-11-20', corpusOf(1_000, 1))
  await store(test_.tools, '2026-11-20', papersOn('clavichords', 4, 1_001))
  expect(await clavichords(noon)).toBe(4)
  await store(test_.tools, '2026-11-20', papersOn('clavichords', 3, 3_001))
  expect([await clavichords(noon + 1), await clavichords(noon + 9)]).toEqual([4, 4])
  expect(await clavichords(noon + 10)).toBe(7)
  await store(test_.tools, '2026-11-20', papersOn('clavichords', 2, 4_001))
  await prepareTuning(db, at(noon + 14))
  expect(await clavichords(noon + 14)).toBe(7)
  await prepareTuning(db, at(noon + 15))
  expect(await clavichords(noon + 15)).toBe(9)
})
