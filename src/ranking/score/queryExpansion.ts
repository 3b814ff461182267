import type { CorpusModel } from '../corpus/corpusModel.ts'
import { type SparseRows, sparseRows } from '../corpus/sparseRows.ts'
import {
  addAll,
  addTo,
  cutoff,
  endSums,
  type Heaviest,
  heaviest,
  type Sums,
  startSums,
  valuesOf,
} from '../corpus/sparseSums.ts'
import type { PaperIndex } from '../index/paperIndex.ts'
import type { TextClause, TopicQuery } from '../language/query.ts'
import { isStopStem } from '../language/stopWords.ts'
import { findOwn, keyOf } from './match.ts'

/** Words of the corpus model that go with a query, and what part of the interest they decide. */
export interface Expansion {
  /** Their numbers in the corpus model, best first. */
  terms: number[]
  /** Of each word; they sum up to the weight of the query's own words. */
  weights: number[]
  /** 0 to 1. */
  share: number
}

/** Papers of a corpus model and the weight of a word or phrase in them, what neighbours lend included. */
interface Strong {
  docs: Int32Array
  weights: Float32Array
}

/** The strongest papers of the words and phrases looked for so far, and how many they are together. */
export interface StrongLists {
  lists: Map<string, Strong>
  papers: number
}

export const NO_EXPANSION: Expansion = { terms: [], weights: [], share: 0 }

/** The words are taken from this many papers that match best. */
const FEEDBACK_PAPERS = 10
const WORDS = 30

/** Of the papers that have a common word only so many are looked at, those it says most about. */
const HOLDERS = 1_000

/** So many papers are kept for a word or phrase. */
const STRONGEST = 1_000

/** So many words of a paper can become related words. */
const MAIN_WORDS = 100

const MOST_SHARE = 0.7
/** At this many words a query is so explicit that the share has fallen to half. */
const HALF_SHARE_WORDS = 8
/** The lists of the strongest papers hold at most so many papers together: 32 MB. */
const STRONG_LIMIT = 4_000_000

/**
 * Related words for a query, learned from the papers of the corpus model that match it best (pseudo-relevance feedback; Lavrenko
 * & Croft, "Relevance-Based Language Models" (2001), in the RM3 form that keeps the query's own words, with BM25 saturation for
 * the probability of a word). The longer a query, the less it needs: docs/decisions/ranking.md has the numbers.
 */
export function expandQuery(corpus: CorpusModel, query: TopicQuery): Expansion {
  const clauses = query.clauses.filter(
    (clause): clause is TextClause => clause.kind === 'text' && clause.occurrence !== 'never',
  )
  const feedback = bestMatches(corpus, clauses)
  if (feedback.places.length === 0) return NO_EXPANSION
  const { places: terms, values } = heaviestWords(corpus, feedback, neverTerms(corpus, query))
  // Where few papers match, as in a small corpus model, there is little to learn from.
  const support = feedback.places.length / FEEDBACK_PAPERS
  let length = 0
  let own = 0
  for (const { variants, weight } of clauses) {
    length += variants[0]!.length
    own += weight * variants[0]!.length
  }
  const all = values.reduce((sum, value) => sum + value, 0)
  return {
    terms,
    weights: values.map((value) => (value / all) * own),
    share: (MOST_SHARE * support) / (1 + (length / HALF_SHARE_WORDS) ** 4),
  }
}

/** The papers of the corpus model that match best, what neighbours lend included. */
function bestMatches(corpus: CorpusModel, clauses: readonly TextClause[]): Heaviest {
  const sums = startSums(corpus.index.papers.length)
  for (const { variants, weight } of clauses) {
    const { docs, weights } = strongest(corpus, variants)
    addAll(sums, docs, weights, weight)
  }
  const best = heaviest(sums, FEEDBACK_PAPERS)
  endSums(sums)
  return best
}

/** The papers of the corpus model that a word or phrase says most about, by themselves or by their neighbours. */
function strongest(corpus: CorpusModel, variants: TextClause['variants']): Strong {
  const { strong } = corpus
  const key = keyOf(variants)
  const known = strong.lists.get(key)
  if (known !== undefined) return known
  const found = findStrongest(corpus.index, variants)
  if (strong.papers + found.docs.length > STRONG_LIMIT) {
    strong.lists.clear()
    strong.papers = 0
  }
  strong.lists.set(key, found)
  strong.papers += found.docs.length
  return found
}

function findStrongest(index: PaperIndex, variants: TextClause['variants']): Strong {
  const { docs, weights } = findOwn(index, variants)
  const { lends } = index.neighbourhood!
  const least = cutoff(weights, weights.length, HOLDERS)
  const sums = startSums(index.papers.length)
  for (let at = 0; at < docs.length; at++) {
    const weight = weights[at]!
    if (weight < least) continue
    addTo(sums, docs[at]!, weight)
    addAll(sums, lends.columns, lends.values, weight, lends.starts[docs[at]!], lends.starts[docs[at]! + 1])
  }
  const found = largest(sums, STRONGEST)
  endSums(sums)
  return found
}

/** About `most` places with the largest sums, or a few more. */
function largest(sums: Sums, most: number): Strong {
  const all = valuesOf(sums)
  const enough = cutoff(all, all.length, most)
  let count = 0
  for (let at = 0; at < all.length; at++) if (all[at]! >= enough) count++
  const found = { docs: new Int32Array(count), weights: new Float32Array(count) }
  count = 0
  for (let at = 0; at < all.length; at++) {
    if (all[at]! < enough) continue
    found.docs[count] = sums.touched[at]!
    found.weights[count++] = all[at]!
  }
  return found
}

/** The words that the papers say most with; those never wanted are no part of it. */
function heaviestWords(
  corpus: CorpusModel,
  { places: papers, values: scores }: Heaviest,
  never: readonly number[],
): Heaviest {
  corpus.mainWords ??= mainWordsOf(corpus)
  const { starts, columns, values } = corpus.mainWords
  const sums = startSums(corpus.stems.length)
  for (let at = 0; at < papers.length; at++)
    addAll(sums, columns, values, scores[at]!, starts[papers[at]!], starts[papers[at]! + 1])
  for (const term of never) sums.values[term] = 0
  const words = heaviest(sums, WORDS)
  endSums(sums)
  return words
}

/** For each paper of the corpus model its heaviest words and their weights, words without a subject left out. */
function mainWordsOf({ saturation, weights, stems }: CorpusModel): SparseRows {
  const isStop = stems.map(isStopStem)
  const rows = { starts: [0], columns: [] as number[], values: [] as number[] }
  const paperCount = saturation.starts.length - 1
  for (let paper = 0; paper < paperCount; paper++) {
    const sums = startSums(stems.length)
    for (let k = saturation.starts[paper]!; k < saturation.starts[paper + 1]!; k++) {
      const term = saturation.columns[k]!
      const weight = saturation.values[k]! * weights[term]!
      if (weight > 0 && !isStop[term]) addTo(sums, term, weight)
    }
    const { places, values } = heaviest(sums, MAIN_WORDS)
    rows.columns.push(...places)
    rows.values.push(...values)
    rows.starts.push(rows.columns.length)
    endSums(sums)
  }
  return sparseRows(rows)
}

function neverTerms({ index }: CorpusModel, { clauses }: TopicQuery): number[] {
  const never: number[] = []
  for (const clause of clauses)
    if (clause.kind === 'text' && clause.occurrence === 'never')
      for (const stem of clause.variants.flat()) never.push(index.terms.get(stem) ?? -1)
  return never.filter((term) => term >= 0)
}
