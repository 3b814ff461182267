import { isBlockingKey } from '../keys/entryKeys.ts'
import { samePaper } from '../likeness/match.ts'
import { mergePaper } from '../merging/merge.ts'
import { changedBetween } from '../merging/unmerge.ts'
import { REPEATED_FROM } from './duplicateFree.ts'
import { change, type Found, type IngestPlan, isNamedBy, nameBy, type Planning } from './planning.ts'

/**
 * An entry that is two papers at once ties them. They are joined where nothing speaks against it: two papers that are
 * unlike each other stay two, and the entry goes to the likelier one.
 */

/** Papers that an entry ties by likeness may be a little less than alike themselves (log-odds). */
const TIED_FROM = 0
/** Two ids in one entry say more: only papers that have hardly anything in common stay apart. */
const TIED_BY_IDS_FROM = -8

/** Joins what an entry ties; gives the index of the paper that it belongs to. `found`: the likeliest first. */
export function planJoins([best, ...others]: Found[], planning: Planning): number {
  let kept = best!
  for (const other of others) {
    if (!mayJoin(kept, other, planning)) continue
    kept = joinPapers(kept, other, planning)
  }
  return kept.index
}

function mayJoin(one: Found, other: Found, planning: Planning): boolean {
  const { plan, apart, namedBy } = planning
  const [ours, theirs] = [plan.papers[one.index]!.paper, plan.papers[other.index]!.paper]
  if (apart.has(`${ours.id}/${theirs.id}`)) return false
  const byIds = [one, other].every(({ match }) => match.score === Number.POSITIVE_INFINITY)
  const lists = [...(namedBy.get(one.index) ?? [])]
  const isTwice = lists.some((list) => isNamedBy(list, other.index, planning))
  const from = byIds ? TIED_BY_IDS_FROM : isTwice ? REPEATED_FROM : TIED_FROM
  return samePaper(ours, theirs).score >= from
}

/** The stored paper stays, of two stored ones the older: its address is known to more people. */
function joinPapers(one: Found, other: Found, planning: Planning): Found {
  const { plan } = planning
  const [kept, gone] = isOlder(one.index, other.index, plan) ? [one, other] : [other, one]
  const [stays, goes] = [plan.papers[kept.index]!, plan.papers[gone.index]!]
  const before = stays.paper
  const merged = mergePaper(stays.paper, goes.paper)
  if (merged !== undefined) change(stays, { ...merged.changes, provenance: merged.provenance })
  goes.joinedTo = kept.index
  for (const list of planning.namedBy.get(gone.index) ?? []) nameBy(list, kept.index, planning)
  staysApart(stays.paper.id, goes.paper.id, planning)
  const { id: _, ...apart } = goes.paper
  const merge = plan.merges.push({
    into: kept.index,
    joined: goes.isNew ? undefined : gone.index,
    why: `an entry is both: ${one.match.why}; ${other.match.why}`,
    score: Math.min(one.match.score, other.match.score),
    keys: keysOf(gone.index, planning),
    apart,
    changed: changedBetween(before, stays.paper),
  })
  reassign(gone.index, kept.index, merge - 1, plan)
  return { ...one, index: kept.index }
}

/** Whom a person parted from the paper that goes stays apart from the one that stays. */
function staysApart(kept: number, gone: number, { apart }: Planning): void {
  for (const pair of [...apart]) {
    const [one, other] = pair.split('/')
    if (one === `${gone}`) apart.add(`${kept}/${other}`).add(`${other}/${kept}`)
  }
}

function isOlder(one: number, other: number, plan: IngestPlan): boolean {
  const [ours, theirs] = [plan.papers[one]!, plan.papers[other]!]
  if (ours.isNew !== theirs.isNew) return theirs.isNew
  return ours.isNew ? one < other : ours.paper.id < theirs.paper.id
}

function keysOf(index: number, { holders }: Planning): string[] {
  return [...holders].flatMap(([key, held]) => (held.includes(index) && !isBlockingKey(key) ? [key] : []))
}

/** Entries of this batch that had gone to the paper that is no more; one that had brought it brought nothing new. */
function reassign(gone: number, kept: number, merge: number, plan: IngestPlan): void {
  plan.paperOf.forEach((index, entry) => {
    if (index !== gone) return
    plan.paperOf[entry] = kept
    plan.mergeOf[entry] ??= { planned: merge }
    if (plan.effects[entry] === 'new') plan.effects[entry] = 'updated'
  })
}
