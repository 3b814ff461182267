import { type Kysely, sql } from 'kysely'

/** What is typed into the sign-up form waits beside an address that is known, until its mailbox confirms it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE sign_ups (
      subscriber_id bigint PRIMARY KEY REFERENCES subscribers ON DELETE CASCADE,
      wish jsonb NOT NULL,
      at timestamptz NOT NULL
    )`.execute(db)
}
