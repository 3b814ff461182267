import { type Kysely, sql } from 'kysely'

/** The second factor of the desk's login (RFC 6238), if one was set up. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE second_factors (
      role text PRIMARY KEY,
      sealed_secret bytea NOT NULL,
      made_at timestamptz NOT NULL,
      confirmed_at timestamptz,
      last_step bigint NOT NULL DEFAULT 0,
      recovery_hashes text[] NOT NULL DEFAULT '{}'
    )`.execute(db)
}
