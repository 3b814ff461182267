import type { GramModel } from '../corpus/corpusModel.ts'
import { seededRandom, shuffle } from '../matrices/randomNumbers.ts'
import { dotSparseRow, type SparseRows } from '../matrices/sparseRows.ts'
import { cutoff } from '../matrices/sparseSums.ts'

/** A linear model over grams, in standard deviations of its value over the corpus model's sample. */
export interface GramWeights {
  /** Numbers of grams. */
  grams: Int32Array
  weights: Float32Array
  /** The mean of the values over the sample. */
  average: number
}

/** The cost of an error, and balanced classes: as arxiv-sanity-lite's LinearSVC. */
const C = 0.01
const ROUNDS = 4
/** The heaviest weights are kept, because a process keeps thousands of tastes. */
const MOST_WEIGHTS = 1_000

/** Liked papers, then disliked ones. `isOther` tells whether a paper of the sample is none of them. */
export interface GramExamples {
  rows: SparseRows
  likes: number
  isOther: (row: number) => boolean
}

/** An example of the training: a row, and whether it is liked. */
interface Example {
  rows: SparseRows
  row: number
  sign: 1 | -1
  cost: number
}

/**
 * Trains a linear support vector machine with squared hinge loss: the first `likes` of the rows against the others and the sample.
 * Dual coordinate descent: Hsieh et al., "A Dual Coordinate Descent Method for Large-scale Linear
 * SVM" (2008), algorithm 1. `onlyTheirs` keeps the grams of the rows alone, so that nothing is known of others.
 * `values` are those of the sample.
 */
export function trainGrams(
  { sample, hashes }: GramModel,
  { rows, likes, isOther }: GramExamples,
  onlyTheirs: boolean,
): GramWeights & { values: Float64Array } {
  const weights = new Float64Array(hashes.length)
  descend(weights, examplesOf(sample, { rows, likes, isOther }))
  const values = new Float64Array(sample.starts.length - 1)
  for (let row = 0; row < values.length; row++) values[row] = dotSparseRow(sample, row, weights)
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1)
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const spread = Math.sqrt(squares / Math.max(values.length, 1))
  if (spread === 0) return { grams: new Int32Array(0), weights: new Float32Array(0), average: 0, values }
  const grams = heaviestOf(weights, onlyTheirs ? rows.columns : undefined)
  return {
    grams,
    weights: Float32Array.from(grams, (gram) => weights[gram]! / spread),
    average: mean / spread,
    values: values.map((value) => value / spread),
  }
}

function examplesOf(sample: SparseRows, { rows, likes, isOther }: GramExamples): Example[] {
  const others = Array.from({ length: sample.starts.length - 1 }, (_, row) => row).filter(isOther)
  const count = rows.starts.length - 1
  const all = count + others.length
  const costs = { liked: (C * all) / (2 * likes), other: (C * all) / (2 * Math.max(all - likes, 1)) }
  return [
    ...Array.from({ length: count }, (_, row): Example => {
      const liked = row < likes
      return { rows, row, sign: liked ? 1 : -1, cost: liked ? costs.liked : costs.other }
    }),
    ...others.map((row): Example => ({ rows: sample, row, sign: -1, cost: costs.other })),
  ]
}

function descend(weights: Float64Array, examples: readonly Example[]): void {
  const alpha = new Float64Array(examples.length)
  const order = Int32Array.from(examples.keys())
  const random = seededRandom(3)
  let bias = 0
  for (let round = 0; round < ROUNDS; round++) {
    shuffle(order, random)
    for (let at = 0; at < order.length; at++) {
      const { rows, row, sign, cost } = examples[order[at]!]!
      const diagonal = 1 / (2 * cost)
      const before = alpha[order[at]!]!
      const gradient = sign * (dotSparseRow(rows, row, weights) + bias) - 1 + diagonal * before
      const length = rows.starts[row + 1]! > rows.starts[row]! ? 2 : 1
      const after = Math.max(before - gradient / (length + diagonal), 0)
      if (after === before) continue
      alpha[order[at]!] = after
      const step = (after - before) * sign
      const { columns, values } = rows
      const end = rows.starts[row + 1]!
      for (let k = rows.starts[row]!; k < end; k++) weights[columns[k]!]! += step * values[k]!
      bias += step
    }
  }
}

/** The grams with about the MOST_WEIGHTS largest absolute weights, rising; `among` names those that may come. */
function heaviestOf(weights: Float64Array, among?: Int32Array): Int32Array {
  const sizes = new Float64Array(weights.length)
  if (among === undefined)
    for (let gram = 0; gram < sizes.length; gram++) sizes[gram] = Math.abs(weights[gram]!)
  else for (const gram of among) sizes[gram] = Math.abs(weights[gram]!)
  const least = cutoff(sizes, MOST_WEIGHTS)
  const grams: number[] = []
  for (let gram = 0; gram < sizes.length; gram++)
    if (sizes[gram]! > 0 && sizes[gram]! >= least) grams.push(gram)
  return Int32Array.from(grams)
}
