import { fieldTest } from './fieldMatch.ts'
import { findPhrase, findText, type Match } from './match.ts'
import type { PaperIndex } from './paperIndex.ts'
import type { Clause, FieldClause, TextClause, TopicQuery } from './query.ts'

/** A clause that adds to the score: `parts[i]` times `factor` for the paper `docs[i]`. */
export interface ScoredClause {
  clause: Clause
  /** The clause in words: `“graph”`, `Yann LeCun`. */
  name: string
  match: Pick<Match, 'docs' | 'parts'>
  /** Bits of where each of `docs` has a text clause, 0 where only its neighbours have it; absent for fields. */
  places?: Uint8Array
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
  const scored = query.clauses
    .filter(isWanted)
    .map((clause) => scoredText(clause, findText(index, clause.variants)))
  // Where no word is known nothing is divided.
  const unit = scored.reduce((most, { match }) => Math.max(most, match.ceiling), 0) || 1
  const pairs = pairsOf(
    index,
    scored.map(({ clause }) => clause),
  )
  const wishes = query.clauses.filter(isWish).map((clause) => ({
    clause,
    name: clause.text,
    match: wishMatch(index, clause),
    factor: clause.weight,
  }))
  const texts = [...scored, ...pairs]
  for (const text of texts) text.factor /= unit
  return { scored: wishes.length === 0 ? texts : [...texts, ...wishes], unit }
}

function isWanted(clause: Clause): clause is TextClause {
  return clause.kind === 'text' && clause.occurrence !== 'never'
}

function isWish(clause: Clause): clause is FieldClause {
  return clause.kind !== 'text' && clause.occurrence !== 'never' && clause.prefers
}

interface ScoredText extends ScoredClause {
  clause: TextClause
  match: Match
}

function scoredText(clause: TextClause, match: Match): ScoredText {
  return {
    clause,
    name: `“${clause.text}”`,
    match,
    places: match.places,
    factor: clause.weight * match.ceiling,
  }
}

/** Words that follow each other in the query, as phrases of little weight; an acronym added to it follows no word. */
function pairsOf(index: PaperIndex, texts: readonly TextClause[]): ScoredText[] {
  const pairs: ScoredText[] = []
  for (let at = 1; at < texts.length; at++) {
    const first = texts[at - 1]!
    const second = texts[at]!
    if (second.position < first.position) continue
    const stems = [...first.variants[0]!, ...second.variants[0]!]
    const match = findPhrase(index, stems)
    if (match.docs.length === 0) continue
    const text = `${first.text} ${second.text}`
    const weight = (PAIR_WEIGHT * (first.weight + second.weight)) / 2
    pairs.push(scoredText({ ...second, text, variants: [stems], weight }, match))
  }
  return pairs
}

function wishMatch(index: PaperIndex, clause: FieldClause): ScoredClause['match'] {
  const test = fieldTest(index, clause)
  const docs = Int32Array.from([...index.papers.keys()].filter(test))
  return { docs, parts: new Float32Array(docs.length).fill(1) }
}
