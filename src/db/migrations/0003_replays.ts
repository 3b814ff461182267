import { type Kysely, sql } from 'kysely'

/** How far the replay of each large dump has come, and which batches of records are stored. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`CREATE TABLE replays (
    file_key text PRIMARY KEY,
    name text NOT NULL,
    observed_at timestamptz NOT NULL,
    part integer NOT NULL,
    record bigint NOT NULL,
    entries bigint NOT NULL,
    new bigint NOT NULL,
    updated bigint NOT NULL,
    unchanged bigint NOT NULL,
    rejected bigint NOT NULL,
    rejects_bytes bigint NOT NULL,
    updated_at timestamptz NOT NULL,
    finished_at timestamptz
  )`)
    .execute(db)
  await sql
    .raw(`CREATE TABLE stored_portions (
    digest bytea PRIMARY KEY,
    stored_at timestamptz NOT NULL
  )`)
    .execute(db)
}
