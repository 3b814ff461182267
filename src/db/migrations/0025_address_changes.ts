import { type Kysely, sql } from 'kysely'

/** A subscriber's new address waits here until both mailboxes have confirmed it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE address_changes (
      subscriber_id bigint PRIMARY KEY REFERENCES subscribers ON DELETE CASCADE,
      email text NOT NULL,
      asked_at timestamptz NOT NULL,
      old_sent_at timestamptz,
      new_sent_at timestamptz,
      old_confirmed_at timestamptz,
      new_confirmed_at timestamptz
    )`.execute(db)
  await sql`
    ALTER TABLE tokens DROP CONSTRAINT tokens_purpose_check,
      ADD CONSTRAINT tokens_purpose_check CHECK (purpose IN
        ('confirm', 'manage', 'unsubscribe', 'view', 'session', 'feed', 'old address', 'new address'))`.execute(
    db,
  )
}
