import { sql } from 'kysely'
import type { Db } from './connect.ts'

const COMPARE_EVERY = 30 * 1000

/** A clock that shows the database's time, so that all processes agree on what is due, whatever their own clocks show. */
export interface DatabaseClock {
  now(): Date
  stop(): void
}

/**
 * Compares this machine's clock with the database's, now and every half minute, and goes by the difference. If the database
 * does not answer, the last difference counts. `machine`: this machine's clock, in milliseconds since 1970.
 */
export async function openDatabaseClock(db: Db, machine: () => number = Date.now): Promise<DatabaseClock> {
  let ahead = await millisecondsAhead(db, machine)
  const timer = setInterval(() => {
    millisecondsAhead(db, machine).then(
      (newer) => {
        ahead = newer
      },
      () => {},
    )
  }, COMPARE_EVERY)
  timer.unref()
  return { now: () => new Date(machine() + ahead), stop: () => clearInterval(timer) }
}

/** By how many milliseconds the database's clock is ahead of this machine's; half of the way there and back is taken off. */
async function millisecondsAhead(db: Db, machine: () => number): Promise<number> {
  const asked = machine()
  const { rows } = await sql<{ now: Date }>`SELECT clock_timestamp() AS now`.execute(db)
  const answered = machine()
  return Math.round(rows[0]!.now.getTime() - (asked + answered) / 2)
}
