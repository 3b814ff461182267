import { shuffle } from '../src/ranking/matrices/randomNumbers.ts'
import { dotSparseRow, type SparseRows } from '../src/ranking/matrices/sparseRows.ts'
import { createRandom } from './random.ts'

const C = 0.01
const MOST_ROUNDS = 100
/** Training ends when no example has a larger projected gradient. */
const TOLERANCE = 1e-3

/**
 * A linear support vector machine with squared hinge loss and balanced classes, as in arxiv-sanity-lite (LinearSVC, C
 * 0.01, balanced). It uses dual coordinate descent: Hsieh et al., "A Dual Coordinate Descent Method for Large-scale
 * Linear SVM" (2008), algorithm 1.
 * `importance`: 0 leaves a row out, 1 is an ordinary example. Returns the value of each row.
 */
export function svmScores(
  rows: SparseRows,
  columns: number,
  isLiked: (row: number) => boolean,
  importance: (row: number) => number,
): Float64Array {
  const all = [...new Array(rows.starts.length - 1).keys()]
  const examples = all.filter((row) => importance(row) > 0)
  const sign = Float64Array.from(all, (row) => (isLiked(row) ? 1 : -1))
  const positives = examples.filter((row) => sign[row] === 1).length
  const cost = Float64Array.from(all, (row) => {
    const ofClass = sign[row] === 1 ? positives : examples.length - positives
    return (C * importance(row) * examples.length) / (2 * ofClass)
  })
  const model = train(rows, columns, examples, sign, cost)
  return Float64Array.from(all, (row) => dotSparseRow(rows, row, model.weights) + model.bias)
}

interface Model {
  weights: Float64Array
  bias: number
}

function train(
  rows: SparseRows,
  columns: number,
  examples: number[],
  sign: Float64Array,
  cost: Float64Array,
): Model {
  const { starts, columns: terms, values } = rows
  const model: Model = { weights: new Float64Array(columns), bias: 0 }
  const alpha = new Float64Array(sign.length)
  const random = createRandom(3)
  for (let round = 0; round < MOST_ROUNDS; round++) {
    shuffle(examples, random.next)
    let largest = 0
    for (const row of examples) {
      const diagonal = 1 / (2 * cost[row]!)
      const length = starts[row + 1]! > starts[row]! ? 2 : 1
      const value = sign[row]! * (dotSparseRow(rows, row, model.weights) + model.bias)
      const gradient = value - 1 + diagonal * alpha[row]!
      const projected = alpha[row] === 0 ? Math.min(gradient, 0) : gradient
      largest = Math.max(largest, Math.abs(projected))
      if (projected === 0) continue
      const before = alpha[row]!
      alpha[row] = Math.max(before - gradient / (length + diagonal), 0)
      const step = (alpha[row]! - before) * sign[row]!
      for (let k = starts[row]!; k < starts[row + 1]!; k++) model.weights[terms[k]!]! += step * values[k]!
      model.bias += step
    }
    if (largest < TOLERANCE) break
  }
  return model
}
