import { type Kysely, sql } from 'kysely'

/**
 * Keys are compared byte by byte, whatever the database's language. They are looked up, never sorted, and the rules
 * of a language take several times as long. Sightings from dumps have no page and need no entry in the index of
 * pages.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  'ALTER TABLE paper_keys ALTER COLUMN key TYPE text COLLATE "C"',
  'DROP INDEX sightings_page',
  'CREATE INDEX sightings_page ON sightings (page_id) WHERE page_id IS NOT NULL',
]
