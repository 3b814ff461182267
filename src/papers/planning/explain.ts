import type { KnownPaper } from '../../domain.ts'
import { isBlockingKey, type Key, type KeyedEntry } from '../keys/entryKeys.ts'
import { type NewPaperFields, paperFromEntry, type Seen } from '../merging/merge.ts'
import { changedBetween } from '../merging/unmerge.ts'
import { type Found, type IngestPlan, isHeldBy, type Planning, standing } from './planning.ts'

/**
 * The merge by which an entry belongs to its paper: where likeness decided, a new one with what parts them again; where
 * it came by a key that an earlier merge brought, that one; none where it came by the paper's own keys.
 */
export function explainMerge(
  { entry, keys }: KeyedEntry,
  seen: Seen,
  { match, key }: Found,
  { index, before }: { index: number; before: KnownPaper },
  planning: Planning,
): IngestPlan['mergeOf'][number] {
  const { plan } = planning
  const planned = plan.papers[index]!
  if (match.score === Number.POSITIVE_INFINITY) return mergeBehind(key, index, planning)
  const merge = {
    into: index,
    joined: undefined,
    why: match.why,
    score: match.score,
    keys: keys.held.filter((held) => !isBlockingKey(held)).filter((held) => !isHeldBy(held, index, planning)),
    apart: paperFromEntry(entry, seen),
    changed: changedBetween(before, planned.paper),
  }
  return { planned: plan.merges.push(merge) - 1 }
}

/** The merge that brought a key to a paper; undefined for the paper's own keys. */
export function mergeBehind(key: Key, index: number, planning: Planning): IngestPlan['mergeOf'][number] {
  const stored = storedMerge(key, index, planning)
  if (stored !== undefined) return { stored: stored.id }
  const planned = plannedMerge(key, index, planning)
  return planned < 0 ? undefined : { planned }
}

/** What ids have joined to a paper, and had brought it this key: the paper is known by that title too. */
export function mergedUnder(key: string, index: number, planning: Planning): NewPaperFields | undefined {
  const planned = plannedMerge(key, index, planning)
  const merge = planning.plan.merges[planned]
  const isSure = merge?.score === Number.POSITIVE_INFINITY
  return storedMerge(key, index, planning)?.apart ?? (isSure ? merge.apart : undefined)
}

function storedMerge(key: Key, index: number, { plan, mergeOfKey }: Planning) {
  return mergeOfKey.get(`${plan.papers[index]!.paper.id} ${key}`)
}

function plannedMerge(key: Key, index: number, { plan }: Planning): number {
  return plan.merges.findIndex(
    (merge) => merge.keys.includes(key as string) && standing(plan, merge.into) === index,
  )
}
