import { type Kysely, sql } from 'kysely'

/** What the operator's list of checks reads: past fetches, workers that report, alerts that were told, and backups. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE past_fetches (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      source_id bigint NOT NULL REFERENCES sources ON DELETE CASCADE,
      at timestamptz NOT NULL,
      address text NOT NULL,
      outcome text NOT NULL,
      detail text,
      entries integer,
      page_id bigint REFERENCES pages ON DELETE SET NULL
    )`.execute(db)
  await sql`CREATE INDEX past_fetches_source ON past_fetches (source_id, id)`.execute(db)
  await sql`CREATE INDEX past_fetches_page ON past_fetches (page_id) WHERE page_id IS NOT NULL`.execute(db)
  await sql`ALTER TABLE sources ADD COLUMN failing_since timestamptz`.execute(db)
  await sql`UPDATE sources SET failing_since = outcome_at WHERE failures > 0`.execute(db)
  await sql`CREATE INDEX pages_news ON pages (source_id, observed_at) WHERE entries > 0`.execute(db)
  await sql`
    CREATE TABLE workers (
      id text PRIMARY KEY,
      host text NOT NULL,
      started_at timestamptz NOT NULL,
      seen_at timestamptz NOT NULL,
      stopped_at timestamptz
    )`.execute(db)
  await sql`
    CREATE TABLE alerts (
      key text PRIMARY KEY,
      severity text NOT NULL,
      title text NOT NULL,
      reason text NOT NULL,
      since timestamptz NOT NULL,
      cleared_at timestamptz,
      told_at timestamptz,
      clear_told_at timestamptz,
      claimed_until timestamptz,
      tries integer NOT NULL DEFAULT 0,
      set_aside_at timestamptz
    )`.execute(db)
  await sql`
    CREATE TABLE backups (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      at timestamptz NOT NULL,
      bytes bigint NOT NULL
    )`.execute(db)
}
