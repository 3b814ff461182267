import { inverse, Matrix } from 'ml-matrix'
import type { PaperIndex } from '../index/paperIndex.ts'
import { type DenseRows, gram, multiply, normaliseRows } from './denseRows.ts'
import { rightSingularVectors } from './latentSpace.ts'
import { logRows, type SparseRows, translateRows, unitRows } from './sparseRows.ts'

/**
 * A space in which papers of one subject lie close together even where their words differ: latent semantic analysis, Deerwester
 * et al. (1990), of (1 + ln frequency) · idf, learned from the corpus model.
 */
export interface Meaning {
  /** Stem → its row in `terms`. */
  vocabulary: ReadonlyMap<string, number>
  /** For each word its place. */
  terms: DenseRows
  /** For each paper of the corpus model its place by its own words, of length 1. */
  papers: DenseRows
  /** The mean place, neighbours included. */
  mean: number[]
  /** The covariance of the places, neighbours included, by rows. */
  covariance: number[][]
  /** The inverse of the covariance, shrunk towards a round one. */
  precision: number[][]
}

const DIMENSIONS = 100

/** The rarer of more words than these place few papers, but cost time and memory as the others. */
const MOST_WORDS = 20_000

/** How far the covariance is shrunk: by this many times its mean variance on the diagonal. */
const SHRINKAGE = 3

/** Learns the space of a corpus model whose papers have neighbours; undefined where there are too few papers or words for one. */
export function trainMeaning(index: PaperIndex): Meaning | undefined {
  const vocabulary = sharedWords(index)
  if (Math.min(index.papers.length, vocabulary.size) < 2 * DIMENSIONS) return undefined
  const rows = translateRows(unitRows(logRows(index)), index, vocabulary)
  const terms = rightSingularVectors(rows, vocabulary.size, DIMENSIONS)
  const papers = multiply(rows, terms)
  normaliseRows(papers)
  return { vocabulary, terms, papers, ...moments(withBorrowed(papers, papers, index)) }
}

/** Words of at least two papers, for a word of one relates it to no other; of very many the commonest. */
function sharedWords({ terms, inverted: { starts } }: PaperIndex): Map<string, number> {
  const held = [...terms].map(([stem, term]) => ({ stem, papers: starts[term + 1]! - starts[term]! }))
  const shared = held.filter(({ papers }) => papers > 1)
  if (shared.length > MOST_WORDS) shared.sort((a, b) => b.papers - a.papers)
  return new Map(shared.slice(0, MOST_WORDS).map(({ stem }, row) => [stem, row]))
}

/** The places of an index's papers, half by their own words, half by their neighbours in the corpus model, of length 1. */
export function placesOf(meaning: Meaning, index: PaperIndex): DenseRows {
  index.places ??= locate(meaning, index)
  return index.places
}

function locate(meaning: Meaning, index: PaperIndex): DenseRows {
  const own = multiply(translateRows(unitRows(logRows(index)), index, meaning.vocabulary), meaning.terms)
  normaliseRows(own)
  return withBorrowed(own, meaning.papers, index)
}

function withBorrowed(own: DenseRows, pool: DenseRows, { neighbourhood }: PaperIndex): DenseRows {
  const { width } = own
  const values = own.values.slice()
  if (neighbourhood !== undefined) lend(neighbourhood.lends, pool, { width, values })
  normaliseRows({ width, values })
  return { width, values }
}

function lend({ starts, columns, values: shares }: SparseRows, pool: DenseRows, into: DenseRows): void {
  for (let lender = 0; lender + 1 < starts.length; lender++)
    for (let k = starts[lender]!; k < starts[lender + 1]!; k++)
      for (let at = 0; at < into.width; at++)
        into.values[columns[k]! * into.width + at]! += shares[k]! * pool.values[lender * into.width + at]!
}

function moments(papers: DenseRows): Pick<Meaning, 'mean' | 'covariance' | 'precision'> {
  const { width, values } = papers
  const count = values.length / width
  const mean = Array.from({ length: width }, () => 0)
  for (let at = 0; at < values.length; at++) mean[at % width]! += values[at]! / count
  const covariance = gram(papers).map((row, i) => row.map((value, j) => value / count - mean[i]! * mean[j]!))
  const ridge = (SHRINKAGE * covariance.reduce((trace, row, i) => trace + row[i]!, 0)) / width
  const shrunk = covariance.map((row, i) => row.map((value, j) => (i === j ? value + ridge : value)))
  return { mean, covariance, precision: inverse(new Matrix(shrunk)).to2DArray() }
}
