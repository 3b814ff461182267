import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabaseClock } from '../../../src/db/engine/databaseClock.ts'
import { openTestDatabase, type TestDatabase } from '../../support/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const databaseNow = async () =>
  (await sql<{ now: Date }>`SELECT clock_timestamp() AS now`.execute(database.db)).rows[0]!.now

test.each([-2, 0, 2])('a machine whose clock is %d hours off shows the database’s time', async (hours) => {
  // The machine's clock stands still, so that only the comparison moves what is shown.
  const machine = Date.now() + hours * 3_600_000
  const before = await databaseNow()
  const clock = await openDatabaseClock(database.db, () => machine)
  const after = await databaseNow()
  clock.stop()
  expect(clock.now().getTime()).toBeGreaterThanOrEqual(before.getTime() - 1)
  expect(clock.now().getTime()).toBeLessThanOrEqual(after.getTime() + 1)
})
