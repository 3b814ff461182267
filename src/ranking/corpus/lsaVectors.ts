import { inverse, Matrix } from 'ml-matrix'
import { keptFor } from '../../caching.ts'
import type { PaperIndex } from '../index/paperIndex.ts'
import { type DenseRows, gram, multiply, normaliseRows } from '../matrices/denseRows.ts'
import { rightSingularVectors } from '../matrices/latentSpace.ts'
import { unitRows } from '../matrices/sparseRows.ts'
import type { DocumentExpansion, LsaModel, RankingIndex } from './corpusModel.ts'
import { logRows, translateRows } from './paperRows.ts'

/*
 * Latent semantic analysis (Deerwester et al., "Indexing by Latent Semantic Analysis", 1990) of (1 + ln frequency) · idf.
 */

const DIMENSIONS = 100

/** More words than these are rare: they tell little about few papers, but cost as much time and memory as the others. */
const MOST_WORDS = 20_000

/** The covariance is shrunk by this many times its mean variance, added on the diagonal. */
const SHRINKAGE = 3

/** Trains the space on the papers of a corpus. Undefined if there are too few papers or words for one. */
export function trainLsa(index: PaperIndex, expansion: DocumentExpansion): LsaModel | undefined {
  const vocabulary = sharedWords(index)
  if (Math.min(index.papers.length, vocabulary.size) < 2 * DIMENSIONS) return undefined
  const rows = translateRows(unitRows(logRows(index)), index, vocabulary)
  const termVectors = rightSingularVectors(rows, vocabulary.size, DIMENSIONS)
  const paperVectors = multiply(rows, termVectors)
  normaliseRows(paperVectors)
  const expanded = expandVectors(paperVectors, paperVectors, expansion)
  return { vocabulary, termVectors, paperVectors, ...moments(expanded) }
}

/** The words of at least two papers, since a word of one paper relates it to no other; of very many words the commonest. */
function sharedWords({ terms, inverted: { starts } }: PaperIndex): Map<string, number> {
  const held = [...terms].map(([stem, term]) => ({ stem, papers: starts[term + 1]! - starts[term]! }))
  const shared = held.filter(({ papers }) => papers > 1)
  if (shared.length > MOST_WORDS) shared.sort((a, b) => b.papers - a.papers)
  return new Map(shared.slice(0, MOST_WORDS).map(({ stem }, row) => [stem, row]))
}

/**
 * The vectors of an index's papers in the LSA space, of length 1: half by their own words, half by their neighbours in the corpus
 * model. Undefined if the corpus model has no space.
 */
export const lsaVectorsOf = keptFor((index: RankingIndex): DenseRows | undefined => {
  const { corpus, expansion } = index
  if (corpus?.lsa === undefined || expansion === undefined) return undefined
  const { vocabulary, termVectors, paperVectors } = corpus.lsa
  const own = multiply(translateRows(unitRows(logRows(index)), index, vocabulary), termVectors)
  normaliseRows(own)
  return expandVectors(own, paperVectors, expansion)
})

/** Adds to each vector the shares of its neighbours' vectors, and normalises the sum. */
function expandVectors(
  own: DenseRows,
  neighbours: DenseRows,
  { starts, columns, values: shares }: DocumentExpansion,
): DenseRows {
  const { width } = own
  const values = own.values.slice()
  for (let neighbour = 0; neighbour + 1 < starts.length; neighbour++)
    for (let k = starts[neighbour]!; k < starts[neighbour + 1]!; k++)
      for (let at = 0; at < width; at++)
        values[columns[k]! * width + at]! += shares[k]! * neighbours.values[neighbour * width + at]!
  normaliseRows({ width, values })
  return { width, values }
}

function moments(papers: DenseRows): Pick<LsaModel, 'mean' | 'covariance' | 'precision'> {
  const { width, values } = papers
  const count = values.length / width
  const mean = Array.from({ length: width }, () => 0)
  for (let at = 0; at < values.length; at++) mean[at % width]! += values[at]! / count
  const covariance = gram(papers).map((row, i) => row.map((value, j) => value / count - mean[i]! * mean[j]!))
  const ridge = (SHRINKAGE * covariance.reduce((trace, row, i) => trace + row[i]!, 0)) / width
  const shrunk = covariance.map((row, i) => row.map((value, j) => (i === j ? value + ridge : value)))
  return { mean, covariance, precision: inverse(new Matrix(shrunk)).to2DArray() }
}
