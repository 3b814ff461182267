import { type Kysely, sql } from 'kysely'

/** A pause may end by itself. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE subscribers ADD COLUMN paused_until timestamptz`.execute(db)
  await sql`CREATE INDEX subscribers_paused_until ON subscribers (paused_until) WHERE paused_until IS NOT NULL`.execute(
    db,
  )
}
