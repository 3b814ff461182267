import { fieldTest } from './fieldMatch.ts'
import { findPhrase, findText, type Match } from './match.ts'
import type { PaperIndex } from './paperIndex.ts'
import { termsOf } from './phrases.ts'
import type { Clause, FieldClause, TextClause, TopicQuery } from './query.ts'

/** A clause that adds to the score: to the papers of its match their parts, times `factor`. */
export interface ScoredClause {
  clause: Clause
  /** The clause in words: `“graph”`, `Yann LeCun`. */
  name: string
  match: Match
  /** In a paper full of it a text clause adds so many times its ceiling. */
  factor: number
}

/**
 * What two words of a query add when they stand side by side, over what they are worth as a phrase. Metzler & Croft, "A Markov
 * Random Field Model for Term Dependencies" (2005).
 */
const PAIR_WEIGHT = 0.15

/**
 * The clauses of a query that score, and the topic's unit: the value of its rarest word, over which all values are, so that
 * scores of different topics can be compared. A wished-for author counts as the rarest word would.
 */
export function scoredClauses(
  index: PaperIndex,
  query: TopicQuery,
): { scored: ScoredClause[]; unit: number } {
  const texts: TextClause[] = []
  const scored: ScoredClause[] = []
  let unit = 0
  for (const clause of query.clauses) {
    if (clause.kind !== 'text' || clause.occurrence === 'never') continue
    const match = findText(index, clause.variants)
    texts.push(clause)
    scored.push(scoredText(clause, match))
    unit = Math.max(unit, match.ceiling)
  }
  // Where no word is known nothing is divided.
  unit ||= 1
  addPairs(scored, index, texts)
  for (const one of scored) one.factor /= unit
  addWishes(scored, index, query)
  return { scored, unit }
}

function scoredText(clause: TextClause, match: Match): ScoredClause {
  return { clause, name: `“${clause.text}”`, match, factor: clause.weight }
}

/** Words that follow each other in the query, as phrases of little weight; an acronym added to it follows no word. */
function addPairs(scored: ScoredClause[], index: PaperIndex, texts: readonly TextClause[]): void {
  let before: number[] = []
  for (let at = 0; at < texts.length; at++) {
    const second = texts[at]!
    const terms = termsOf(index, second.variants[0]!)
    const both = [...before, ...terms]
    before = terms
    const first = texts[at - 1]
    if (first === undefined || second.position < first.position) continue
    const stems = [...first.variants[0]!, ...second.variants[0]!]
    const match = findPhrase(index, both, stems)
    if (match === undefined) continue
    const text = `${first.text} ${second.text}`
    const weight = (PAIR_WEIGHT * (first.weight + second.weight)) / 2
    scored.push(scoredText({ ...second, text, variants: [stems], weight }, match))
  }
}

function addWishes(scored: ScoredClause[], index: PaperIndex, { clauses }: TopicQuery): void {
  for (const clause of clauses)
    if (clause.kind !== 'text' && clause.occurrence !== 'never' && clause.prefers)
      scored.push({ clause, name: clause.text, match: wishMatch(index, clause), factor: clause.weight })
}

/** A paper that has the field has all of it; where in its text does not matter, only that it is not borrowed. */
function wishMatch(index: PaperIndex, clause: FieldClause): Match {
  const test = fieldTest(index, clause)
  const docs = Int32Array.from([...index.papers.keys()].filter(test))
  const { length } = docs
  const weights = new Float32Array(length).fill(1)
  return { docs, weights, places: new Uint8Array(length).fill(1), from: 0, to: length, ceiling: 1 }
}
