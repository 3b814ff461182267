import type { SparseRows } from './sparseRows.ts'

/** A dense matrix, row after row. */
export interface DenseRows {
  width: number
  values: Float32Array
}

/** A · B for a sparse A and a dense B. */
export function multiply(
  { starts, columns, values }: SparseRows,
  { width, values: dense }: DenseRows,
): DenseRows {
  const product = new Float32Array((starts.length - 1) * width)
  for (let row = 0; row + 1 < starts.length; row++) {
    const into = row * width
    for (let k = starts[row]!; k < starts[row + 1]!; k++) {
      const from = columns[k]! * width
      const value = values[k]!
      for (let at = 0; at < width; at++) product[into + at]! += value * dense[from + at]!
    }
  }
  return { width, values: product }
}

/** B · M for a dense B and a square M given by its rows, of which only the first `columns` columns are kept. */
export function transform(
  { width, values }: DenseRows,
  matrix: readonly (readonly number[])[],
  columns: number = width,
): DenseRows {
  const rows = values.length / width
  const product = new Float32Array(rows * columns)
  for (let row = 0; row < rows; row++)
    for (let k = 0; k < width; k++) {
      const value = values[row * width + k]!
      if (value === 0) continue
      const factors = matrix[k]!
      for (let column = 0; column < columns; column++)
        product[row * columns + column]! += value * factors[column]!
    }
  return { width: columns, values: product }
}

/** BᵀB by rows. */
export function gram({ width, values }: DenseRows): number[][] {
  const sums = new Float64Array(width * width)
  for (let row = 0; row < values.length; row += width)
    for (let i = 0; i < width; i++) {
      const value = values[row + i]!
      if (value === 0) continue
      for (let j = i; j < width; j++) sums[i * width + j]! += value * values[row + j]!
    }
  return Array.from({ length: width }, (_, i) =>
    Array.from({ length: width }, (_, j) => sums[Math.min(i, j) * width + Math.max(i, j)]!),
  )
}

/** Each row divided by its Euclidean length; rows of zeros stay. In place. */
export function normaliseRows({ width, values }: DenseRows): void {
  for (let row = 0; row < values.length; row += width) {
    let squares = 0
    for (let at = row; at < row + width; at++) squares += values[at]! ** 2
    const length = Math.sqrt(squares)
    if (length > 0) for (let at = row; at < row + width; at++) values[at]! /= length
  }
}
