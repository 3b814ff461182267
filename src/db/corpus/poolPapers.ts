import { sql } from 'kysely'
import type { Paper } from '../../domain.ts'
import type { Db } from '../engine/connect.ts'

/** What is learned from of a paper: its words. */
export type PoolPaper = Pick<Paper, 'id' | 'title' | 'abstract' | 'keywords'>

const HAS_TEXT = sql<boolean>`papers.abstract <> ''`

/** How many papers have an abstract; counting ends at `limit`. */
export async function countPapersWithText(db: Db, limit: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    SELECT count(*) FROM (SELECT FROM papers WHERE ${HAS_TEXT} LIMIT ${limit}) AS found`.execute(db)
  return rows[0]!.count
}

/** The papers with an abstract that were published last (where that is unknown: first seen), the newest first. */
export async function listPool(db: Db, limit: number): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    SELECT id FROM papers WHERE ${HAS_TEXT}
    ORDER BY coalesce(published_at, first_seen_at) DESC, id DESC LIMIT ${limit}`.execute(db)
  return rows.map(({ id }) => id)
}

/** A hash of the texts of these papers: the same texts give the same. */
export async function digestPool(db: Db, ids: number[]): Promise<string> {
  const { rows } = await sql<{ digest: string }>`
    SELECT md5(coalesce(string_agg(md5(ROW(id, title, abstract, keywords)::text), '' ORDER BY id), '')) AS digest
    FROM papers WHERE id = ANY(${ids})`.execute(db)
  return rows[0]!.digest
}

/** The texts of these papers, in the order of ids; those gone meanwhile are missing. */
export function listPoolPapers(db: Db, ids: number[]): Promise<PoolPaper[]> {
  return db
    .selectFrom('papers')
    .select(['id', 'title', 'abstract', 'keywords'])
    .where('id', '=', sql<number>`ANY(${ids})`)
    .orderBy('id')
    .execute()
}
