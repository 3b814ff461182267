import { fullWeight } from './bm25.ts'
import type { Collection } from './collection.ts'
import { addMatch, findOwn } from './match.ts'
import { withLent } from './neighbours.ts'
import type { TextClause, TopicQuery } from './query.ts'
import { documentFrequency, knownPapers } from './statistics.ts'
import { isStopStem } from './stopWords.ts'

/** Words of the collection that go with a query, and what part of the interest they decide. */
export interface Expansion {
  /** Best first; their weights sum up to the weight of the query's own words. */
  words: { stem: string; weight: number }[]
  /** 0 to 1. */
  share: number
}

export const NO_EXPANSION: Expansion = { words: [], share: 0 }

/** The words are taken from this many papers that match best. */
const FEEDBACK_PAPERS = 10
const WORDS = 30

const MOST_SHARE = 0.7
/** At this many words a query is so explicit that the share has fallen to half. */
const HALF_SHARE_WORDS = 8
const CACHE_LIMIT = 20_000

/**
 * Related words for a query, learned from the papers of the collection that match it best (pseudo-relevance feedback; Lavrenko
 * & Croft, "Relevance-Based Language Models" (2001), in the RM3 form that keeps the query's own words, with BM25 saturation for
 * the probability of a word). The longer a query, the less it needs: docs/decisions/ranking.md has the numbers.
 */
export function expandQuery(collection: Collection, query: TopicQuery): Expansion {
  const clauses = query.clauses.filter(
    (clause): clause is TextClause => clause.kind === 'text' && clause.occurrence !== 'never',
  )
  const key = JSON.stringify(query.clauses.map(({ text, weight, occurrence }) => [text, weight, occurrence]))
  const known = collection.expansions.get(key)
  if (known !== undefined) return known
  const expansion = expand(collection, clauses, neverStems(query))
  if (collection.expansions.size >= CACHE_LIMIT) collection.expansions.clear()
  collection.expansions.set(key, expansion)
  return expansion
}

function expand(
  collection: Collection,
  clauses: readonly TextClause[],
  never: ReadonlySet<string>,
): Expansion {
  const feedback = bestOf(collection, clauses)
  if (feedback.length === 0) return NO_EXPANSION
  const { index, saturation: rows } = collection
  const weights = new Map<number, number>()
  for (const { paper, score } of feedback)
    for (let k = rows.starts[paper]!; k < rows.starts[paper + 1]!; k++)
      weights.set(rows.columns[k]!, (weights.get(rows.columns[k]!) ?? 0) + score * rows.values[k]!)
  const stems = [...index.terms.keys()]
  const papers = knownPapers(index)
  const words = [...weights]
    .map(([term, weight]) => ({
      stem: stems[term]!,
      weight: weight * fullWeight(papers, documentFrequency(index, stems[term]!)),
    }))
    .filter(({ stem }) => !never.has(stem) && !isStopStem(stem))
    .sort((a, b) => b.weight - a.weight || (a.stem < b.stem ? -1 : 1))
    .slice(0, WORDS)
  const length = clauses.reduce((sum, { variants }) => sum + variants[0]!.length, 0)
  const own = clauses.reduce((sum, { variants, weight }) => sum + weight * variants[0]!.length, 0)
  const all = words.reduce((sum, { weight }) => sum + weight, 0)
  return {
    words: words.map(({ stem, weight }) => ({ stem, weight: (weight / all) * own })),
    share: MOST_SHARE / (1 + (length / HALF_SHARE_WORDS) ** 4),
  }
}

function bestOf({ index }: Collection, clauses: readonly TextClause[]): { paper: number; score: number }[] {
  const own = new Float64Array(index.papers.length)
  for (const { variants, weight } of clauses) addMatch(own, findOwn(index, variants), weight)
  const scores = withLent(index.neighbourhood!, own)
  return [...scores.keys()]
    .filter((paper) => scores[paper]! > 0)
    .map((paper) => ({ paper, score: scores[paper]! }))
    .sort((a, b) => b.score - a.score || a.paper - b.paper)
    .slice(0, FEEDBACK_PAPERS)
}

function neverStems(query: TopicQuery): Set<string> {
  const never = query.clauses.filter((clause) => clause.kind === 'text' && clause.occurrence === 'never')
  return new Set(never.flatMap((clause) => (clause as TextClause).variants.flat()))
}
