import { isTextKey, type KeyedEntry } from '../keys/entryKeys.ts'
import { judgeIds } from '../likeness/match.ts'
import { mergeEntry, type Seen } from '../merging/merge.ts'
import { strongIds } from '../profile/strongIds.ts'
import { type Draft, holdersOf, isUntouched, paperAt } from './draft.ts'

/** The paper of an entry that brings nothing new. */
export interface Settled {
  index: number
  /** A key that led to it. */
  key: string
}

/**
 * Finds the paper of an entry that changes nothing: its ids, or its whole text, all lead to one paper. Titles need no
 * comparison then, because they were compared when the entry first came. Undefined for every other entry. `before`:
 * what this function gave for the entry on an earlier draft; it still holds if the paper is untouched.
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
