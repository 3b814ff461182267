import type { Db } from '../engine/connect.ts'

const HOUR = 3_600_000
/** RFC 9309 §2.4: a day. One that could not be had is asked for again sooner. */
const KEPT = 24 * HOUR
const KEPT_WITH_PROBLEM = HOUR

/** The robots.txt of an origin, unless it is too old to be used: `body` is null where it could not be had. */
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

/** Keeps the robots.txt of an origin over the one before it. */
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
