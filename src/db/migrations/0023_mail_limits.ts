import { type Kysely, sql } from 'kysely'

/**
 * What relays and recipient domains take is counted for all processes together, and a domain that wants to be left alone is
 * left alone by all of them. A digest that waits for its turn at a domain keeps that turn.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE mail_limits (
      name text PRIMARY KEY,
      next_at timestamptz NOT NULL DEFAULT '-infinity',
      counts integer[] NOT NULL DEFAULT '{}',
      counted_at bigint NOT NULL DEFAULT 0,
      granted integer NOT NULL DEFAULT 0,
      blocked_until timestamptz,
      reason text,
      tries integer NOT NULL DEFAULT 0
    )`.execute(db)
  await sql`ALTER TABLE digests ADD COLUMN turn_at timestamptz`.execute(db)
}
