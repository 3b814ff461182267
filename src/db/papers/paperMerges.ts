import { sql } from 'kysely'
import type { Db, Tx } from '../engine/connect.ts'

/** Entries and papers that were merged into another paper, why, and which of them an admin has split. */

/** A merge that was not undone, with the keys that came to the paper through it. */
export interface StandingMerge {
  id: number
  paperId: number
  keys: string[]
  /** What was merged, as stored JSON, if ids decided. */
  apart: Record<string, unknown> | null
}

/**
 * Finds the merges that brought one of the keys to one of these papers and were not undone, and the pairs that a split keeps
 * apart. A paper may have thousands of merges; few of them bear on the keys.
 */
export async function findMergesOf(
  db: Db | Tx,
  paperIds: number[],
  keys: string[],
): Promise<{ merges: StandingMerge[]; apart: { one: number; other: number }[] }> {
  if (paperIds.length === 0) return { merges: [], apart: [] }
  // As in paperKeys.ts, the query forces one index search for each paper.
  const { rows } = await sql<StandingMerge & { splitId: number | null; undone: boolean }>`
    SELECT found.id, found.paper_id AS "paperId", found.keys, found.split_id AS "splitId",
      CASE WHEN found.score IS NULL THEN found.undo->'apart' END AS apart, found.undone_at IS NOT NULL AS undone
    FROM unnest(${paperIds}::bigint[]) AS asked (id), LATERAL (
      SELECT * FROM paper_merges WHERE paper_id = asked.id AND (split_id IS NOT NULL
        OR EXISTS (SELECT FROM unnest(paper_merges.keys) AS held (key) WHERE key = ANY(${keys}::text[])))
      UNION ALL
      SELECT * FROM paper_merges WHERE split_id = asked.id
      OFFSET 0) AS found
    ORDER BY found.id`.execute(db)
  return {
    merges: rows
      .filter(({ undone }) => !undone)
      .map(({ id, paperId, keys, apart }) => ({ id, paperId, keys, apart })),
    apart: rows.flatMap(({ paperId, splitId }) =>
      splitId === null ? [] : [{ one: paperId, other: splitId }],
    ),
  }
}

/** For each paper that is gone, the paper that it was joined to. */
export async function findJoinedTo(db: Db | Tx, goneIds: number[]): Promise<Map<number, number>> {
  if (goneIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('paper_merges')
    .select(['joined_id', 'paper_id'])
    .where('joined_id', '=', sql<number>`ANY(${goneIds})`)
    .where('undone_at', 'is', null)
    .execute()
  return new Map(rows.map((row) => [row.joined_id!, row.paper_id]))
}

/** The data to undo a merge; see src/ingest/splitPaper.ts. */
export type Undo = Record<string, unknown>

export interface NewMerge {
  id: number
  paperId: number
  joinedId: number | null
  why: string
  /** Log-odds; null if ids decided. */
  score: number | null
  keys: string[]
  undo: Undo
}

/** Reserves ids for merges about to be inserted, in order. */
export async function reserveMergeIds(tx: Tx, count: number): Promise<number[]> {
  if (count === 0) return []
  const { rows } = await sql<{ id: number }>`
    SELECT nextval(pg_get_serial_sequence('paper_merges', 'id')) AS id FROM generate_series(1, ${count})`.execute(
    tx,
  )
  return rows.map((row) => row.id)
}

/** Inserts merges under reserved ids. */
export async function insertMerges(tx: Tx, merges: NewMerge[], now: Date): Promise<void> {
  if (merges.length === 0) return
  await sql`
    INSERT INTO paper_merges (id, paper_id, joined_id, why, score, keys, undo, at) OVERRIDING SYSTEM VALUE
    SELECT id, "paperId", "joinedId", why, score, keys, undo, ${now}
    FROM jsonb_to_recordset(${JSON.stringify(merges)}::jsonb) AS merge (
      id bigint, "paperId" bigint, "joinedId" bigint, why text, score double precision, keys text[], undo jsonb)`.execute(
    tx,
  )
}

/** Completes a merge when the keys and values that came with it are known. */
export async function setUndo(tx: Tx, id: number, keys: string[], undo: Undo): Promise<void> {
  await tx
    .updateTable('paper_merges')
    .set({ keys, undo: JSON.stringify(undo) })
    .where('id', '=', id)
    .execute()
}

/** A merge as stored. */
export interface MergeRow {
  id: number
  paperId: number
  joinedId: number | null
  why: string
  keys: string[]
  undo: Undo
  at: Date
}

const MERGE_COLUMNS = [
  'id',
  'paper_id as paperId',
  'joined_id as joinedId',
  'why',
  'keys',
  'undo',
  'at',
] as const

/** Lists the merges of a paper that were not undone, the oldest first. */
export function listMerges(db: Db | Tx, paperId: number): Promise<MergeRow[]> {
  return db
    .selectFrom('paper_merges')
    .select(MERGE_COLUMNS)
    .where('paper_id', '=', paperId)
    .where('undone_at', 'is', null)
    .orderBy('id')
    .execute()
}

/** Reads and locks a merge that was not undone; undefined if there is none. */
export function lockMerge(tx: Tx, id: number): Promise<MergeRow | undefined> {
  return tx
    .selectFrom('paper_merges')
    .select(MERGE_COLUMNS)
    .where('id', '=', id)
    .where('undone_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()
}

/** Marks a merge as split. The two papers are never merged again. */
export async function markSplit(tx: Tx, id: number, splitId: number, now: Date): Promise<void> {
  await tx
    .updateTable('paper_merges')
    .set({ undone_at: now, split_id: splitId })
    .where('id', '=', id)
    .execute()
}

/** Forgets that two papers were split: from now on they may be merged again. */
export async function forgetSplits(tx: Tx, one: number, other: number): Promise<void> {
  await sql`
    UPDATE paper_merges SET split_id = NULL
    WHERE (paper_id = ${one} AND split_id = ${other}) OR (paper_id = ${other} AND split_id = ${one})`.execute(
    tx,
  )
}

/** Lists the papers that were split from this paper, and those that this paper was split from. */
export async function listPartedFrom(db: Db, paperId: number): Promise<{ id: number; title: string }[]> {
  const { rows } = await sql<{ id: number; title: string }>`
    SELECT DISTINCT papers.id, papers.title FROM paper_merges
      JOIN papers ON papers.id = CASE WHEN paper_id = ${paperId} THEN split_id ELSE paper_id END
    WHERE (paper_id = ${paperId} OR split_id = ${paperId}) AND undone_at IS NOT NULL
    ORDER BY papers.id`.execute(db)
  return rows
}
