import { runAtOnce, type Sliced } from '../../slices.ts'

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

/** Rows that are still being collected. Plain lists of numbers would take twice the memory. */
export interface GrowingRows {
  starts: Int32Array
  columns: Int32Array
  values: Float32Array
  /** How many rows have ended. */
  ended: number
  /** How many entries there are. */
  length: number
}

const FIRST_ENTRIES = 1024

/** No entries yet. `rowCount`: how many rows there will be. */
export function growingRows(rowCount: number): GrowingRows {
  return {
    starts: new Int32Array(rowCount + 1),
    columns: new Int32Array(FIRST_ENTRIES),
    values: new Float32Array(FIRST_ENTRIES),
    ended: 0,
    length: 0,
  }
}

/** Adds an entry to the row that has not ended. */
export function addEntry(rows: GrowingRows, column: number, value: number): void {
  if (rows.length === rows.columns.length) {
    const { columns, values } = rows
    rows.columns = new Int32Array(2 * columns.length)
    rows.columns.set(columns)
    rows.values = new Float32Array(2 * values.length)
    rows.values.set(values)
  }
  rows.columns[rows.length] = column
  rows.values[rows.length++] = value
}

/** Ends a row. */
export function endRow(rows: GrowingRows): void {
  rows.starts[++rows.ended] = rows.length
}

/** The rows as they are; they must not grow afterwards. */
export function grownRows({ starts, columns, values, length }: GrowingRows): SparseRows {
  return { starts, columns: columns.subarray(0, length), values: values.subarray(0, length) }
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
export function transpose(rows: SparseRows, columnCount: number): SparseRows {
  return runAtOnce(transposing(rows, columnCount))
}

/** transpose in slices; yields after each of the rows. */
export function* transposing(
  { starts, columns, values }: SparseRows,
  columnCount: number,
): Sliced<SparseRows> {
  const ends = countsBefore(columns, columnCount)
  const result = {
    starts: ends.slice(),
    columns: new Int32Array(columns.length),
    values: new Float32Array(values.length),
  }
  for (let row = 0; row + 1 < starts.length; row++) {
    const end = starts[row + 1]!
    for (let k = starts[row]!; k < end; k++) {
      const at = ends[columns[k]!]!++
      result.columns[at] = row
      result.values[at] = values[k]!
    }
    yield
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
