import { keptFor } from '../../caching.ts'
import type { RankingIndex } from '../corpus/corpusModel.ts'
import { IN_ABSTRACT, IN_TITLE } from '../index/inverted.ts'
import { ownPostings, positionOf } from './match.ts'
import { bitOf, hasOwnBit } from './scoreBuffers.ts'
import type { ScoredClause } from './scoredClauses.ts'

/** Of a group of many words, as of a pasted abstract, a paper needs no more than so many of the heaviest. */
const ENOUGH_WORDS = 3

/** The words of a topic that belong together, and the weight of a paper that has enough of them. */
interface Group {
  words: Word[]
  enough: number
}

interface Word extends Pick<ScoredClause, 'clause' | 'match'> {
  /** Its place among the scored clauses. */
  place: number
  bit: number
}

/** Wishes for a field, and pairs of neighbouring words, stand for no word of their own. */
const groupsOf = keptFor((scored: readonly ScoredClause[]): Group[] => {
  const groups = new Map<number, Word[]>()
  for (const [place, { clause, match, isPair }] of scored.entries()) {
    if (clause.kind !== 'text' || isPair) continue
    const word = { clause, match, place, bit: bitOf(place) }
    const group = groups.get(clause.group ?? 0)
    if (group === undefined) groups.set(clause.group ?? 0, [word])
    else group.push(word)
  }
  return [...groups.values()].map((words) => ({ words, enough: weightOfFew(words) }))
})

function weightOfFew(words: readonly Word[]): number {
  const byPosition = new Map<number, number>()
  for (const { clause, match } of words)
    byPosition.set(clause.position, Math.max(byPosition.get(clause.position) ?? 0, match.ceiling))
  const heaviest = [...byPosition.values()].sort((a, b) => b - a).slice(0, ENOUGH_WORDS)
  return heaviest.reduce((sum, weight) => sum + weight, 0)
}

/**
 * How much a paper itself has of the words that belong together, by their weights: 1 if it has a whole group, 0 if it has none but
 * related words. Of several groups the best counts. `held` is what papers have of the scored clauses.
 */
export function coverageOf(scored: readonly ScoredClause[], held: Uint32Array, doc: number): number {
  let best = 0
  for (const { words, enough } of groupsOf(scored)) {
    if (enough === 0) continue
    let weight = 0
    let last = -1
    for (const word of words) {
      if (word.clause.position === last || !hasItself(word, held[doc]!, doc)) continue
      weight += word.match.ceiling
      last = word.clause.position
    }
    best = Math.max(best, Math.min(weight / enough, 1))
  }
  return best
}

function hasItself({ match, place, bit }: Word, bits: number, doc: number): boolean {
  if ((bits & bit) === 0 || hasOwnBit(place)) return (bits & bit) !== 0
  const { docs, fieldBits, from, to } = match
  const at = positionOf(docs, doc, from, to)
  return at >= 0 && fieldBits[at] !== 0
}

/** How plainly a paper names the one word of a topic: in passing, clearly (repeatedly, or as a keyword), in its title. 0 is not at all. */
export const IN_PASSING = 1
export const CLEARLY = 2
export const AS_TITLE = 3

/** For each paper how plainly it names the topic's word or phrase, if it has only one; else undefined. */
export function namingsOf(index: RankingIndex, scored: readonly ScoredClause[]): Uint8Array | undefined {
  const [only] = scored
  if (scored.length !== 1 || only?.clause.kind !== 'text') return undefined
  const { variants, within } = only.clause
  const namings = new Uint8Array(index.papers.length)
  const { docs, frequencies, fieldBits } = ownPostings(index, variants)
  for (let at = 0; at < docs.length; at++) {
    const bits = fieldBits[at]!
    if (bits & IN_TITLE) namings[docs[at]!] = AS_TITLE
    else if (bits !== IN_ABSTRACT || frequencies[at]! > 1 || within !== undefined)
      namings[docs[at]!] = CLEARLY
    else namings[docs[at]!] = IN_PASSING
  }
  return namings
}
