import { sql } from 'kysely'
import type { Db } from './engine/connect.ts'

/** Counts of everything, for the admin page and for metrics. */
export interface Counts {
  papers: number
  sightings: number
  pages: number
  /** By status. A status without subscribers is absent. */
  subscribers: Record<string, number>
  digests: Record<string, number>
  suppressions: number
}

/** Counts everything in one query. */
export async function readCounts(db: Db): Promise<Counts> {
  const { rows } = await sql<Counts>`
    SELECT (SELECT count(*) FROM papers) AS papers,
      (SELECT count(*) FROM sightings) AS sightings,
      (SELECT count(*) FROM pages) AS pages,
      (SELECT count(*) FROM suppressions) AS suppressions,
      (SELECT coalesce(jsonb_object_agg(status, n), '{}')
        FROM (SELECT status, count(*) AS n FROM subscribers GROUP BY status) AS by_status) AS subscribers,
      (SELECT coalesce(jsonb_object_agg(status, n), '{}')
        FROM (SELECT status, count(*) AS n FROM digests GROUP BY status) AS by_status) AS digests`.execute(db)
  return rows[0]!
}

/** Checks that the database answers. Throws the database's error if it does not. */
export async function pingDatabase(db: Db): Promise<void> {
  await sql`SELECT 1`.execute(db)
}
