import type { SparseRows } from './sparseRows.ts'

/** A dense matrix, row after row. */
export interface DenseRows {
  width: number
  values: Float32Array
}

/** The products below add four rows at a time: one pass over the sums for four rows is twice as fast as four passes. */
const AT_ONCE = 4

/** A · B for a sparse A and a dense B. */
export function multiply(
  { starts, columns, values }: SparseRows,
  { width, values: dense }: DenseRows,
): DenseRows {
  const product = new Float32Array((starts.length - 1) * width)
  const sums = new Float64Array(width)
  for (let row = 0; row + 1 < starts.length; row++) {
    sums.fill(0)
    const to = starts[row + 1]!
    let k = starts[row]!
    for (; k + AT_ONCE <= to; k += AT_ONCE)
      addFour(sums, dense, width, columns[k]!, columns[k + 1]!, columns[k + 2]!, columns[k + 3]!, values, k)
    for (; k < to; k++) addScaled(sums, dense, columns[k]! * width, values[k]!)
    product.set(sums, row * width)
  }
  return { width, values: product }
}

/** Aᵀ · B for a sparse A of `columnCount` columns. It does not build Aᵀ, which takes much memory for many papers. */
export function multiplyTransposed(
  { starts, columns, values }: SparseRows,
  columnCount: number,
  { width, values: dense }: DenseRows,
): DenseRows {
  const sums = new Float64Array(columnCount * width)
  for (let row = 0; row + 1 < starts.length; row++) {
    const from = row * width
    for (let k = starts[row]!; k < starts[row + 1]!; k++) {
      const value = values[k]!
      const into = columns[k]! * width
      for (let at = 0; at < width; at++) sums[into + at]! += value * dense[from + at]!
    }
  }
  return { width, values: new Float32Array(sums) }
}

/** The first `columns` columns of B · M for a dense B and a square M given by its rows. */
export function transform(
  { width, values }: DenseRows,
  matrix: readonly (readonly number[])[],
  columns: number = width,
): DenseRows {
  const factors = Float32Array.from(matrix.flatMap((row) => row.slice(0, columns)))
  const product = new Float32Array((values.length / width) * columns)
  const sums = new Float64Array(columns)
  for (let row = 0; row * width < values.length; row++) {
    sums.fill(0)
    const from = row * width
    let k = 0
    for (; k + AT_ONCE <= width; k += AT_ONCE)
      addFour(sums, factors, columns, k, k + 1, k + 2, k + 3, values, from + k)
    for (; k < width; k++) addScaled(sums, factors, k * columns, values[from + k]!)
    product.set(sums, row * columns)
  }
  return { width: columns, values: product }
}

/** BᵀB, by rows. */
export function gram({ width, values }: DenseRows): number[][] {
  const sums = new Float64Array(width * width)
  const padded = new Float64Array(AT_ONCE * width)
  for (let from = 0; from < values.length; from += AT_ONCE * width) {
    padded.fill(0).set(values.subarray(from, from + AT_ONCE * width))
    for (let i = 0; i < width; i++) {
      const a = padded[i]!
      const b = padded[width + i]!
      const c = padded[2 * width + i]!
      const d = padded[3 * width + i]!
      const into = i * width
      for (let j = i; j < width; j++)
        sums[into + j]! +=
          a * padded[j]! + b * padded[width + j]! + c * padded[2 * width + j]! + d * padded[3 * width + j]!
    }
  }
  return Array.from({ length: width }, (_, i) =>
    Array.from({ length: width }, (_, j) => sums[Math.min(i, j) * width + Math.max(i, j)]!),
  )
}

/** Adds four rows of a dense matrix, multiplied by values[k] … values[k + 3]. */
function addFour(
  sums: Float64Array,
  dense: Float32Array,
  width: number,
  first: number,
  second: number,
  third: number,
  fourth: number,
  values: Float32Array,
  k: number,
): void {
  const a = values[k]!
  const b = values[k + 1]!
  const c = values[k + 2]!
  const d = values[k + 3]!
  const fromA = first * width
  const fromB = second * width
  const fromC = third * width
  const fromD = fourth * width
  for (let at = 0; at < width; at++)
    sums[at]! +=
      a * dense[fromA + at]! + b * dense[fromB + at]! + c * dense[fromC + at]! + d * dense[fromD + at]!
}

function addScaled(sums: Float64Array, dense: Float32Array, from: number, value: number): void {
  for (let at = 0; at < sums.length; at++) sums[at]! += value * dense[from + at]!
}

/** The dot product of a row with a vector. It uses four sums, because in a single sum each addition waits for the one before. */
export function dotRow({ width, values }: DenseRows, row: number, vector: Float64Array): number {
  const from = row * width
  const whole = width - (width % AT_ONCE)
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  for (let at = 0; at < whole; at += AT_ONCE) {
    a += vector[at]! * values[from + at]!
    b += vector[at + 1]! * values[from + at + 1]!
    c += vector[at + 2]! * values[from + at + 2]!
    d += vector[at + 3]! * values[from + at + 3]!
  }
  for (let at = whole; at < width; at++) a += vector[at]! * values[from + at]!
  return a + b + (c + d)
}

/** Divides each row by its Euclidean length, in place. Rows of zeros stay. */
export function normaliseRows({ width, values }: DenseRows): void {
  for (let row = 0; row < values.length; row += width) {
    let squares = 0
    for (let at = row; at < row + width; at++) squares += values[at]! ** 2
    const length = Math.sqrt(squares)
    if (length > 0) for (let at = row; at < row + width; at++) values[at]! /= length
  }
}
