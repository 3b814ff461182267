import type { Db } from '../engine/connect.ts'

const HOUR = 3_600_000
/** RFC 9309 §2.4: a day. A file that could not be fetched is tried again sooner. */
const KEPT = 24 * HOUR
const KEPT_WITH_PROBLEM = HOUR

/** Finds the robots.txt of an origin, unless it is too old. `body` is null if it could not be fetched. */
export async function findRobotsFile(
  db: Db,
  origin: string,
  now: Date,
): Promise<{ body: string | null; problem: string | null } | undefined> {
  const row = await db.selectFrom('robots_files').selectAll().where('origin', '=', origin).executeTakeFirst()
  if (row === undefined) return undefined
  const kept = row.body === null ? KEPT_WITH_PROBLEM : KEPT
  return now.getTime() - row.fetched_at.getTime() < kept ? row : undefined
}

/** Stores the robots.txt of an origin over the former one. */
export async function upsertRobotsFile(
  db: Db,
  origin: string,
  file: { body: string | null; problem: string | null },
  now: Date,
): Promise<void> {
  const { body, problem } = file
  const changes = { body, problem, fetched_at: now }
  await db
    .insertInto('robots_files')
    .values({ origin, ...changes })
    .onConflict((oc) => oc.column('origin').doUpdateSet(changes))
    .execute()
}
