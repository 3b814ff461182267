import { sql } from 'kysely'
import type { Tx } from '../engine/connect.ts'

/** What hangs on a paper, handed to another one when two are joined, and back when they are parted. */

/** Nobody refers anew to these papers, nor changes them, before the transaction ends. Locked in the order of ids. */
export async function lockPaperRows(tx: Tx, ids: number[]): Promise<void> {
  await tx
    .selectFrom('papers')
    .select('id')
    .where('id', '=', sql<number>`ANY(${ids})`)
    .orderBy('id')
    .forUpdate()
    .execute()
}

/** Hands all sightings over; those that came to the paper without a merge remember this one. */
export async function moveSightings(tx: Tx, from: number, to: number, mergeId: number): Promise<void> {
  await sql`
    UPDATE sightings SET paper_id = ${to}, merge_id = coalesce(merge_id, ${mergeId})
    WHERE paper_id = ${from}`.execute(tx)
}

/** Hands back what came through a merge, and through those that had come with it. */
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

/** Hands all keys over that the other paper does not hold itself. Near keys stay: they lead on through the merge. */
export async function moveKeys(tx: Tx, from: number, to: number): Promise<void> {
  await sql`
    UPDATE paper_keys SET paper_id = ${to}
    WHERE paper_id = ${from}
      AND NOT EXISTS (SELECT FROM paper_keys AS own WHERE own.key = paper_keys.key AND own.paper_id = ${to})`.execute(
    tx,
  )
}

/** Gives keys of a paper back, and those of the merges that go with it; titles may be common to both and stay with both. */
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

/** The keys of a paper. */
export async function listKeys(tx: Tx, paperId: number): Promise<string[]> {
  const rows = await tx
    .selectFrom('paper_keys')
    .select('key')
    .where('paper_id', '=', paperId)
    .orderBy('key')
    .execute()
  return rows.map(({ key }) => key)
}

/** Merges that were handed over: as the one that stayed, and as the one that was parted from another. */
export interface MovedMerges {
  asPaper: number[]
  asSplit: number[]
}

/** Hands over what had been merged into a paper, or parted from it. `except`: the merge that does this. */
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

/** Deletes a paper with the keys and sightings that nobody took over: no foreign key does it (migration 0008). */
export async function deletePaper(tx: Tx, id: number): Promise<void> {
  await tx.deleteFrom('paper_keys').where('paper_id', '=', id).execute()
  await tx.deleteFrom('sightings').where('paper_id', '=', id).execute()
  await tx.deleteFrom('papers').where('id', '=', id).execute()
}
