import { wordListsOf } from '../corpus/wordLists.ts'
import { fieldTest } from '../index/fieldMatch.ts'
import type { PaperIndex } from '../index/paperIndex.ts'
import { NOWHERE, phraseOf, termOf } from '../index/phrases.ts'
import type { Clause, FieldClause, TextClause, TopicQuery } from '../language/query.ts'
import type { LearnedQuery } from './expandedQuery.ts'
import { findText, listedMatch, type Match, weigh } from './match.ts'

/** A clause that adds to the score: to the papers of its match their parts, times `factor`. */
export interface ScoredClause {
  clause: Clause
  /** The clause in words: `“graph”`, `Yann LeCun`. */
  name: string
  /** What its acronym stands for, or the acronym of its words, where the corpus model has that. */
  otherForm: string | undefined
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
  { query, terms, otherForms }: LearnedQuery,
): { scored: ScoredClause[]; unit: number } {
  const lists = wordListsOf(index)
  const { clauses } = query
  const scored: ScoredClause[] = []
  let unit = 0
  for (let at = 0; at < clauses.length; at++) {
    const clause = clauses[at]!
    if (clause.kind !== 'text' || clause.occurrence === 'never') continue
    const term = clause.variants.length === 1 && terms[at]!.length === 1 ? terms[at]![0]! : -1
    const isListed = lists !== undefined && term >= 0 && lists.isSplit[term] === 0
    const match = isListed ? listedMatch(lists, term) : findText(index, clause.variants)
    scored.push(scoredText(clause, match, otherForms[at]))
    unit = Math.max(unit, match.ceiling)
  }
  // Where no word is known nothing is divided.
  unit ||= 1
  addPairs(scored, index, query, terms)
  for (const one of scored) one.factor /= unit
  addWishes(scored, index, query)
  return { scored, unit }
}

function scoredText(clause: TextClause, match: Match, otherForm?: string): ScoredClause {
  return { clause, name: `“${clause.text}”`, otherForm, match, factor: clause.weight }
}

/** Words that follow each other in the query, as phrases of little weight; an acronym added to it follows no word. */
function addPairs(
  scored: ScoredClause[],
  index: PaperIndex,
  { clauses }: TopicQuery,
  terms: LearnedQuery['terms'],
): void {
  let first: TextClause | undefined
  let before: number[] = []
  for (let at = 0; at < clauses.length; at++) {
    const second = clauses[at]!
    if (second.kind !== 'text' || second.occurrence === 'never') continue
    const own = numbersIn(index, second.variants[0]!, terms[at]!)
    if (first !== undefined && second.position >= first.position)
      addPair(scored, index, first, second, [...before, ...own])
    first = second
    before = own
  }
}

function addPair(
  scored: ScoredClause[],
  index: PaperIndex,
  first: TextClause,
  second: TextClause,
  numbers: readonly number[],
): void {
  const postings = phraseOf(index, numbers)
  if (postings === NOWHERE) return
  const stems = [...first.variants[0]!, ...second.variants[0]!]
  const text = `${first.text} ${second.text}`
  const weight = (PAIR_WEIGHT * (first.weight + second.weight)) / 2
  scored.push(scoredText({ ...second, text, variants: [stems], weight }, weigh(index, [stems], postings)))
}

/** The numbers in the index of stems of which those in the corpus model are known. */
function numbersIn(index: PaperIndex, stems: readonly string[], terms: readonly number[]): number[] {
  const lists = wordListsOf(index)
  const numbers: number[] = []
  for (let at = 0; at < stems.length; at++) {
    const term = terms[at] ?? -1
    numbers.push(lists === undefined || term < 0 ? termOf(index, stems[at]!) : lists.numbers[term]!)
  }
  return numbers
}

function addWishes(scored: ScoredClause[], index: PaperIndex, { clauses }: TopicQuery): void {
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

/** A paper that has the field has all of it; where in its text does not matter, only that it is not borrowed. */
function wishMatch(index: PaperIndex, clause: FieldClause): Match {
  const test = fieldTest(index, clause)
  const docs = Int32Array.from([...index.papers.keys()].filter(test))
  const { length } = docs
  const weights = new Float32Array(length).fill(1)
  return { docs, weights, places: new Uint8Array(length).fill(1), from: 0, to: length, ceiling: 1 }
}
