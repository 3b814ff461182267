import { isStopStem } from '../language/stopWords.ts'
import { type SparseRows, sparseRows } from '../matrices/sparseRows.ts'
import {
  addTo,
  clearSums,
  heaviest,
  newSums,
  type SparseSums,
  type WeightedNumber,
} from '../matrices/sparseSums.ts'
import type { CorpusModel } from './corpusModel.ts'

/** Related words of a query are among this many heaviest words of its best papers. */
const MAIN_WORDS = 100

/** For each paper of a corpus model its heaviest words (term numbers) and their BM25 weights; function words left out. */
export function mainWordsOf({ saturation, weights, stems }: CorpusModel): SparseRows {
  const isStop = stems.map(isStopStem)
  const rows = { starts: [0], columns: [] as number[], values: [] as number[] }
  const paperCount = saturation.starts.length - 1
  const sums = newSums(stems.length)
  for (let paper = 0; paper < paperCount; paper++) {
    for (let k = saturation.starts[paper]!; k < saturation.starts[paper + 1]!; k++) {
      const term = saturation.columns[k]!
      const weight = saturation.values[k]! * weights[term]!
      if (weight > 0 && !isStop[term]) addTo(sums, term, weight)
    }
    for (const { number, weight } of mainOf(sums)) {
      rows.columns.push(number)
      rows.values.push(weight)
    }
    rows.starts.push(rows.columns.length)
    clearSums(sums)
  }
  return sparseRows(rows)
}

/** The heaviest words in any order. Most papers have no more than are kept, so there is nothing to choose. */
function mainOf(sums: SparseSums): WeightedNumber[] {
  if (sums.count > MAIN_WORDS) return heaviest(sums, MAIN_WORDS)
  return Array.from(sums.touched.subarray(0, sums.count), (number) => ({
    number,
    weight: sums.values[number]!,
  }))
}
