import { type Kysely, sql } from 'kysely'

/**
 * Keys and sightings come by the hundred thousand, and a foreign key looks for its row one by one: that took PostgreSQL
 * as long as storing them. Only one transaction at a time writes papers, their keys and sightings, all in
 * src/ingest/ingestListing.ts, splitPaper.ts and writeMerges.ts; who deletes a paper deletes what hangs on it (src/db/papers/paperMoves.ts).
 * A sighting stays bound to its source, which others may delete meanwhile. Papers of more than 2 kB, one in three, are kept
 * as they are: compressing them took half of the time of storing them, for a sixth of the space.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw('ALTER TABLE paper_keys DROP CONSTRAINT paper_keys_paper_id_fkey').execute(db)
  await sql.raw('ALTER TABLE sightings DROP CONSTRAINT sightings_paper_id_fkey').execute(db)
  await sql.raw('ALTER TABLE papers SET (toast_tuple_target = 8160)').execute(db)
}
