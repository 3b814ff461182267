import { type Kysely, sql } from 'kysely'

/** The first digest after a pause makes up for the whole pause, and says so. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE subscribers ADD COLUMN catch_up_from date`.execute(db)
  await sql`ALTER TABLE digests ADD COLUMN catch_up_from date`.execute(db)
  // For pauses under way the last change of the row is the best that is known.
  await sql`UPDATE subscribers SET catch_up_from = (updated_at AT TIME ZONE 'UTC')::date WHERE status = 'paused'`.execute(
    db,
  )
}
