import { type Kysely, sql } from 'kysely'

/** The words of each title as they stand there, for the desk's search: docs/experiments/desk-paper-search.md has the numbers. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE search_texts ADD COLUMN title_words tsvector NOT NULL DEFAULT ''`.execute(db)
  await sql`
    UPDATE search_texts SET title_words = to_tsvector('simple', title) FROM papers WHERE papers.id = paper_id`.execute(
    db,
  )
  await sql`CREATE INDEX search_texts_title_words ON search_texts USING gin (title_words)`.execute(db)
}
