import { sql } from 'kysely'
import type { Tx } from '../engine/connect.ts'

/** Moves the rows that belong to a paper to another paper when two are joined, and back when they are split. */

/**
 * Locks these papers until the transaction ends: nobody changes them or adds a row that refers to them. Locks in the
 * order of ids.
 */
export async function lockPaperRows(tx: Tx, ids: number[]): Promise<void> {
  await tx
    .selectFrom('papers')
    .select('id')
    .where('id', '=', sql<number>`ANY(${ids})`)
    .orderBy('id')
    .forUpdate()
    .execute()
}

/** Moves all sightings. A sighting that belonged to the paper without a merge records this merge. */
export async function moveSightings(tx: Tx, from: number, to: number, mergeId: number): Promise<void> {
  await sql`
    UPDATE sightings SET paper_id = ${to}, merge_id = coalesce(merge_id, ${mergeId})
    WHERE paper_id = ${from}`.execute(tx)
}

/** Moves back the sightings that came through a merge, and through the merges that had come with it. */
export async function returnSightings(
  tx: Tx,
  to: number,
  mergeId: number,
  mergesWithIt: number[],
): Promise<void> {
  await sql`
    UPDATE sightings SET paper_id = ${to}, merge_id = nullif(merge_id, ${mergeId})
    WHERE merge_id = ANY(${[mergeId, ...mergesWithIt]}::bigint[])`.execute(tx)
}

/**
 * Moves all keys that the other paper does not have. Blocking keys stay, because they lead to the other paper through
 * the merge.
 */
export async function moveKeys(tx: Tx, from: number, to: number): Promise<void> {
  await sql`
    UPDATE paper_keys SET paper_id = ${to}
    WHERE paper_id = ${from}
      AND NOT EXISTS (SELECT FROM paper_keys AS own WHERE own.key = paper_keys.key AND own.paper_id = ${to})`.execute(
    tx,
  )
}

/**
 * Moves back the keys of a paper and of the merges that go with it. Both papers may have a title; then it stays with
 * both.
 */
export async function returnKeys(
  tx: Tx,
  keys: string[],
  mergesWithIt: number[],
  from: number,
  to: number,
): Promise<void> {
  const returned = sql`key IN (
    SELECT unnest(${keys}::text[])
    UNION ALL SELECT unnest(keys) FROM paper_merges WHERE id = ANY(${mergesWithIt}::bigint[]) AND undone_at IS NULL)`
  await sql`
    INSERT INTO paper_keys (key, paper_id)
    SELECT key, ${to}::bigint FROM paper_keys WHERE paper_id = ${from} AND key LIKE 'title:%' AND ${returned}
    ON CONFLICT DO NOTHING`.execute(tx)
  await sql`
    UPDATE paper_keys SET paper_id = ${to}
    WHERE paper_id = ${from} AND key NOT LIKE 'title:%' AND ${returned}`.execute(tx)
}

/** Lists the keys of a paper. */
export async function listKeys(tx: Tx, paperId: number): Promise<string[]> {
  const rows = await tx
    .selectFrom('paper_keys')
    .select('key')
    .where('paper_id', '=', paperId)
    .orderBy('key')
    .execute()
  return rows.map(({ key }) => key)
}

/** Merges that were moved: by the paper that stayed, and by the paper that was split off. */
export interface MovedMerges {
  asPaper: number[]
  asSplit: number[]
}

/** Moves the merges and splits of a paper. `except`: the merge that does this. */
export async function moveMerges(tx: Tx, from: number, to: number, except: number): Promise<MovedMerges> {
  const asPaper = await sql<{ id: number }>`
    UPDATE paper_merges SET paper_id = ${to} WHERE paper_id = ${from} AND id <> ${except} RETURNING id`.execute(
    tx,
  )
  const asSplit = await sql<{ id: number }>`
    UPDATE paper_merges SET split_id = ${to} WHERE split_id = ${from} RETURNING id`.execute(tx)
  return { asPaper: asPaper.rows.map(({ id }) => id), asSplit: asSplit.rows.map(({ id }) => id) }
}

export async function returnMerges(tx: Tx, merges: MovedMerges, from: number, to: number): Promise<void> {
  await sql`
    UPDATE paper_merges SET paper_id = ${to}
    WHERE id = ANY(${merges.asPaper}::bigint[]) AND paper_id = ${from}`.execute(tx)
  await sql`
    UPDATE paper_merges SET split_id = ${to}
    WHERE id = ANY(${merges.asSplit}::bigint[]) AND split_id = ${from}`.execute(tx)
}

/** What is one with a hidden paper is hidden too. */
export async function carryHidden(tx: Tx, from: number, to: number): Promise<void> {
  await sql`
    UPDATE papers SET hidden_at = coalesce(papers.hidden_at, other.hidden_at)
    FROM papers AS other WHERE papers.id = ${to} AND other.id = ${from}`.execute(tx)
}

/** Deletes a paper with its remaining keys and sightings; no foreign key does it (migration 0008). */
export async function deletePaper(tx: Tx, id: number): Promise<void> {
  await tx.deleteFrom('paper_keys').where('paper_id', '=', id).execute()
  await tx.deleteFrom('sightings').where('paper_id', '=', id).execute()
  await tx.deleteFrom('papers').where('id', '=', id).execute()
}
