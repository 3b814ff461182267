import { type Kysely, sql } from 'kysely'

/**
 * Whoever holds a digest proves it at every write by the number of their claim, and claims end by the database's clock.
 * A digest may end as held (nobody knows whether it arrived) or suppressed. Sending may be paused.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  `ALTER TABLE digests
    DROP COLUMN claimed_at,
    ADD COLUMN claim integer NOT NULL DEFAULT 0,
    ADD COLUMN claimed_until timestamptz,
    ADD COLUMN doubts integer NOT NULL DEFAULT 0,
    ADD COLUMN late boolean NOT NULL DEFAULT false,
    DROP CONSTRAINT digests_status_check,
    ADD CONSTRAINT digests_status_check CHECK (status IN (
      'planned', 'composing', 'sending', 'sent', 'skipped', 'failed', 'suppressed', 'held'))`,
  `CREATE INDEX digests_held ON digests (id) WHERE status = 'held'`,
  // Counts of a day.
  `CREATE INDEX digests_local_date ON digests (local_date, status)`,
  `ALTER TABLE mail_events
    DROP CONSTRAINT mail_events_kind_check,
    ADD CONSTRAINT mail_events_kind_check CHECK (kind IN ('accepted', 'deferred', 'rejected', 'unknown', 'our fault'))`,
  `CREATE TABLE mail_pauses (
    id smallint PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    reason text NOT NULL,
    since timestamptz NOT NULL,
    until timestamptz NOT NULL,
    tries integer NOT NULL DEFAULT 1
  )`,
]
