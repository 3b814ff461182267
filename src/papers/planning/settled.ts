import { isTextKey, type KeyedEntry } from '../keys/entryKeys.ts'
import { judgeIds } from '../likeness/match.ts'
import { mergeEntry, type Seen } from '../merging/merge.ts'
import { strongIds } from '../profile/strongIds.ts'
import { type Planning, standing } from './planning.ts'

/**
 * The paper of an entry that brings nothing new: all its ids, or its whole text, lead to one paper, about which it
 * changes nothing. What it may be like was looked for when it came first, so a dump that is replayed compares no titles.
 * Undefined for every other entry. `key`: one that led there.
 */
export function settledPaper(
  { entry, keys }: KeyedEntry,
  seen: Seen,
  { plan, holders }: Planning,
): { index: number; key: string } | undefined {
  const { sure } = keys
  const [key] = sure
  const index = holders.get(key ?? '')?.[0]
  if (key === undefined || index === undefined) return undefined
  const stands = standing(plan, index)
  const isOnly = (holder: number) => standing(plan, holder) === stands
  if (!sure.every((one) => holders.get(one)?.every(isOnly))) return undefined
  const { paper } = plan.papers[stands]!
  if (!isTextKey(key) && judgeIds(strongIds(entry), strongIds(paper))?.same !== true) return undefined
  return mergeEntry(paper, entry, seen) === undefined ? { index: stands, key } : undefined
}
