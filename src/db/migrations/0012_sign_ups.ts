import { type Kysely, sql } from 'kysely'

/** For a known address, what was typed into the sign-up form is kept apart until the owner of the address confirms it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE sign_ups (
      subscriber_id bigint PRIMARY KEY REFERENCES subscribers ON DELETE CASCADE,
      wish jsonb NOT NULL,
      at timestamptz NOT NULL
    )`.execute(db)
}
