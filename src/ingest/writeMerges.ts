import type { Tx } from '../db/engine/connect.ts'
import { type MovedItems, moveItems } from '../db/papers/itemMoves.ts'
import {
  insertMerges,
  listMerges,
  type NewMerge,
  reserveMergeIds,
  setUndo,
} from '../db/papers/paperMerges.ts'
import {
  carryHidden,
  deletePaper,
  listKeys,
  lockPaperRows,
  type MovedMerges,
  moveKeys,
  moveMerges,
  moveSightings,
} from '../db/papers/paperMoves.ts'
import { touchPaper } from '../db/papers/papers.ts'
import { type MovedFeedback, moveFeedback } from '../db/subscribers/feedback.ts'
import type { NewPaperFields } from '../papers/merging/merge.ts'
import type { ValueChanges } from '../papers/merging/unmerge.ts'
import type { IngestPlan, PlannedMerge } from '../papers/planning/ingestPlan.ts'

/** The data that a split needs, stored with each merge. */
export interface MergeUndo {
  /** The paper that a split makes again. */
  apart: NewPaperFields
  changed: ValueChanges
  /** What a stored paper handed over; absent if an entry was merged. */
  moved?: { merges: MovedMerges; items: MovedItems; feedback?: MovedFeedback }
}

/**
 * Writes the merges of a plan, and joins stored papers: everything that belongs to the paper that goes is moved to the
 * one that stays. Gives the stored ids of the merges. `ids`: the stored id of each planned paper. The papers' lock is
 * held.
 */
export async function writeMerges(tx: Tx, plan: IngestPlan, ids: number[], now: Date): Promise<number[]> {
  if (plan.merges.length === 0) return []
  const mergeIds = await reserveMergeIds(tx, plan.merges.length)
  const joins = plan.merges.flatMap(({ into, joined }, index) =>
    joined === undefined ? [] : [{ mergeId: mergeIds[index]!, from: ids[joined]!, to: ids[into]! }],
  )
  // Composing a digest locks its papers in the order of ids too, so that neither waits for the other for ever.
  if (joins.length > 0) await lockPaperRows(tx, [...new Set(joins.flatMap(({ from, to }) => [from, to]))])
  const rows = plan.merges.map((merge, index) => rowOf(merge, mergeIds[index]!, ids))
  await insertMerges(tx, rows, now)
  for (const join of joins) await joinPapers(tx, join, rows, now)
  return mergeIds
}

function rowOf({ into, joined, why, score, keys, apart, changed }: PlannedMerge, id: number, ids: number[]) {
  const undo: MergeUndo = { apart, changed }
  return {
    id,
    paperId: ids[into]!,
    joinedId: joined === undefined ? null : ids[joined]!,
    why,
    score: Number.isFinite(score) ? score : null,
    keys,
    undo: { ...undo },
  }
}

async function joinPapers(
  tx: Tx,
  { mergeId, from, to }: { mergeId: number; from: number; to: number },
  rows: NewMerge[],
  now: Date,
): Promise<void> {
  const row = rows.find(({ id }) => id === mergeId)!
  const nested = new Set((await listMerges(tx, from)).flatMap(({ keys }) => keys))
  const keys = [...new Set([...row.keys, ...(await listKeys(tx, from))])].filter((key) => !nested.has(key))
  await moveSightings(tx, from, to, mergeId)
  await moveKeys(tx, from, to)
  const merges = await moveMerges(tx, from, to, mergeId)
  const items = await moveItems(tx, from, to, now)
  const feedback = await moveFeedback(tx, from, to)
  await setUndo(tx, mergeId, keys, { ...row.undo, moved: { merges, items, feedback } })
  await carryHidden(tx, from, to)
  await deletePaper(tx, from)
  await touchPaper(tx, to, now)
}
