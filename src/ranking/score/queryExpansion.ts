import { type BoundedCache, keep, keptFor, newCache } from '../../caching.ts'
import type { CorpusModel } from '../corpus/corpusModel.ts'
import { mainWordsOf } from '../corpus/mainWords.ts'
import type { TextClause } from '../language/clauses.ts'
import type { TopicQuery } from '../language/query.ts'
import type { SparseRows } from '../matrices/sparseRows.ts'
import {
  addAll,
  addTo,
  clearSums,
  cutoff,
  heaviest,
  newSums,
  type SparseSums,
  valuesOf,
  type WeightedNumber,
} from '../matrices/sparseSums.ts'
import { findOwn, keyOf, type Variants } from './match.ts'
import { type QueryMeaning, queryMeaning } from './queryMeaning.ts'

/** Related words of a query, and the part of the interest that they decide. */
export interface QueryExpansion {
  /** The words' numbers in the corpus model, best first. */
  terms: number[]
  /** The weight of each word. Their sum is at most the weight of the query's own words. */
  weights: number[]
  /** 0 to 1. */
  share: number
  /**
   * The interest that one of a hundred papers of the corpus model reaches, own and related words together, as a sum of BM25 weights.
   * 0 if fewer papers have any of the words, or where the corpus model has too few papers.
   */
  strong: number
  /** Where the best papers lie in the LSA space. Undefined without one, and without such papers. */
  meaning: QueryMeaning | undefined
}

export const NO_EXPANSION: QueryExpansion = {
  terms: [],
  weights: [],
  share: 0,
  strong: 0,
  meaning: undefined,
}

/** The related words are taken from this many papers, those that match best. */
const FEEDBACK_PAPERS = 10
const WORDS = 30

/** Of the papers that have a common word this many are looked at, those with the largest weights. */
const HOLDERS = 1_000

/** This many papers are kept for each word or phrase. */
const STRONGEST = 1_000

const MOST_SHARE = 0.7
/** The strong interest is that of the best one in this many papers. */
const STRONG_SHARE = 100

/** Of fewer papers the strongest hundredth is chance. */
const LEAST_PAPERS = 500

/** Related words may change the order, so a few more papers than needed are looked at for the strong interest. */
const LOOKED_AT = 1.5

/** At this many words a query is so explicit that the share of related words has fallen to half. */
const HALF_SHARE_WORDS = 8
/** The cached lists of the strongest papers hold at most this many papers together, which takes 32 MB. */
const STRONGEST_LIMIT = 4_000_000

/** The papers of a corpus model with the largest weights of a word or phrase, document expansion included. */
interface StrongestPapers {
  docs: Int32Array
  weights: Float32Array
}

/** What the expansion of queries keeps with a corpus model. */
interface Workspace {
  /** For each paper its heaviest words and their weights; function words left out. */
  mainWords: SparseRows
  /** By key of a word or phrase. */
  strongest: BoundedCache<string, StrongestPapers>
  paperSums: SparseSums
  termSums: SparseSums
  /** For each related word of the query at hand its position among them, from 1. All 0 between two queries. */
  positions: Uint8Array
}

const workspaceOf = keptFor(
  (corpus: CorpusModel): Workspace => ({
    mainWords: mainWordsOf(corpus),
    strongest: newCache(STRONGEST_LIMIT),
    paperSums: newSums(corpus.index.papers.length),
    termSums: newSums(corpus.stems.length),
    positions: new Uint8Array(corpus.stems.length),
  }),
)

/**
 * Finds related words for a query: those of the corpus model's papers that match the query best. Pseudo-relevance feedback,
 * Lavrenko & Croft, "Relevance-Based Language Models" (2001), in the RM3 form that keeps the query's own words, with BM25
 * saturation for the probability of a word. A longer query needs fewer related words: docs/decisions/ranking.md has the numbers.
 */
export function expandQuery(corpus: CorpusModel, query: TopicQuery): QueryExpansion {
  const workspace = workspaceOf(corpus)
  const clauses = query.clauses.filter(
    (clause): clause is TextClause => clause.kind === 'text' && clause.occurrence !== 'never',
  )
  const { feedback, hundredth } = bestMatches(corpus, workspace, clauses)
  if (feedback.length === 0) return NO_EXPANSION
  const words = heaviestWords(workspace, feedback, excludedTerms(corpus, query))
  // Where few papers match, as in a small corpus model, there is little to learn from.
  const support = feedback.length / FEEDBACK_PAPERS
  let length = 0
  let own = 0
  for (const { variants, weight } of clauses) {
    length += variants[0]!.length
    own += weight * variants[0]!.length
  }
  const all = words.reduce((sum, { weight }) => sum + weight, 0)
  const part = relatedPart(corpus, clauses, words)
  const expansion = {
    terms: words.map(({ number }) => number),
    weights: words.map(({ weight }) => (part * weight * own) / all),
    share: (MOST_SHARE * support) / (1 + (length / HALF_SHARE_WORDS) ** 4),
  }
  return {
    ...expansion,
    strong: strongInterest(corpus, workspace, hundredth, expansion),
    meaning: queryMeaning(corpus, feedback, support),
  }
}

/**
 * The part of their weights that related words get, 0 to 1: together they are worth no more than the rarest word of the query. Those of a
 * common word such as “model” are all much rarer, and would decide in its place.
 */
function relatedPart(
  { index, weights }: CorpusModel,
  clauses: readonly TextClause[],
  related: readonly WeightedNumber[],
): number {
  let rarest = 0
  for (const { variants } of clauses)
    for (const stem of variants.flat()) rarest = Math.max(rarest, weights[index.terms.get(stem) ?? -1] ?? 0)
  let all = 0
  let worth = 0
  for (const { number, weight } of related) {
    all += weight
    worth += weight * weights[number]!
  }
  return rarest === 0 || worth === 0 ? 1 : Math.min((rarest * all) / worth, 1)
}

/** The interest of the last of the best hundredth of the papers. `docs` are the best by the query's own words. */
function strongInterest(
  { index }: CorpusModel,
  { mainWords: { starts, columns, values }, positions }: Workspace,
  { docs, weights: own }: StrongestPapers,
  { terms, weights, share }: Pick<QueryExpansion, 'terms' | 'weights' | 'share'>,
): number {
  const rank = Math.ceil(index.papers.length / STRONG_SHARE)
  if (docs.length < rank || index.papers.length < LEAST_PAPERS) return 0
  for (let at = 0; at < terms.length; at++) positions[terms[at]!] = at + 1
  const interests = new Float64Array(docs.length)
  for (let at = 0; at < docs.length; at++) {
    let related = 0
    const end = starts[docs[at]! + 1]!
    for (let k = starts[docs[at]!]!; k < end; k++) {
      const position = positions[columns[k]!]!
      if (position !== 0) related += weights[position - 1]! * values[k]!
    }
    interests[at] = (1 - share) * own[at]! + share * related
  }
  for (let at = 0; at < terms.length; at++) positions[terms[at]!] = 0
  interests.sort()
  return interests[interests.length - rank]!
}

/** The papers of the corpus model that match best, document expansion included: the few to learn from, and about the best hundredth. */
function bestMatches(
  corpus: CorpusModel,
  workspace: Workspace,
  clauses: readonly TextClause[],
): { feedback: WeightedNumber[]; hundredth: StrongestPapers } {
  const all = clauses.map(({ variants, weight }) => ({
    papers: strongest(corpus, workspace, variants),
    weight,
  }))
  const sums = workspace.paperSums
  for (const { papers, weight } of all) addAll(sums, papers.docs, papers.weights, weight)
  const feedback = heaviest(sums, FEEDBACK_PAPERS)
  const hundredth = largest(sums, Math.ceil((LOOKED_AT * corpus.index.papers.length) / STRONG_SHARE))
  clearSums(sums)
  return { feedback, hundredth }
}

/** The strongest papers of a word or phrase. */
function strongest(corpus: CorpusModel, workspace: Workspace, variants: Variants): StrongestPapers {
  const key = keyOf(variants)
  const known = workspace.strongest.entries.get(key)
  if (known !== undefined) return known
  const found = findStrongest(corpus, workspace.paperSums, variants)
  return keep(workspace.strongest, key, found, found.docs.length)
}

function findStrongest(corpus: CorpusModel, sums: SparseSums, variants: Variants): StrongestPapers {
  const { index, expansion } = corpus
  const { docs, weights, ceiling } = findOwn(index, variants)
  const worth = worthOf(corpus, variants, ceiling)
  const least = cutoff(weights, HOLDERS)
  for (let at = 0; at < docs.length; at++) {
    const doc = docs[at]!
    const weight = weights[at]!
    if (weight < least) continue
    addTo(sums, doc, worth * weight)
    const { starts, columns, values } = expansion
    addAll(sums, columns, values, worth * weight, starts[doc], starts[doc + 1])
  }
  const found = largest(sums, STRONGEST)
  clearSums(sums)
  return found
}

/**
 * What a word is worth, in parts of what the index says. The index of a starter model has only the main words of each paper, so a common
 * word looks rare there.
 */
function worthOf({ index, weights }: CorpusModel, variants: Variants, ceiling: number): number {
  const term =
    variants.length === 1 && variants[0]!.length === 1 ? index.terms.get(variants[0]![0]!) : undefined
  return term === undefined || ceiling === 0 ? 1 : weights[term]! / ceiling
}

/** About `most` papers with the largest sums, or a few more. */
function largest(sums: SparseSums, most: number): StrongestPapers {
  const all = valuesOf(sums)
  const enough = cutoff(all, most)
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

/** The heaviest words of the papers, without the excluded ones. */
function heaviestWords(
  { mainWords: { starts, columns, values }, termSums: sums }: Workspace,
  papers: readonly WeightedNumber[],
  excluded: readonly number[],
): WeightedNumber[] {
  for (const { number: paper, weight } of papers)
    addAll(sums, columns, values, weight, starts[paper], starts[paper + 1])
  for (const term of excluded) sums.values[term] = 0
  const words = heaviest(sums, WORDS)
  clearSums(sums)
  return words
}

/** The words that the query rules out. */
function excludedTerms({ index }: CorpusModel, { clauses }: TopicQuery): number[] {
  const excluded: number[] = []
  for (const clause of clauses)
    if (clause.kind === 'text' && clause.occurrence === 'never')
      for (const stem of clause.variants.flat()) excluded.push(index.terms.get(stem) ?? -1)
  return excluded.filter((term) => term >= 0)
}
