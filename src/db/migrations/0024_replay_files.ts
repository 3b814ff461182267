import { type Kysely, sql } from 'kysely'

/** Files that the desk was given to replay. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE replay_files (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      name text NOT NULL,
      path text NOT NULL,
      rejects_folder text NOT NULL,
      is_upload boolean NOT NULL,
      bytes bigint NOT NULL,
      listed_on date,
      columns text,
      status text NOT NULL DEFAULT 'waiting'
        CHECK (status IN ('waiting', 'running', 'stopping', 'cancelled', 'done', 'failed')),
      read_bytes bigint NOT NULL DEFAULT 0,
      entries bigint NOT NULL DEFAULT 0,
      "new" bigint NOT NULL DEFAULT 0,
      updated bigint NOT NULL DEFAULT 0,
      unchanged bigint NOT NULL DEFAULT 0,
      rejected bigint NOT NULL DEFAULT 0,
      rejects_path text,
      remarks text[] NOT NULL DEFAULT '{}',
      added_at timestamptz NOT NULL,
      started_at timestamptz,
      finished_at timestamptz,
      claim text,
      claimed_until timestamptz
    )`.execute(db)
}
