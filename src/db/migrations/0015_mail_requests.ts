import { type Kysely, sql } from 'kysely'

/**
 * What a visitor types into a form that asks for a mail is kept as it is and taken afterwards, so that the answer says
 * nothing of the address. What a mailbox may be sent in a day, and all of them in an hour, is counted here; both counts
 * outlive subscribers.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  `CREATE TABLE mail_requests (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    kind text NOT NULL CHECK (kind IN ('sign-up', 'preferences')),
    email text NOT NULL,
    wish jsonb NOT NULL,
    at timestamptz NOT NULL
  )`,
  `CREATE TABLE mail_allowances (
    mailbox_hash text PRIMARY KEY,
    mailed timestamptz[] NOT NULL,
    updated_at timestamptz NOT NULL
  )`,
  `CREATE TABLE sign_up_hours (
    hour timestamptz PRIMARY KEY,
    sign_ups integer NOT NULL
  )`,
]
