import type { GramModel } from '../corpus/corpusModel.ts'
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

/** The heaviest weights are kept, because a process keeps thousands of tastes. */
const MOST_WEIGHTS = 1_000

/** What grams teach of a taste. */
export interface GramTaste extends GramWeights {
  /** The value of each paper of the sample, in the same standard deviations. */
  values: Float64Array
  /**
   * How well each liked paper is told by the other liked ones: its value without itself, in standard deviations above the mean paper,
   * averaged over the liked papers. About 1.5 for what a person collects over years, 3 for a narrow list. Undefined for a single one.
   */
  agreement: number | undefined
}

/**
 * Learns from unit vectors of grams, those of the liked papers first: Rocchio's feedback (1971), each row with its sign. A linear
 * support vector machine on the same vectors ranks no better (docs/experiments/taste.md), because its cost of errors has to be small.
 */
export function trainGramTaste(
  { sample, hashes }: GramModel,
  rows: SparseRows,
  signs: readonly number[],
  likes: number,
): GramTaste {
  const weights = new Float64Array(hashes.length)
  for (const [row, sign] of signs.entries())
    for (let k = rows.starts[row]!; k < rows.starts[row + 1]!; k++)
      weights[rows.columns[k]!]! += sign * rows.values[k]!
  const values = Float64Array.from({ length: sample.starts.length - 1 }, (_, row) =>
    dotSparseRow(sample, row, weights),
  )
  const { mean, spread } = momentsOf(values)
  if (spread === 0) {
    const none = { grams: new Int32Array(0), weights: new Float32Array(0), average: 0 }
    return { ...none, values, agreement: undefined }
  }
  const grams = heaviestOf(weights, rows.columns)
  return {
    grams,
    weights: Float32Array.from(grams, (gram) => weights[gram]! / spread),
    average: mean / spread,
    values: values.map((value) => value / spread),
    agreement: likes < 2 ? undefined : (heldOutValue(rows, weights, likes) - mean) / spread,
  }
}

/** The mean over the liked papers of the value that the others alone would give. */
function heldOutValue(rows: SparseRows, weights: Float64Array, likes: number): number {
  let sum = 0
  for (let row = 0; row < likes; row++) {
    let ownPart = 0
    for (let k = rows.starts[row]!; k < rows.starts[row + 1]!; k++) ownPart += rows.values[k]! ** 2 / likes
    sum += ((dotSparseRow(rows, row, weights) - ownPart) * likes) / (likes - 1)
  }
  return sum / likes
}

function momentsOf(values: Float64Array): { mean: number; spread: number } {
  const count = Math.max(values.length, 1)
  const mean = values.reduce((sum, value) => sum + value, 0) / count
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, spread: Math.sqrt(squares / count) }
}

/** The grams of `among` with about the MOST_WEIGHTS largest absolute weights, rising. */
function heaviestOf(weights: Float64Array, among: Int32Array): Int32Array {
  const own = [...new Set(among)].sort((a, b) => a - b)
  const sizes = Float64Array.from(own, (gram) => Math.abs(weights[gram]!))
  const least = cutoff(sizes, MOST_WEIGHTS)
  return Int32Array.from(own.filter((_, at) => sizes[at]! > 0 && sizes[at]! >= least))
}
