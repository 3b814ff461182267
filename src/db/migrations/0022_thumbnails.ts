import { type Kysely, sql } from 'kysely'

/** Small pictures of papers, fetched from where their source names them. Without a picture the row says why. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE thumbnails (
      paper_id bigint PRIMARY KEY REFERENCES papers (id) ON DELETE CASCADE,
      address text NOT NULL,
      fetched_at timestamptz NOT NULL,
      picture bytea,
      fault text
    )`.execute(db)
  await sql`CREATE INDEX thumbnails_fetched_at ON thumbnails (fetched_at)`.execute(db)
}
