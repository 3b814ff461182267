import type { RankingIndex } from '../corpus/corpusModel.ts'
import { type WordLists, wordListsOf } from '../corpus/wordLists.ts'
import { fieldTest } from '../index/fieldMatch.ts'
import { NO_POSTINGS, postingsOfTerms, termOf } from '../index/phrases.ts'
import type { Clause, FieldClause, TextClause } from '../language/clauses.ts'
import type { TopicQuery } from '../language/query.ts'
import type { ExpandedQuery } from './expandedQuery.ts'
import { findClause, listedMatch, type Match, weigh } from './match.ts'

/** A clause that adds to the score: the weights of its match, times `factor`. */
export interface ScoredClause {
  clause: Clause
  /** The clause for people: `“graph”`, `Yann LeCun`. */
  name: string
  /** The long form of its acronym, or the acronym of its words, where the corpus model has one. */
  otherForm: string | undefined
  match: Match
  /** A paper full of a text clause gets this factor times the ceiling of the match. */
  factor: number
  /** Whether it is two neighbouring words of the query as a phrase. */
  isPair?: boolean
}

/**
 * Two neighbouring words of a query also count as a phrase, with this part of a phrase's weight. Metzler & Croft, "A Markov Random
 * Field Model for Term Dependencies" (2005).
 */
const PAIR_WEIGHT = 0.15

/**
 * The clauses of a query that score, and the topic's unit: the full value of its rarest word. All factors are divided by the unit,
 * so that scores of different topics can be compared. A wish for an author counts as much as the rarest word.
 */
export function scoredClauses(
  index: RankingIndex,
  { query, terms, otherForms }: ExpandedQuery,
): { scored: ScoredClause[]; unit: number } {
  const lists = wordListsOf(index)
  const { clauses } = query
  const scored: ScoredClause[] = []
  let unit = 0
  for (let at = 0; at < clauses.length; at++) {
    const clause = clauses[at]!
    if (clause.kind !== 'text' || clause.occurrence === 'never') continue
    const term = clause.variants.length === 1 && terms[at]!.length === 1 ? terms[at]![0]! : -1
    const isListed =
      lists !== undefined && term >= 0 && lists.isSplit[term] === 0 && clause.within === undefined
    const match = isListed ? listedMatch(lists, term) : findClause(index, clause)
    scored.push(scoredText(clause, match, otherForms[at]))
    unit = Math.max(unit, match.ceiling)
  }
  unit ||= 1
  addPairs(scored, index, lists, query, terms)
  for (const one of scored) one.factor /= unit
  addWishes(scored, index, query)
  return { scored, unit }
}

function scoredText(clause: TextClause, match: Match, otherForm?: string): ScoredClause {
  return { clause, name: `“${clause.text}”`, otherForm, match, factor: clause.weight }
}

/** Adds the pairs of words that follow each other in the query. An acronym that was added to the query follows no word. */
function addPairs(
  scored: ScoredClause[],
  index: RankingIndex,
  lists: WordLists | undefined,
  { clauses }: TopicQuery,
  terms: ExpandedQuery['terms'],
): void {
  let first: TextClause | undefined
  let before: number[] = []
  for (let at = 0; at < clauses.length; at++) {
    const second = clauses[at]!
    if (second.kind !== 'text' || second.occurrence === 'never') continue
    const own = numbersIn(index, lists, second.variants[0]!, terms[at]!)
    if (first !== undefined && second.position >= first.position)
      addPair(scored, index, first, second, [...before, ...own])
    first = second
    before = own
  }
}

function addPair(
  scored: ScoredClause[],
  index: RankingIndex,
  first: TextClause,
  second: TextClause,
  numbers: readonly number[],
): void {
  // A pair of one field would have to be looked for there alone.
  if (first.within !== undefined || second.within !== undefined) return
  const postings = postingsOfTerms(index, numbers)
  if (postings === NO_POSTINGS) return
  const stems = [...first.variants[0]!, ...second.variants[0]!]
  const text = `${first.text} ${second.text}`
  const weight = (PAIR_WEIGHT * (first.weight + second.weight)) / 2
  const pair = scoredText({ ...second, text, variants: [stems], weight }, weigh(index, [stems], postings))
  scored.push({ ...pair, isPair: true })
}

/** The term numbers in the index of stems whose numbers in the corpus model are `terms`. */
function numbersIn(
  index: RankingIndex,
  lists: WordLists | undefined,
  stems: readonly string[],
  terms: readonly number[],
): number[] {
  const numbers: number[] = []
  for (let at = 0; at < stems.length; at++) {
    const term = terms[at] ?? -1
    numbers.push(lists === undefined || term < 0 ? termOf(index, stems[at]!) : lists.numbers[term]!)
  }
  return numbers
}

function addWishes(scored: ScoredClause[], index: RankingIndex, { clauses }: TopicQuery): void {
  for (const clause of clauses)
    if (clause.kind !== 'text' && clause.occurrence !== 'never' && clause.prefers)
      scored.push({
        clause,
        name: clause.text,
        otherForm: undefined,
        match: wishMatch(index, clause),
        factor: clause.weight,
      })
}

/** A paper that has the field has its full value. The field bits only say that the paper has it itself. */
function wishMatch(index: RankingIndex, clause: FieldClause): Match {
  const test = fieldTest(index, clause)
  const docs = Int32Array.from([...index.papers.keys()].filter(test))
  const { length } = docs
  const weights = new Float32Array(length).fill(1)
  return { docs, weights, fieldBits: new Uint8Array(length).fill(1), from: 0, to: length, ceiling: 1 }
}
