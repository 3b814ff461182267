import type { PaperIndex } from '../index/paperIndex.ts'
import { fullWeight, saturation } from './bm25.ts'
import { documentFrequency, knownPapers } from './statistics.ts'

/** A sparse matrix by rows: row i holds `values[k]` in column `columns[k]` for k from starts[i] to starts[i + 1]. */
export interface SparseRows {
  starts: Int32Array
  columns: Int32Array
  values: Float32Array
}

/** For each paper its words (columns: term numbers of the index) and their BM25 saturation, 0 to 1. */
export function saturationRows(index: PaperIndex): SparseRows {
  return rowsOf(index, (frequency, doc) => saturation(frequency, index.relativeLengths[doc]!))
}

/** For each paper its words and BM25 weights. */
export function bm25Rows(index: PaperIndex): SparseRows {
  const weights = termWeights(index)
  const length = index.relativeLengths
  return rowsOf(index, (frequency, doc, term) => weights[term]! * saturation(frequency, length[doc]!))
}

/** For each paper its words and (1 + ln frequency) · idf. */
export function logRows(index: PaperIndex): SparseRows {
  const weights = termWeights(index)
  return rowsOf(index, (frequency, _, term) => (1 + Math.log(frequency)) * weights[term]!)
}

/** The full BM25 weight of each term of the index, by the statistics of the index. */
export function termWeights(index: PaperIndex): Float64Array {
  const papers = knownPapers(index)
  return Float64Array.from(index.terms.keys(), (stem) => fullWeight(papers, documentFrequency(index, stem)))
}

/** Divides each row by its Euclidean length, in place; rows of zeros stay. */
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

/** The same entries by columns: rows and columns change places. */
export function transpose({ starts, columns, values }: SparseRows, columnCount: number): SparseRows {
  const ends = placesBefore(columns, columnCount)
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
 * The rows of an index in other term numbers; words unknown there fall away. In place, for many rows are a good part of the memory
 * that training takes: the rows that are given must not be used afterwards.
 */
export function translateRows(
  { starts, columns, values }: SparseRows,
  { terms }: PaperIndex,
  to: ReadonlyMap<string, number>,
): SparseRows {
  const numbers = Int32Array.from(terms.keys(), (stem) => to.get(stem) ?? -1)
  let at = 0
  let from = 0
  for (let row = 0; row + 1 < starts.length; row++) {
    const end = starts[row + 1]!
    for (let k = from; k < end; k++) {
      const column = numbers[columns[k]!]!
      if (column < 0) continue
      columns[at] = column
      values[at++] = values[k]!
    }
    starts[row + 1] = at
    from = end
  }
  return { starts, columns: columns.subarray(0, at), values: values.subarray(0, at) }
}

/** Lists that were grown, packed. */
export function sparseRows(rows: { starts: number[]; columns: number[]; values: number[] }): SparseRows {
  return {
    starts: Int32Array.from(rows.starts),
    columns: Int32Array.from(rows.columns),
    values: Float32Array.from(rows.values),
  }
}

function rowsOf(
  { papers, terms, inverted }: PaperIndex,
  value: (frequency: number, doc: number, term: number) => number,
): SparseRows {
  const { docs, frequencies } = inverted.all
  const ends = placesBefore(docs, papers.length)
  const rows = {
    starts: ends.slice(),
    columns: new Int32Array(docs.length),
    values: new Float32Array(docs.length),
  }
  for (let term = 0; term < terms.size; term++)
    for (let k = inverted.starts[term]!; k < inverted.starts[term + 1]!; k++) {
      const doc = docs[k]!
      const at = ends[doc]!++
      rows.columns[at] = term
      rows.values[at] = value(frequencies[k]!, doc, term)
    }
  return rows
}

/** For each number below `count`, and for `count`, how many of the numbers are smaller: where it starts once they are sorted. */
function placesBefore(numbers: Int32Array, count: number): Int32Array {
  const starts = new Int32Array(count + 1)
  for (let at = 0; at < numbers.length; at++) starts[numbers[at]! + 1]!++
  for (let number = 0; number < count; number++) starts[number + 1]! += starts[number]!
  return starts
}
