import { sql } from 'kysely'
import type { Paper } from '../../domain.ts'
import type { Db } from '../engine/connect.ts'

/** The parts of a paper that the corpus model learns from. */
export type PoolPaper = Pick<Paper, 'id' | 'title' | 'abstract' | 'keywords'>

const HAS_TEXT = sql<boolean>`papers.abstract <> '' AND papers.hidden_at IS NULL`

/** Counts the papers with an abstract; stops counting at `limit`. */
export async function countPapersWithText(db: Db, limit: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    SELECT count(*) FROM (SELECT FROM papers WHERE ${HAS_TEXT} LIMIT ${limit}) AS found`.execute(db)
  return rows[0]!.count
}

/**
 * Lists the ids of the most recent papers with an abstract, the newest first. The day of publication counts, or if
 * unknown the time of the first sighting.
 */
export async function listPool(db: Db, limit: number): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    SELECT id FROM papers WHERE ${HAS_TEXT}
    ORDER BY coalesce(published_at, first_seen_at) DESC, id DESC LIMIT ${limit}`.execute(db)
  return rows.map(({ id }) => id)
}

/** Hashes the texts of these papers; equal texts give equal hashes. */
export async function digestPool(db: Db, ids: number[]): Promise<string> {
  const { rows } = await sql<{ digest: string }>`
    SELECT md5(coalesce(string_agg(md5(ROW(id, title, abstract, keywords)::text), '' ORDER BY id), '')) AS digest
    FROM papers WHERE id = ANY(${ids})`.execute(db)
  return rows[0]!.digest
}

/** Reads the texts of these papers in the order of ids. Papers deleted meanwhile are missing. */
export function listPoolPapers(db: Db, ids: number[]): Promise<PoolPaper[]> {
  return db
    .selectFrom('papers')
    .select(['id', 'title', 'abstract', 'keywords'])
    .where('id', '=', sql<number>`ANY(${ids})`)
    .orderBy('id')
    .execute()
}
