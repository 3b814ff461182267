import { type Kysely, sql } from 'kysely'

/** Two more kinds of secret tokens: a browser that stays signed in, and the address of a subscriber's own feed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    ALTER TABLE tokens DROP CONSTRAINT tokens_purpose_check,
      ADD CONSTRAINT tokens_purpose_check
        CHECK (purpose IN ('confirm', 'manage', 'unsubscribe', 'view', 'session', 'feed'))`.execute(db)
}
