/** A sparse matrix by rows: row i holds `values[k]` in column `columns[k]` for k from starts[i] to starts[i + 1]. */
export interface SparseRows {
  starts: Int32Array
  columns: Int32Array
  values: Float32Array
}

/** Packs rows that were collected in growing lists. */
export function sparseRows(rows: { starts: number[]; columns: number[]; values: number[] }): SparseRows {
  return {
    starts: Int32Array.from(rows.starts),
    columns: Int32Array.from(rows.columns),
    values: Float32Array.from(rows.values),
  }
}

/** Divides each row by its Euclidean length, in place. Rows of zeros stay. */
export function unitRows(rows: SparseRows): SparseRows {
  const { starts, values } = rows
  for (let row = 0; row + 1 < starts.length; row++) {
    let squares = 0
    for (let k = starts[row]!; k < starts[row + 1]!; k++) squares += values[k]! ** 2
    const length = Math.sqrt(squares)
    if (length > 0) for (let k = starts[row]!; k < starts[row + 1]!; k++) values[k]! /= length
  }
  return rows
}

/** The transposed matrix: rows and columns change places. */
export function transpose({ starts, columns, values }: SparseRows, columnCount: number): SparseRows {
  const ends = countsBefore(columns, columnCount)
  const result = {
    starts: ends.slice(),
    columns: new Int32Array(columns.length),
    values: new Float32Array(values.length),
  }
  for (let row = 0; row + 1 < starts.length; row++)
    for (let k = starts[row]!; k < starts[row + 1]!; k++) {
      const at = ends[columns[k]!]!++
      result.columns[at] = row
      result.values[at] = values[k]!
    }
  return result
}

/**
 * For each number from 0 to `count` how many of the given numbers are smaller: the position at which the number starts when all
 * are sorted.
 */
export function countsBefore(numbers: Int32Array, count: number): Int32Array {
  const starts = new Int32Array(count + 1)
  for (let at = 0; at < numbers.length; at++) starts[numbers[at]! + 1]!++
  for (let number = 0; number < count; number++) starts[number + 1]! += starts[number]!
  return starts
}

/** The inner product of a row with a dense vector. */
export function dotSparseRow(
  { starts, columns, values }: SparseRows,
  row: number,
  vector: Float64Array,
): number {
  let sum = 0
  const end = starts[row + 1]!
  for (let k = starts[row]!; k < end; k++) sum += values[k]! * vector[columns[k]!]!
  return sum
}
