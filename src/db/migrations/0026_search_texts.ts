import { type Kysely, sql } from 'kysely'

/** The words of each paper as full-text search looks for them: src/ranking/propose/searchWords.ts says which. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE search_texts (
      paper_id bigint PRIMARY KEY REFERENCES papers (id) ON DELETE CASCADE,
      words tsvector NOT NULL,
      indexed_at timestamptz NOT NULL
    )`.execute(db)
  await sql`CREATE INDEX search_texts_words ON search_texts USING gin (words)`.execute(db)
}
