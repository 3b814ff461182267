import type { PaperIndex } from '../index/paperIndex.ts'
import { countsBefore, type SparseRows } from '../matrices/sparseRows.ts'
import { fullWeight, saturation } from './bm25.ts'
import type { RankingIndex } from './corpusModel.ts'
import { documentFrequency, knownPapers } from './statistics.ts'

/*
 * The papers of an index as sparse rows: the columns are the index's term numbers.
 */

/** For each paper its words and their BM25 saturation, 0 to 1. */
export function saturationRows(index: PaperIndex): SparseRows {
  return rowsOf(index, (frequency, doc) => saturation(frequency, index.relativeLengths[doc]!))
}

/** For each paper its words and their BM25 weights. */
export function bm25Rows(index: RankingIndex): SparseRows {
  const weights = termWeights(index)
  const length = index.relativeLengths
  return rowsOf(index, (frequency, doc, term) => weights[term]! * saturation(frequency, length[doc]!))
}

/** For each paper its words and (1 + ln frequency) · idf. */
export function logRows(index: RankingIndex): SparseRows {
  const weights = termWeights(index)
  return rowsOf(index, (frequency, _, term) => (1 + Math.log(frequency)) * weights[term]!)
}

/** The full BM25 weight of each term of the index. */
export function termWeights(index: RankingIndex): Float64Array {
  const papers = knownPapers(index)
  return Float64Array.from(index.terms.keys(), (stem) => fullWeight(papers, documentFrequency(index, stem)))
}

function rowsOf(
  { papers, terms, inverted }: PaperIndex,
  value: (frequency: number, doc: number, term: number) => number,
): SparseRows {
  const { docs, frequencies } = inverted.all
  const ends = countsBefore(docs, papers.length)
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

/**
 * Renumbers the columns of an index's rows by the term numbers of another vocabulary; words that it lacks are dropped. Works in
 * place, because the rows of many papers are a good part of the memory that training needs. The given rows are spent.
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
