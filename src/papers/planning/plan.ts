import type { Entry } from '../../domain.ts'
import { MOST_HOLDERS } from '../keys/blockingKeys.ts'
import {
  type EntryKeys,
  isBlockingKey,
  isTextKey,
  isTitleKey,
  type Key,
  type KeyedEntry,
} from '../keys/entryKeys.ts'
import { type Match, samePaper } from '../likeness/match.ts'
import { mergeEntry, paperFromEntry, type Seen } from '../merging/merge.ts'
import { findDuplicateFreeSources, REPEATED_FROM } from './duplicateFree.ts'
import { explainMerge, mergeBehind, mergedUnder } from './explain.ts'
import { planJoins } from './joins.ts'
import {
  change,
  type Found,
  hold,
  type IngestPlan,
  isHeldBy,
  isNamedBy,
  type KnownPapers,
  nameBy,
  type PlannedPaper,
  type Planning,
  standing,
  startPlanning,
} from './planning.ts'
import { settledPaper } from './settled.ts'

/**
 * Decides what storing entries means: which paper each one is (a stored one, one that an earlier entry brought, or a
 * new one), which papers are found to be one, and what changes. Nothing is read or written; `seenOf` gives each
 * entry's format and time of observation.
 */
export function planIngest(
  entries: KeyedEntry[],
  seenOf: (entry: Entry) => Seen,
  known: KnownPapers,
): IngestPlan {
  const steps = planSteps(entries, seenOf, known)
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

/** The same entry by entry, for who has something else to do in between. */
export function* planSteps(
  entries: KeyedEntry[],
  seenOf: (entry: Entry) => Seen,
  known: KnownPapers,
): Generator<undefined, IngestPlan> {
  const planning = startPlanning(known)
  const seen = entries.map(({ entry }) => seenOf(entry))
  planning.catalogues = findDuplicateFreeSources(entries, (index) => seen[index]!.format)
  for (const [index, keyed] of entries.entries()) {
    placeEntry(keyed, seen[index]!, planning)
    yield
  }
  const { plan } = planning
  plan.paperOf = plan.paperOf.map((index) => standing(plan, index))
  plan.newKeys = plan.newKeys.map((added) => ({ ...added, paper: standing(plan, added.paper) }))
  for (const merge of plan.merges) merge.into = standing(plan, merge.into)
  return plan
}

function placeEntry({ entry, keys }: KeyedEntry, seen: Seen, planning: Planning): void {
  const { plan } = planning
  const settled = settledPaper({ entry, keys }, seen, planning)
  if (settled !== undefined) {
    plan.paperOf.push(settled.index)
    plan.effects.push('unchanged')
    plan.mergeOf.push(mergeBehind(settled.key, settled.index, planning))
    return
  }
  const found = findPapers(entry, keys, seen.format, planning)
  const best = found[0]
  const entryIndex = plan.paperOf.length
  if (best === undefined) {
    plan.paperOf.push(addPaper(entry, seen, plan))
    plan.effects.push('new')
    plan.mergeOf.push(undefined)
  } else {
    const index = planJoins(found, planning)
    const before = plan.papers[index]!.paper
    plan.paperOf.push(index)
    plan.effects.push(mergeInto(plan.papers[index]!, entry, seen))
    plan.mergeOf.push(explainMerge({ entry, keys }, seen, best, { index, before }, planning))
  }
  nameBy(seen.format, plan.paperOf[entryIndex]!, planning)
  fileKeys(keys, plan.paperOf[entryIndex]!, planning)
}

/** The papers that the entry is, by its keys and by their likeness; the likeliest first, of equals the first found. */
function findPapers(entry: Entry, keys: EntryKeys, list: string, planning: Planning): Found[] {
  const { plan, holders } = planning
  const found = new Map<number, Found>()
  const judged = new Set<number>()
  let least = Number.NEGATIVE_INFINITY
  for (const key of keys.asked) {
    const named = holders.get(key)
    if (named === undefined) continue
    const held = new Set(named.map((holder) => standing(plan, holder)))
    if (isBlockingKey(key) && held.size > MOST_HOLDERS) continue
    const isColumn = held.size >= COLUMN_FROM || planning.catalogues.twins.has(key)
    if (isTitleKey(key) && isColumn) least = COLUMN_SCORE
    for (const index of held) {
      if (judged.has(index)) continue
      judged.add(index)
      const match = judge(entry, key, index, planning)
      const enough = isNamedBy(list, index, planning) ? Math.max(least, REPEATED_FROM) : least
      if (match.same && match.score >= enough) found.set(index, { index, match, key })
    }
  }
  return [...found.values()].sort((one, other) => rank(other.match) - rank(one.match))
}

/** A paper is also what ids joined to it under another title, where the entry has that title. */
function judge(entry: Entry, key: Key, index: number, planning: Planning): Match {
  if (isTextKey(key)) return SAME_TEXT
  const match = samePaper(entry, planning.plan.papers[index]!.paper)
  const isOpen = !match.same && match.score > Number.NEGATIVE_INFINITY && isTitleKey(key)
  const merged = isOpen ? mergedUnder(key, index, planning) : undefined
  return merged === undefined ? match : samePaper(entry, { id: 0, ...merged })
}

/** A title that so many papers bear is a column's, "Influential Papers": it says little; so does a catalogue's twice. */
const COLUMN_FROM = 3
const COLUMN_SCORE = 3

const SAME_TEXT: Match = { same: true, why: 'same text', score: Number.POSITIVE_INFINITY }

/** Finite, so that two certainties compare as equals. */
function rank({ score }: Match): number {
  return Math.min(score, Number.MAX_VALUE)
}

function addPaper(entry: Entry, seen: Seen, plan: IngestPlan): number {
  const id = -(plan.papers.length + 1)
  const paper = { id, ...paperFromEntry(entry, seen) }
  return plan.papers.push({ paper, isNew: true, changes: undefined, joinedTo: undefined }) - 1
}

function mergeInto(planned: PlannedPaper, entry: Entry, seen: Seen): 'updated' | 'unchanged' {
  const merged = mergeEntry(planned.paper, entry, seen)
  if (merged === undefined) return 'unchanged'
  change(planned, { ...merged.changes, provenance: merged.provenance })
  return 'updated'
}

function fileKeys(keys: EntryKeys, index: number, planning: Planning): void {
  for (const key of keys.held) {
    if (isHeldBy(key, index, planning)) continue
    planning.plan.newKeys.push({ key, paper: index, isFirst: !planning.holders.has(key) })
    hold(planning.holders, key, index)
  }
}
