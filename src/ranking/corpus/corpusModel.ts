import { buildIndex, type RankablePaper } from '../index/paperIndex.ts'
import type { StrongLists } from '../score/queryExpansion.ts'
import { type Acronyms, learnAcronyms } from './acronyms.ts'
import { type Pool, poolOf } from './documentExpansion.ts'
import { type Meaning, trainMeaning } from './lsaVectors.ts'
import { type SparseRows, saturationRows, termWeights } from './sparseRows.ts'

/** A corpus model is trained on so many of the newest papers: docs/decisions/ranking.md has what more would take. */
export const POOL_PAPERS = 10_000

/**
 * What ranking has learned from the papers read so far. Immutable but for `strong` and `mainWords`, which only save
 * time. Plain data (typed arrays, maps, cycles), so that it can be stored by v8.serialize.
 */
export interface CorpusModel extends Pool {
  /** For each paper its words and how much it is about them, 0 to 1. */
  saturation: SparseRows
  /** For each term of the index its stem and full BM25 weight. */
  stems: string[]
  weights: Float64Array
  acronyms: Acronyms
  /** Undefined where the papers are too few. */
  meaning: Meaning | undefined
  strong: StrongLists
  /** For each paper its heaviest words, once asked for. */
  mainWords?: SparseRows
}

/**
 * Learns from papers; order does not matter but for ties. Deterministic. Of their texts the corpus model keeps only what it
 * learned, to be small.
 */
export function trainCorpusModel(papers: readonly RankablePaper[]): CorpusModel {
  const index = buildIndex(papers)
  index.papers = papers.map((paper) => ({ ...paper, abstract: null }))
  const { pool, neighbourhood } = poolOf(index)
  index.neighbourhood = neighbourhood
  // First, for nothing takes as much memory.
  const meaning = trainMeaning(index)
  const corpus: CorpusModel = {
    ...pool,
    saturation: saturationRows(index),
    stems: [...index.terms.keys()],
    weights: termWeights(index),
    acronyms: learnAcronyms(papers),
    meaning,
    strong: { lists: new Map(), papers: 0 },
  }
  index.corpus = corpus
  return corpus
}
