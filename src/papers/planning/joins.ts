import { samePaper } from '../likeness/match.ts'
import type { Found } from './candidates.ts'
import { areApart, areNamedByOne, type Draft, isOlder, join, paperAt } from './draft.ts'
import { REPEATED_FROM } from './duplicateFree.ts'

/**
 * An entry that is two papers at once ties them. They are joined where nothing speaks against it. Two papers that are
 * unlike each other stay two, and the entry goes to the likelier one.
 */

/** Papers that an entry ties by likeness must be as alike as any two records of one paper (log-odds). */
const TIED_FROM = 0
/** Two ids in one entry say more: only papers that have hardly anything in common stay apart. */
const TIED_BY_IDS_FROM = -8

/** Joins the papers that an entry ties; gives the index of the paper that it belongs to. `found`: the likeliest first. */
export function joinTied([best, ...others]: Found[], draft: Draft): number {
  let kept = best!
  for (const other of others) {
    if (!mayJoin(kept, other, draft)) continue
    const [stays, goes] = isOlder(draft, kept.index, other.index) ? [kept, other] : [other, kept]
    join(draft, stays.index, goes.index, {
      why: `an entry is both: ${kept.match.why}; ${other.match.why}`,
      score: Math.min(kept.match.score, other.match.score),
    })
    kept = { ...kept, index: stays.index }
  }
  return kept.index
}

function mayJoin(one: Found, other: Found, draft: Draft): boolean {
  if (areApart(draft, one.index, other.index)) return false
  const { score } = samePaper(paperAt(draft, one.index), paperAt(draft, other.index))
  return score >= tiedFrom(one, other, draft)
}

/** The log-odds from which on two papers that an entry ties are one. A catalogue names each paper once. */
function tiedFrom(one: Found, other: Found, draft: Draft): number {
  const byIds = [one, other].every(({ match }) => match.score === Number.POSITIVE_INFINITY)
  if (byIds) return TIED_BY_IDS_FROM
  return areNamedByOne(draft, one.index, other.index) ? REPEATED_FROM : TIED_FROM
}
