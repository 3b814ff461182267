import { type Kysely, sql } from 'kysely'

/**
 * Keys and sightings are inserted by the hundred thousand. PostgreSQL checks a foreign key row by row, which took as
 * long as storing them. Only one transaction at a time writes papers, their keys and sightings, all in
 * src/ingest/ingestListing.ts, splitPaper.ts and writeMerges.ts. Code that deletes a paper also deletes its keys and
 * sightings (src/db/papers/paperMoves.ts). A sighting keeps its foreign key to the source, because others may delete
 * a source meanwhile.
 * Papers of more than 2 kB, one in three, are stored uncompressed: compressing them took half of the time of storing
 * them and saved a sixth of the space.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw('ALTER TABLE paper_keys DROP CONSTRAINT paper_keys_paper_id_fkey').execute(db)
  await sql.raw('ALTER TABLE sightings DROP CONSTRAINT sightings_paper_id_fkey').execute(db)
  await sql.raw('ALTER TABLE papers SET (toast_tuple_target = 8160)').execute(db)
}
