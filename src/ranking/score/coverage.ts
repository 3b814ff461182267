import { keptFor } from '../../caching.ts'
import { positionOf } from './match.ts'
import type { ScoredClause } from './scoredClauses.ts'

/** Of a group of many words, as of a pasted abstract, a paper needs no more than so many of the heaviest. */
const ENOUGH_WORDS = 3

/** The words of a topic that belong together, and the weight of a paper that has enough of them. */
interface Group {
  words: ScoredClause[]
  enough: number
}

/** Wishes for a field, and pairs of neighbouring words, stand for no word of their own. */
const groupsOf = keptFor((scored: readonly ScoredClause[]): Group[] => {
  const groups = new Map<string, ScoredClause[]>()
  for (const one of scored) {
    if (one.clause.kind !== 'text' || one.isPair) continue
    const key = `${one.clause.group ?? 0}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [one])
    else group.push(one)
  }
  return [...groups.values()].map((words) => ({ words, enough: weightOfFew(words) }))
})

function weightOfFew(words: readonly ScoredClause[]): number {
  const byPosition = new Map<number, number>()
  for (const { clause, match } of words)
    byPosition.set(clause.position, Math.max(byPosition.get(clause.position) ?? 0, match.ceiling))
  const heaviest = [...byPosition.values()].sort((a, b) => b - a).slice(0, ENOUGH_WORDS)
  return heaviest.reduce((sum, weight) => sum + weight, 0)
}

/**
 * How much a paper itself has of the words that belong together, by their weights: 1 if it has a whole group, 0 if it has none but
 * related words. Of several groups the best counts.
 */
export function coverageOf(scored: readonly ScoredClause[], doc: number): number {
  let best = 0
  for (const { words, enough } of groupsOf(scored)) {
    if (enough === 0) continue
    let held = 0
    let last = -1
    for (const { clause, match } of words) {
      if (clause.position === last || !hasItself(match, doc)) continue
      held += match.ceiling
      last = clause.position
    }
    best = Math.max(best, Math.min(held / enough, 1))
  }
  return best
}

function hasItself({ docs, fieldBits, from, to }: ScoredClause['match'], doc: number): boolean {
  const at = positionOf(docs, doc, from, to)
  return at >= 0 && fieldBits[at] !== 0
}
