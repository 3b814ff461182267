import { type Kysely, sql } from 'kysely'

/** Sessions of the desk: listed, and ended by logging out. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE admin_sessions (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      hash text NOT NULL UNIQUE,
      role text NOT NULL,
      opened_at timestamptz NOT NULL,
      seen_at timestamptz NOT NULL,
      expires_at timestamptz NOT NULL,
      address text NOT NULL,
      agent text NOT NULL
    )`.execute(db)
}
