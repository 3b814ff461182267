import { insertAudit } from '../db/audit.ts'
import type { Db, Tx } from '../db/engine/connect.ts'
import { returnItems } from '../db/papers/itemMoves.ts'
import { insertPaperKeys, type PaperKey } from '../db/papers/paperKeys.ts'
import { lockMerge, type MergeRow, markSplit } from '../db/papers/paperMerges.ts'
import {
  carryHidden,
  lockPaperRows,
  returnKeys,
  returnMerges,
  returnSightings,
} from '../db/papers/paperMoves.ts'
import {
  findPapers,
  insertPapers,
  lockPapers,
  reservePaperIds,
  touchPaper,
  updatePaper,
} from '../db/papers/papers.ts'
import { returnFeedback } from '../db/subscribers/feedback.ts'
import type { KnownPaper } from '../domain.ts'
import { entryKeys, isBlockingKey, isTitleKey } from '../papers/keys/entryKeys.ts'
import { valuesToReturn } from '../papers/merging/unmerge.ts'
import type { MergeUndo } from './writeMerges.ts'

export interface Split {
  /** The paper that the other one was split from. */
  paperId: number
  /** The paper that was split off. It gets its old id back if it had one. */
  splitId: number
}

/**
 * Undoes a merge. The merged paper or entry gets its keys, sightings and places in digests back. Values that the merge
 * changed go back, unless they changed again since. The two are never merged again. Undefined if there is no such merge
 * or it is undone already, so that asking twice is harmless.
 */
export function splitPaper(db: Db, mergeId: number, now: Date): Promise<Split | undefined> {
  return db.transaction().execute(async (tx) => {
    await lockPapers(tx)
    const merge = await lockMerge(tx, mergeId)
    if (merge === undefined) return undefined
    await lockPaperRows(tx, [merge.paperId])
    const splitId = merge.joinedId ?? (await reservePaperIds(tx, 1))[0]!
    await partPapers(tx, merge, splitId, now)
    await insertAudit(tx, {
      at: now,
      actor: 'admin',
      action: 'split',
      subject: `paper ${merge.paperId}`,
      details: { from: splitId, merge: mergeId },
    })
    return { paperId: merge.paperId, splitId }
  })
}

async function partPapers(tx: Tx, merge: MergeRow, splitId: number, now: Date): Promise<void> {
  const { apart, changed, moved } = merge.undo as unknown as MergeUndo
  const [paper] = await findPapers(tx, [merge.paperId])
  await insertPapers(tx, [{ ...apart, id: splitId }], now)
  await carryHidden(tx, merge.paperId, splitId)
  await updatePaper(tx, merge.paperId, valuesToReturn(paper!, changed), now)
  if (moved !== undefined) await returnMerges(tx, moved.merges, merge.paperId, splitId)
  const mergesWithIt = moved?.merges.asPaper ?? []
  await returnSightings(tx, splitId, merge.id, mergesWithIt)
  await returnKeys(tx, merge.keys, mergesWithIt, merge.paperId, splitId)
  await insertPaperKeys(tx, likenessKeys({ ...apart, id: splitId }))
  if (moved !== undefined) await returnItems(tx, moved.items, merge.paperId, splitId)
  if (moved?.feedback !== undefined) await returnFeedback(tx, moved.feedback, merge.paperId, splitId)
  await markSplit(tx, merge.id, splitId, now)
  await touchPaper(tx, merge.paperId, now)
}

/** The keys by which similar papers are found. */
function likenessKeys({ id, title, arxivId, doi }: KnownPaper): PaperKey[] {
  const { held } = entryKeys({ title, arxivId: arxivId ?? undefined, doi: doi ?? undefined })
  return held.filter((key) => isTitleKey(key) || isBlockingKey(key)).map((key) => ({ key, paperId: id }))
}
