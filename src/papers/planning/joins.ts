import { samePaper } from '../likeness/match.ts'
import type { Found } from './candidates.ts'
import { areApart, areNamedByOne, type Draft, isOlder, join, paperAt } from './draft.ts'
import { REPEATED_FROM } from './duplicateFree.ts'

/**
 * An entry that matches two papers ties them. They are joined if nothing speaks against it. If the two papers are not
 * alike, they stay two and the entry goes to the likelier one.
 */

/** An entry that is similar to two papers joins them only if they are as similar as two records of one paper are (log-odds). */
const TIED_FROM = 0
/** If one entry has the ids of both, they are joined unless they have hardly anything in common. */
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

/** The log-odds that two tied papers must reach to be joined. A catalogue names each paper once. */
function tiedFrom(one: Found, other: Found, draft: Draft): number {
  const byIds = [one, other].every(({ match }) => match.score === Number.POSITIVE_INFINITY)
  if (byIds) return TIED_BY_IDS_FROM
  return areNamedByOne(draft, one.index, other.index) ? REPEATED_FROM : TIED_FROM
}
