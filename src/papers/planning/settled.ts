import { isTextKey, type KeyedEntry } from '../keys/entryKeys.ts'
import { judgeIds } from '../likeness/match.ts'
import { mergeEntry, type Seen } from '../merging/merge.ts'
import { strongIds } from '../profile/strongIds.ts'
import { type Draft, holdersOf, isUntouched, paperAt } from './draft.ts'

/** The paper of an entry that brings nothing new. */
export interface Settled {
  index: number
  /** A key that led there. */
  key: string
}

/**
 * The paper of an entry whose ids, or whose whole text, all lead to one paper, about which the entry changes nothing.
 * Such an entry needs no comparison of titles: that was done when it came first. Undefined for every other entry.
 * `before`: what this function gave for the entry on an earlier draft, which still holds for a paper that is untouched.
 */
export function settledPaper(
  { entry, keys }: KeyedEntry,
  seen: Seen,
  draft: Draft,
  before?: Settled,
): Settled | undefined {
  const [key] = keys.sure
  const index = key === undefined ? undefined : onlyHolder(keys.sure, draft)
  if (key === undefined || index === undefined) return undefined
  if (before?.index === index && isUntouched(draft, index)) return before
  const paper = paperAt(draft, index)
  if (!isTextKey(key) && judgeIds(strongIds(entry), strongIds(paper))?.same !== true) return undefined
  return mergeEntry(paper, entry, seen) === undefined ? { index, key } : undefined
}

/** The one paper that holds all these keys and shares none of them. */
function onlyHolder(keys: readonly string[], draft: Draft): number | undefined {
  const holders = new Set<number>()
  for (const key of keys) {
    const held = holdersOf(draft, key)
    if (held?.size !== 1) return undefined
    for (const holder of held) holders.add(holder)
  }
  return holders.size === 1 ? [...holders][0] : undefined
}
