import { fieldTest } from './fieldMatch.ts'
import { findOwn, findText, type Match } from './match.ts'
import type { PaperIndex } from './paperIndex.ts'
import type { Clause, FieldClause, TextClause, TopicQuery } from './query.ts'

/** A clause that adds to the score: `weights[i]` times `factor` for the paper `docs[i]`. */
export interface ScoredClause {
  clause: Clause
  match: Pick<Match, 'docs' | 'weights'>
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
  const wanted = query.clauses.filter(({ occurrence }) => occurrence !== 'never')
  const texts = wanted.filter((clause): clause is TextClause => clause.kind === 'text')
  const wishes = wanted.filter((clause): clause is FieldClause => clause.kind !== 'text' && clause.prefers)
  const matches = texts.map(({ variants }) => findText(index, variants))
  const unit = matches.reduce((most, { ceiling }) => Math.max(most, ceiling), Number.MIN_VALUE)
  const scored = [
    ...texts.map((clause, at) => scoredText(clause, matches[at]!, unit)),
    ...pairsOf(texts).flatMap((pair) => scoredPair(index, pair, unit)),
    ...wishes.map((clause) => ({ clause, match: wishMatch(index, clause), factor: clause.weight })),
  ]
  return { scored, unit }
}

function scoredText(clause: TextClause, match: Match, unit: number): ScoredClause {
  return { clause, match, places: match.places, factor: clause.weight / unit }
}

function scoredPair(index: PaperIndex, pair: TextClause, unit: number): ScoredClause[] {
  const match = findOwn(index, pair.variants)
  return match.docs.length === 0 ? [] : [scoredText(pair, match, unit)]
}

/** Words that follow each other in the query, as phrases of little weight; an acronym added to it follows no word. */
function pairsOf(texts: readonly TextClause[]): TextClause[] {
  return texts.slice(1).flatMap((second, at) => {
    const first = texts[at]!
    if (second.position < first.position) return []
    return [
      {
        ...second,
        text: `${first.text} ${second.text}`,
        variants: [[...first.variants[0]!, ...second.variants[0]!]],
        weight: (PAIR_WEIGHT * (first.weight + second.weight)) / 2,
      },
    ]
  })
}

function wishMatch(index: PaperIndex, clause: FieldClause): ScoredClause['match'] {
  const test = fieldTest(index, clause)
  const docs = Int32Array.from([...index.papers.keys()].filter(test))
  return { docs, weights: new Float64Array(docs.length).fill(1) }
}
