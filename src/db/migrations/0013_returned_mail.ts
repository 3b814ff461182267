import { type Kysely, sql } from 'kysely'

/**
 * What comes back of a mail (bounces, complaints, the provider's reports) stands beside the relay's answers, each report
 * once. A suppression says what caused it. A subscriber's entries in the audit are found by their subject.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  `ALTER TABLE mail_events
    ADD COLUMN source text NOT NULL DEFAULT 'relay',
    ADD COLUMN status text,
    ADD COLUMN report text,
    DROP CONSTRAINT mail_events_kind_check,
    ADD CONSTRAINT mail_events_kind_check CHECK (kind IN (
      'accepted', 'deferred', 'rejected', 'unknown', 'our fault',
      'delivered', 'delayed', 'bounced', 'complained', 'unsubscribed', 'suppressed', 'lifted'))`,
  `CREATE UNIQUE INDEX mail_events_report ON mail_events (report)`,
  `ALTER TABLE suppressions
    ADD COLUMN cause text NOT NULL DEFAULT 'bounce',
    ADD CONSTRAINT suppressions_cause_check CHECK (cause IN ('bounce', 'complaint', 'never', 'operator'))`,
  `CREATE INDEX audit_subject ON audit (subject, id)`,
]
