import { fullWeight } from '../corpus/bm25.ts'
import type { CorpusModel } from '../corpus/corpusModel.ts'
import { type DenseRows, dotRow } from '../corpus/denseRows.ts'
import { withLent } from '../corpus/documentExpansion.ts'
import { type Meaning, placesOf } from '../corpus/lsaVectors.ts'
import { saturationRows } from '../corpus/sparseRows.ts'
import { documentFrequency, knownPapers } from '../corpus/statistics.ts'
import { wordListsOf } from '../corpus/wordLists.ts'
import { buildIndex, type PaperIndex, type RankablePaper } from '../index/paperIndex.ts'
import { isStopStem } from '../language/stopWords.ts'
import { analyse } from '../language/text.ts'
import { addListed, addMatch, findOwn, findText } from './match.ts'

/** A word of a taste. */
export interface TasteWord {
  stem: string
  /** Its number in the corpus model that the taste was learned with; -1 where the word is new there. */
  term: number
  weight: number
}

/** What a subscriber's likes and dislikes have taught: a linear model over words and meaning. */
export interface Taste {
  likes: number
  dislikes: number
  /** Heaviest first; negative ones speak against a paper. In units of the spread of their sum over the corpus model. */
  words: TasteWord[]
  /** A direction in the corpus model's space of meaning, likewise scaled; empty where the corpus model has none. */
  direction: Float64Array
  /** What words and direction together give the mean paper of the corpus model. */
  average: number
  /** The places of the liked papers, or of the first of very many; undefined where there is no direction. */
  liked: DenseRows | undefined
}

/** Fewer tell less of ten papers liked; more add little: docs/decisions/ranking.md. */
const WORDS = 250

/** Disliked papers are mostly near to what is liked, so they may only correct it a little. */
const DISLIKE_WEIGHT = 0.05

/** So many liked papers keep their places: a process keeps thousands of tastes. */
const MOST_PLACES = 50

/** Two papers are close whose places have this cosine: on citeulike-a 1 of 26 pairs, of those one person keeps 1 of 4. */
const CLOSE = 0.5

/** A taste's score is so much of the words' and so much of the meaning's. */
const WORDS_SHARE = 1 / 3
const MEANING_SHARE = 2 / 3

/**
 * Learns a taste from papers liked and disliked; they need not be in the corpus model. Words: Rocchio's feedback (1971) on BM25,
 * "more like this". Meaning: Fisher's linear discriminant of the liked papers against the corpus model, its covariance shrunk
 * (as in Hariharan, Malik & Ramanan, "Discriminative Decorrelation for Clustering and Classification", 2012), so ten likes
 * suffice and training takes milliseconds. `forgotten`: stems to leave out, as if the papers had been written without them; function words and bare numbers always are. Undefined without likes.
 */
export function trainTaste(
  corpus: CorpusModel,
  likes: readonly RankablePaper[],
  dislikes: readonly RankablePaper[] = [],
  forgotten: ReadonlySet<string> = new Set(),
): Taste | undefined {
  if (likes.length === 0) return undefined
  const taught = [...likes, ...dislikes].map((paper) => withoutWords(paper, forgotten))
  const index = buildIndex(taught, corpus)
  const signs = index.papers.map((_, at) =>
    at < likes.length ? 1 / likes.length : -DISLIKE_WEIGHT / dislikes.length,
  )
  const words = wordWeights(index, signs).filter(({ stem }) => !forgotten.has(stem))
  const { mean, spread } = spreadOf(corpus, words)
  const scale = spread === 0 ? 0 : WORDS_SHARE / spread
  const { direction, average } = directionOf(corpus.meaning, index, signs)
  return {
    likes: likes.length,
    dislikes: dislikes.length,
    words: words.map(({ stem, weight }) => ({
      stem,
      term: corpus.index.terms.get(stem) ?? -1,
      weight: scale * weight,
    })),
    direction,
    average: scale * mean + average,
    liked: corpus.meaning && firstRows(placesOf(corpus.meaning, index), Math.min(likes.length, MOST_PLACES)),
  }
}

/** A taste applied to an index: what its words give each paper, and what is needed to add the meaning of those asked for. */
export interface Liking {
  taste: Taste
  /** For each paper the words' sum, less the average. */
  words: Float64Array
  /** The places of the papers in the space of the direction; undefined where there is none. */
  places: DenseRows | undefined
  /** For each paper its score, once asked for; NaN before. */
  scores: Float64Array
  /** Its heaviest words that reasons may name, once asked for. */
  names?: number[]
}

/** Applies a taste to an index that has the corpus model with which it was learned. */
export function likingOf(index: PaperIndex, taste: Taste): Liking {
  const words = new Float64Array(index.papers.length).fill(-taste.average)
  const lists = wordListsOf(index)
  for (const { stem, term, weight } of taste.words)
    if (lists !== undefined && term >= 0 && lists.isSplit[term] === 0) addListed(words, lists, term, weight)
    else addMatch(words, findText(index, [[stem]]), weight)
  const meaning = index.corpus?.meaning
  const isPlaced = meaning !== undefined && taste.direction.length === meaning.mean.length
  return {
    taste,
    words,
    places: isPlaced ? placesOf(meaning, index) : undefined,
    scores: new Float64Array(index.papers.length).fill(Number.NaN),
  }
}

/**
 * How well a paper of the index suits a taste: 0 for the mean paper of the corpus model, 1 for one a standard deviation better or
 * so.
 */
export function tasteScore({ taste, words, places, scores }: Liking, doc: number): number {
  const known = scores[doc]!
  if (!Number.isNaN(known)) return known
  const score = words[doc]! + (places === undefined ? 0 : dotRow(places, doc, taste.direction))
  scores[doc] = score
  return score
}

/** How many of the liked papers a paper of the index is close to in meaning; undefined where meaning is not known. */
export function closeLikes({ taste: { liked }, places }: Liking, doc: number): number | undefined {
  if (places === undefined || liked === undefined) return undefined
  const { width } = places
  const place = Float64Array.from(places.values.subarray(doc * width, (doc + 1) * width))
  let close = 0
  for (let row = 0; row * width < liked.values.length; row++) if (dotRow(liked, row, place) >= CLOSE) close++
  return close
}

/** The paper as if it had been written without these words, so that their meaning teaches nothing either. */
function withoutWords(paper: RankablePaper, forgotten: ReadonlySet<string>): RankablePaper {
  if (forgotten.size === 0) return paper
  const left = (text: string): string => {
    const { stems, words } = analyse(text)
    return words.filter((_, at) => !forgotten.has(stems[at]!)).join(' ')
  }
  const { title, abstract, keywords } = paper
  return {
    ...paper,
    title: left(title),
    abstract: abstract === null ? null : left(abstract),
    keywords: keywords.map(left),
  }
}

type WeighedStem = Pick<TasteWord, 'stem' | 'weight'>

function wordWeights(index: PaperIndex, signs: readonly number[]): WeighedStem[] {
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

/** Mean and standard deviation, over the corpus model, of the words' sum with what neighbours lend. */
function spreadOf({ index }: CorpusModel, words: readonly WeighedStem[]): { mean: number; spread: number } {
  const own = new Float64Array(index.papers.length)
  for (const { stem, weight } of words) addMatch(own, findOwn(index, [[stem]]), weight)
  const scores = withLent(index.neighbourhood!, own)
  const mean = scores.reduce((sum, score) => sum + score, 0) / Math.max(scores.length, 1)
  const squares = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0)
  return { mean, spread: Math.sqrt(squares / Math.max(scores.length, 1)) }
}

function directionOf(
  meaning: Meaning | undefined,
  index: PaperIndex,
  signs: readonly number[],
): Pick<Taste, 'direction' | 'average'> {
  if (meaning === undefined) return { direction: new Float64Array(0), average: 0 }
  const { width, values } = placesOf(meaning, index)
  const pull = meaning.mean.map((mean, at) =>
    signs.reduce((sum, sign, paper) => sum + sign * (values[paper * width + at]! - mean), 0),
  )
  const raw = meaning.precision.map((row) => dot(row, pull))
  const spread = Math.sqrt(
    dot(
      raw,
      meaning.covariance.map((row) => dot(row, raw)),
    ),
  )
  const direction = Float64Array.from(raw, (value) => (spread === 0 ? 0 : (MEANING_SHARE * value) / spread))
  return { direction, average: dot(direction, meaning.mean) }
}

function firstRows({ width, values }: DenseRows, count: number): DenseRows {
  return { width, values: values.slice(0, count * width) }
}

function dot(a: ArrayLike<number>, b: readonly number[]): number {
  return b.reduce((sum, value, at) => sum + value * a[at]!, 0)
}
