import type { PaperIndex } from '../index/paperIndex.ts'
import type { DenseRows } from '../matrices/denseRows.ts'
import type { SparseRows } from '../matrices/sparseRows.ts'
import type { Acronyms } from './acronyms.ts'
import type { CollectionStatistics } from './collectionStatistics.ts'

/**
 * What ranking has learned from many papers (trainCorpusModel.ts). Immutable plain data of typed arrays and maps: it is stored
 * by V8's structured clone format, in the form that CORPUS_FORMAT numbers.
 */
export interface CorpusModel {
  /** The papers that it was trained on, without their abstracts. */
  index: PaperIndex
  /** For each posting of the index the word's component of the paper's BM25 vector of length 1. */
  unitWeights: Float32Array
  /** The document expansion of its own papers by each other. */
  expansion: DocumentExpansion
  /** For each paper its words and their BM25 saturation, 0 to 1. */
  saturation: SparseRows
  /** For each term of the index in how many papers it is. A starter model has only the main words of each paper in its index. */
  holders: Int32Array
  /** For each term of the index its stem and its full BM25 weight. */
  stems: string[]
  weights: Float64Array
  acronyms: Acronyms
  /**
   * Neighbours of a smaller mean squared cosine lend less: a starter model may be of another field, where the nearest papers are far.
   * Papers of one field have neighbours at cosines of 0.2 to 0.4. 0 in a model of one's own papers.
   */
  leastSquare: number
  grams: GramModel
  /** Undefined if the papers are too few. */
  lsa: LsaModel | undefined
}

/**
 * Which papers of a corpus model expand the papers of an index. Row p lists the papers of the index (columns) that get the words
 * of the corpus paper p, and the share of its words that they get. The shares of a paper with ten neighbours add up to 1; with
 * fewer neighbours they add up to less.
 */
export type DocumentExpansion = SparseRows

/** A space in which papers of one subject lie close together even where their words differ (lsaVectors.ts). */
export interface LsaModel {
  /** Stem → its row in `termVectors`. */
  vocabulary: ReadonlyMap<string, number>
  termVectors: DenseRows
  /** For each paper of the corpus model the vector of its own words, of length 1. */
  paperVectors: DenseRows
  /** The mean of the expanded paper vectors. */
  mean: number[]
  /** The covariance of the expanded paper vectors, by rows. */
  covariance: number[][]
  /** The inverse of the covariance after shrinkage. */
  precision: number[][]
}

/** What a corpus model knows of grams (grams.ts): their weights, and examples of papers that nobody in particular likes. */
export interface GramModel {
  /** The hashes of the known grams, rising. A gram's position here is its number. */
  hashes: Int32Array
  /** For each gram ln((1 + papers) / (1 + holders)) + 1. */
  idf: Float32Array
  /** The papers of the sample, as positions in the corpus model. */
  docs: Int32Array
  /** The sample as unit vectors of (1 + ln frequency) · idf. */
  sample: SparseRows
}

/** An index with what a corpus model teaches about its papers. Both are set, or neither. */
export interface RankingIndex extends PaperIndex {
  corpus?: CorpusModel
  expansion?: DocumentExpansion
  /** What is known of the collection that the papers are some of. Given instead of the two above. */
  statistics?: CollectionStatistics
}

/** Whether the index holds the very papers that its corpus model was trained on. */
export function isCorpusItself({ inverted, corpus }: RankingIndex): boolean {
  return corpus?.index.inverted === inverted
}
