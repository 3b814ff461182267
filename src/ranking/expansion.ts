import type { Collection } from './collection.ts'
import { findOwn, keyOf, type Match } from './match.ts'
import type { TextClause, TopicQuery } from './query.ts'
import { isStopStem } from './stopWords.ts'
import { addTo, cutoff, endSums, heaviest, type Scored, startSums, valuesOf } from './sums.ts'

/** Words of the collection that go with a query, and what part of the interest they decide. */
export interface Expansion {
  /** Best first; their weights sum up to the weight of the query's own words. */
  words: { stem: string; weight: number }[]
  /** 0 to 1. */
  share: number
}

/** Papers and the weight of a word or phrase in them. */
export type Strong = Pick<Match, 'docs' | 'weights'>

export const NO_EXPANSION: Expansion = { words: [], share: 0 }

/** The words are taken from this many papers that match best. */
const FEEDBACK_PAPERS = 10
const WORDS = 30

/** Of the papers that have a common word only so many are looked at, those it says most about. */
const HOLDERS = 1_000

/** Of a large collection only about so many papers, those that match best by their own words, lend to their neighbours. */
const LENDERS = 500

const MOST_SHARE = 0.7
/** At this many words a query is so explicit that the share has fallen to half. */
const HALF_SHARE_WORDS = 8
const CACHE_LIMIT = 5_000
const STRONG_LIMIT = 2_000

/**
 * Related words for a query, learned from the papers of the collection that match it best (pseudo-relevance feedback; Lavrenko
 * & Croft, "Relevance-Based Language Models" (2001), in the RM3 form that keeps the query's own words, with BM25 saturation for
 * the probability of a word). The longer a query, the less it needs: docs/decisions/ranking.md has the numbers.
 */
export function expandQuery(collection: Collection, query: TopicQuery): Expansion {
  const key = queryKey(query)
  const known = collection.expansions.get(key)
  if (known !== undefined) return known
  const expansion = expand(collection, query)
  if (collection.expansions.size >= CACHE_LIMIT) collection.expansions.clear()
  collection.expansions.set(key, expansion)
  return expansion
}

function queryKey({ clauses }: TopicQuery): string {
  let key = ''
  for (const { kind, text, weight, occurrence } of clauses)
    if (kind === 'text') key += `${text}\0${weight}\0${occurrence}\0`
  return key
}

function expand(collection: Collection, query: TopicQuery): Expansion {
  const clauses = query.clauses.filter(
    (clause): clause is TextClause => clause.kind === 'text' && clause.occurrence !== 'never',
  )
  const feedback = bestMatches(collection, clauses)
  if (feedback.length === 0) return NO_EXPANSION
  const words = heaviestWords(collection, feedback, neverTerms(collection, query))
  // Where few papers match, as in a small collection, there is little to learn from.
  const support = feedback.length / FEEDBACK_PAPERS
  const length = clauses.reduce((sum, { variants }) => sum + variants[0]!.length, 0)
  const own = clauses.reduce((sum, { variants, weight }) => sum + weight * variants[0]!.length, 0)
  const all = words.reduce((sum, { score }) => sum + score, 0)
  return {
    words: words.map(({ at, score }) => ({ stem: collection.stems[at]!, weight: (score / all) * own })),
    share: (MOST_SHARE * support) / (1 + (length / HALF_SHARE_WORDS) ** 4),
  }
}

/** The papers of the collection that match best, what neighbours lend included. */
function bestMatches(collection: Collection, clauses: readonly TextClause[]): Scored[] {
  const { index } = collection
  const own = startSums(index.papers.length)
  for (const { variants, weight } of clauses) {
    const { docs, weights } = strongest(collection, variants)
    for (let at = 0; at < docs.length; at++) addTo(own, docs[at]!, weight * weights[at]!)
  }
  const least = cutoff(valuesOf(own), own.count, LENDERS)
  const lent = startSums(index.papers.length)
  const { starts, columns, values } = index.neighbourhood!.lends
  for (let at = 0; at < own.count; at++) {
    const lender = own.touched[at]!
    const score = own.values[lender]!
    if (score < least) continue
    addTo(lent, lender, score)
    for (let k = starts[lender]!; k < starts[lender + 1]!; k++) addTo(lent, columns[k]!, score * values[k]!)
  }
  for (let at = 0; at < lent.count; at++) {
    const paper = lent.touched[at]!
    // Lenders have their own already.
    if (own.values[paper]! < least) lent.values[paper]! += own.values[paper]!
  }
  const best = heaviest(lent, FEEDBACK_PAPERS)
  endSums(own)
  endSums(lent)
  return best
}

/** The papers of the collection that a word or phrase says most about. */
function strongest({ index, strong }: Collection, variants: TextClause['variants']): Strong {
  const key = keyOf(variants)
  const known = strong.get(key)
  if (known !== undefined) return known
  const found = withoutWeakest(findOwn(index, variants))
  if (strong.size >= STRONG_LIMIT) strong.clear()
  strong.set(key, found)
  return found
}

function withoutWeakest({ docs, weights }: Strong): Strong {
  if (docs.length <= HOLDERS) return { docs, weights }
  const least = cutoff(weights, weights.length, HOLDERS)
  return {
    docs: docs.filter((_, at) => weights[at]! >= least),
    weights: weights.filter((weight) => weight >= least),
  }
}

function heaviestWords(
  { saturation: { starts, columns, values }, weights, stems }: Collection,
  feedback: readonly Scored[],
  never: ReadonlySet<number>,
): Scored[] {
  const sums = startSums(weights.length)
  for (const { at: paper, score } of feedback)
    for (let k = starts[paper]!; k < starts[paper + 1]!; k++) {
      const term = columns[k]!
      if (!never.has(term)) addTo(sums, term, score * values[k]! * weights[term]!)
    }
  const words = heaviest(sums, WORDS)
  endSums(sums)
  return words.filter(({ at }) => !isStopStem(stems[at]!))
}

function neverTerms({ index }: Collection, query: TopicQuery): Set<number> {
  const never = query.clauses.filter((clause) => clause.kind === 'text' && clause.occurrence === 'never')
  return new Set(
    never
      .flatMap((clause) => (clause as TextClause).variants.flat())
      .map((stem) => index.terms.get(stem) ?? -1),
  )
}
