import { fullWeight } from '../corpus/bm25.ts'
import type { CorpusModel, LsaModel, RankingIndex } from '../corpus/corpusModel.ts'
import { expandScores } from '../corpus/documentExpansion.ts'
import { gramListsOf, gramRowsOf } from '../corpus/grams.ts'
import { lsaVectorsOf } from '../corpus/lsaVectors.ts'
import { saturationRows } from '../corpus/paperRows.ts'
import { buildIndex } from '../corpus/rankingIndex.ts'
import { documentFrequency, knownPapers } from '../corpus/statistics.ts'
import { wordListsOf } from '../corpus/wordLists.ts'
import type { RankablePaper } from '../index/paperIndex.ts'
import { isStopStem } from '../language/stopWords.ts'
import { type DenseRows, dotRow } from '../matrices/denseRows.ts'
import { dot } from '../matrices/dot.ts'
import { type GramWeights, trainGramTaste } from './gramTaste.ts'
import { addListed, addMatch, findOwn, findText } from './match.ts'
import { readable } from './readable.ts'

/** A liked paper, with what was said of it and when; of an example nobody knows when. */
export interface LikedPaper extends RankablePaper {
  liked?: { as: 'saved' | 'liked' | 'opened' | 'example'; at: Date }
}

/** A word of a taste. */
export interface TasteWord {
  stem: string
  /** Its number in the corpus model that the taste was learned with; -1 if the word is new there. */
  term: number
  weight: number
}

/** What a subscriber's likes and dislikes have taught: linear models over words, LSA vectors and grams. */
export interface Taste {
  likes: number
  dislikes: number
  /**
   * Heaviest first; words of a weight below 0 speak against a paper. The weights are in units of the standard deviation of their
   * sum over the corpus model.
   */
  words: TasteWord[]
  /** A direction in the LSA space, scaled like the words. Empty if the corpus model has no LSA space. */
  direction: Float64Array
  /** A linear model over words and pairs of words, scaled like the words. */
  grams: GramWeights
  /** What words, direction and grams together give the mean paper of the corpus model. */
  average: number
  /** The score that one of twenty papers of the corpus model reaches. */
  strong: number
  /** The LSA vectors of the liked papers, at most MOST_VECTORS of them. Undefined without an LSA space. */
  likedVectors: DenseRows | undefined
  /** The same papers, to be named in reasons. */
  liked: Pick<LikedPaper, 'title' | 'liked'>[]
}

/** Fewer words tell less about ten liked papers, and more add little: docs/decisions/ranking.md. */
const WORDS = 250

/** Disliked papers are mostly similar to liked ones, so they may only correct the taste a little. */
const DISLIKE_WEIGHT = 0.05

/** A process keeps thousands of tastes, so each keeps the vectors of this many liked papers. */
const MOST_VECTORS = 50

/** Two papers are close at this cosine. On citeulike-a that is 1 of 26 pairs, and 1 of 4 pairs that one person keeps. */
const CLOSE = 0.5

/**
 * What one standard deviation of the linear model over grams adds to a taste score: at most this, and half of it where the liked papers
 * agree by HALF_AGREEMENT. Pairs of words tell a narrow list well, and mislead where interests are many.
 */
const MOST_GRAMS_SHARE = 0.8
const HALF_AGREEMENT = 2.2

/** The parts of a taste score that words and LSA vectors have. */
const WORDS_SHARE = 1 / 3
const LSA_SHARE = 2 / 3

/**
 * Learns a taste from liked and disliked papers, which need not be in the corpus model. Undefined without likes.
 *
 * The words come from Rocchio's feedback (1971) on BM25. The direction is Fisher's linear discriminant of the liked papers against
 * the corpus model, its covariance shrunk as in Hariharan, Malik & Ramanan, "Discriminative Decorrelation for Clustering and
 * Classification" (2012). So ten likes suffice, and training takes milliseconds.
 *
 * `forgotten` are stems to leave out, as if the papers had been written without them. Function words and bare numbers are always
 * left out.
 */
export function trainTaste(
  corpus: CorpusModel,
  likes: readonly LikedPaper[],
  dislikes: readonly RankablePaper[] = [],
  forgotten: ReadonlySet<string> = new Set(),
): Taste | undefined {
  if (likes.length === 0) return undefined
  const examples = [...likes, ...dislikes].map((paper) => readable(paper, forgotten))
  const index = buildIndex(examples, corpus)
  const signs = index.papers.map((_, at) =>
    at < likes.length ? 1 / likes.length : -DISLIKE_WEIGHT / dislikes.length,
  )
  const words = wordWeights(index, signs).filter(({ stem }) => !forgotten.has(stem))
  const { scores, mean, spread } = spreadOf(corpus, words)
  const scale = spread === 0 ? 0 : WORDS_SHARE / spread
  const vectors = lsaVectorsOf(index)
  const { direction, average } = directionOf(corpus.lsa, vectors, signs)
  const ofGrams = trainGramTaste(corpus.grams, gramRowsOf(index)!, signs, likes.length)
  const share = gramsShare(ofGrams.agreement)
  const grams = scaled(ofGrams, share)
  const whole = scale * mean + average + grams.average
  const sampled = Float64Array.from(
    corpus.grams.docs,
    (doc, row) =>
      scale * scores[doc]! + ownDirection(corpus.lsa, doc, direction) + share * ofGrams.values[row]!,
  )
  return {
    likes: likes.length,
    dislikes: dislikes.length,
    words: words.map(({ stem, weight }) => ({
      stem,
      term: corpus.index.terms.get(stem) ?? -1,
      weight: scale * weight,
    })),
    direction,
    grams,
    average: whole,
    strong: strongOf(sampled) - whole,
    likedVectors: vectors && firstRows(vectors, Math.min(likes.length, MOST_VECTORS)),
    liked: likes.slice(0, MOST_VECTORS).map(({ title, liked }) => (liked ? { title, liked } : { title })),
  }
}

/** A single like says nothing of agreement, so it counts half. */
function gramsShare(agreement = HALF_AGREEMENT): number {
  const narrow = Math.max(agreement, 0) ** 4
  return (MOST_GRAMS_SHARE * narrow) / (narrow + HALF_AGREEMENT ** 4)
}

function scaled({ grams, weights, average }: GramWeights, factor: number): GramWeights {
  return { grams, weights: weights.map((weight) => factor * weight), average: factor * average }
}

/** A taste applied to an index. */
export interface TasteScores {
  index: RankingIndex
  taste: Taste
  /** For each paper the sum of its words' weights, less the average. */
  wordScores: Float64Array
  /** The LSA vectors of the papers; undefined if the taste has no direction in their space. */
  vectors: DenseRows | undefined
  /** For each paper its score once it was asked for; NaN before. */
  scores: Float64Array
}

/** Applies a taste to an index. Both must be of the same corpus model. */
export function tasteScoresOf(index: RankingIndex, taste: Taste): TasteScores {
  const wordScores = new Float64Array(index.papers.length).fill(-taste.average)
  const lists = wordListsOf(index)
  for (const { stem, term, weight } of taste.words)
    if (lists !== undefined && term >= 0 && lists.isSplit[term] === 0)
      addListed(wordScores, lists, term, weight)
    else addMatch(wordScores, findText(index, [[stem]]), weight)
  addGrams(wordScores, index, taste.grams)
  const vectors = lsaVectorsOf(index)
  return {
    index,
    taste,
    wordScores,
    vectors: vectors !== undefined && taste.direction.length === vectors.width ? vectors : undefined,
    scores: new Float64Array(index.papers.length).fill(Number.NaN),
  }
}

function addGrams(scores: Float64Array, index: RankingIndex, { grams, weights }: GramWeights): void {
  const lists = gramListsOf(index)
  if (lists === undefined) return
  const { starts, columns, values } = lists
  for (let at = 0; at < grams.length; at++) {
    const weight = weights[at]!
    const end = starts[grams[at]! + 1]!
    for (let k = starts[grams[at]!]!; k < end; k++) scores[columns[k]!]! += weight * values[k]!
  }
}

/**
 * How well a paper of the index suits the taste: 0 for the mean paper of the corpus model, and about 1 for a paper one standard
 * deviation better.
 */
export function tasteScore({ taste, wordScores, vectors, scores }: TasteScores, doc: number): number {
  const known = scores[doc]!
  if (!Number.isNaN(known)) return known
  const score = wordScores[doc]! + (vectors === undefined ? 0 : dotRow(vectors, doc, taste.direction))
  scores[doc] = score
  return score
}

/** How many of the liked papers are close to a paper of the index in the LSA space, and which is nearest; undefined without one. */
export function closeLikes(
  { taste: { likedVectors }, vectors }: TasteScores,
  doc: number,
): { count: number; nearest: number } | undefined {
  if (vectors === undefined || likedVectors === undefined) return undefined
  const { width } = vectors
  const vector = Float64Array.from(vectors.values.subarray(doc * width, (doc + 1) * width))
  const close = { count: 0, nearest: 0 }
  let largest = Number.NEGATIVE_INFINITY
  for (let row = 0; row * width < likedVectors.values.length; row++) {
    const cosine = dotRow(likedVectors, row, vector)
    if (cosine >= CLOSE) close.count++
    if (cosine > largest) close.nearest = row
    largest = Math.max(largest, cosine)
  }
  return close
}

type WeighedStem = Pick<TasteWord, 'stem' | 'weight'>

function wordWeights(index: RankingIndex, signs: readonly number[]): WeighedStem[] {
  const rows = saturationRows(index)
  const stems = [...index.terms.keys()]
  const sums = new Float64Array(stems.length)
  for (const [paper, sign] of signs.entries())
    for (let k = rows.starts[paper]!; k < rows.starts[paper + 1]!; k++)
      sums[rows.columns[k]!]! += sign * rows.values[k]!
  const papers = knownPapers(index)
  return stems
    .map((stem, term) => ({ stem, term }))
    .filter(({ stem }) => !isStopStem(stem) && /\p{L}/u.test(stem))
    .map(({ stem, term }) => ({
      stem,
      weight: sums[term]! * fullWeight(papers, documentFrequency(index, stem)),
    }))
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight) || (a.stem < b.stem ? -1 : 1))
    .slice(0, WORDS)
}

/** Mean and standard deviation of the words' sum over the expanded papers of the corpus model. */
function spreadOf(
  { index, expansion }: CorpusModel,
  words: readonly WeighedStem[],
): { scores: Float64Array; mean: number; spread: number } {
  const own = new Float64Array(index.papers.length)
  for (const { stem, weight } of words) addMatch(own, findOwn(index, [[stem]]), weight)
  const scores = expandScores(expansion, own)
  const mean = scores.reduce((sum, score) => sum + score, 0) / Math.max(scores.length, 1)
  const squares = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0)
  return { scores, mean, spread: Math.sqrt(squares / Math.max(scores.length, 1)) }
}

function directionOf(
  lsa: LsaModel | undefined,
  vectors: DenseRows | undefined,
  signs: readonly number[],
): Pick<Taste, 'direction' | 'average'> {
  if (lsa === undefined || vectors === undefined) return { direction: new Float64Array(0), average: 0 }
  const { width, values } = vectors
  const pull = lsa.mean.map((mean, at) =>
    signs.reduce((sum, sign, paper) => sum + sign * (values[paper * width + at]! - mean), 0),
  )
  const raw = lsa.precision.map((row) => dot(row, pull))
  const spread = Math.sqrt(
    dot(
      raw,
      lsa.covariance.map((row) => dot(row, raw)),
    ),
  )
  const direction = Float64Array.from(raw, (value) => (spread === 0 ? 0 : (LSA_SHARE * value) / spread))
  return { direction, average: dot(direction, lsa.mean) }
}

/** What the direction gives a paper of the corpus model by its own words. */
function ownDirection(lsa: LsaModel | undefined, doc: number, direction: Float64Array): number {
  return lsa === undefined ? 0 : dotRow(lsa.paperVectors, doc, direction)
}

/** A strong taste is that of the best one in this many papers. */
const STRONG_SHARE = 20

function strongOf(scores: Float64Array): number {
  const sorted = scores.sort()
  return sorted[sorted.length - Math.ceil(sorted.length / STRONG_SHARE)] ?? 0
}

function firstRows({ width, values }: DenseRows, count: number): DenseRows {
  return { width, values: values.slice(0, count * width) }
}
