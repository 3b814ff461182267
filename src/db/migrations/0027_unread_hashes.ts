import { type Kysely, sql } from 'kysely'

/** Nothing reads the hash of a fetch: a page has it, and says whether its bytes are known. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE fetches DROP COLUMN content_hash`.execute(db)
}
