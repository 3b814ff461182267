import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureSource } from '../../src/db/fetching/sources.ts'
import { openQueues, type Queues } from '../../src/workers/queues.ts'
import { syncSchedules } from '../../src/workers/schedules.ts'
import { openTestDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
let queues: Queues
beforeAll(async () => {
  database = await openTestDatabase()
  const { url, redisUrl, queuePrefix } = database
  queues = await openQueues({ redisUrl, databaseUrl: url, prefix: queuePrefix })
})
afterAll(async () => {
  await queues.close()
  await database.close()
})

const WIDEST = 20_000

test('sources that are added together do not tick together, and each begins soon', async () => {
  for (let n = 1; n <= 12; n += 1) {
    const every_minutes = n === 1 ? 5 : 6 * 60
    await ensureSource(database.db, {
      name: `source-${n}`,
      address: `https://example.org/${n}`,
      every_minutes,
    })
  }
  const now = new Date()
  await syncSchedules(queues, database.db, now)
  const queue = queues.byStep.get('fetchPage')!
  const timers = (await queue.getJobSchedulers()).map(({ key, next }) => ({
    key,
    wait: next! - now.getTime(),
  }))
  expect(timers).toHaveLength(12)
  const waits = timers.map(({ wait }) => wait)
  expect(new Set(waits.map((wait) => Math.floor(wait / 1000))).size).toBeGreaterThan(1)
  // What the synchronising itself took is part of the wait.
  const took = Date.now() - now.getTime()
  expect(Math.max(...waits)).toBeLessThanOrEqual(WIDEST + took)
  expect(timers.find(({ key }) => key === 'fetch-source-1')!.wait).toBeLessThanOrEqual(1_500 + took)
  await syncSchedules(queues, database.db, new Date())
  const again = await queue.getJobSchedulers()
  expect(again.map(({ next }) => next! - now.getTime()).sort()).toEqual([...waits].sort())
})

test('whether the corpus is to be trained is asked every ten minutes', async () => {
  await syncSchedules(queues, database.db, new Date())
  const timers = await queues.byStep.get('trainCorpusModel')!.getJobSchedulers()
  expect(timers.map(({ key, every }) => [key, Number(every)])).toEqual([['train-corpus', 600_000]])
})
