import { type Kysely, sql } from 'kysely'

/** The time of a digest's next try stands in its row, so that digests are sent in batches and each waits by itself. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw('ALTER TABLE digests ADD COLUMN retry_at timestamptz').execute(db)
}
