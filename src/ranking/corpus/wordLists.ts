import type { PaperIndex } from '../index/paperIndex.ts'
import { fullWeight } from './bm25.ts'
import type { CorpusModel } from './corpusModel.ts'
import type { Neighbourhood } from './documentExpansion.ts'
import { type SparseRows, saturationRows, sparseRows, translateRows, transpose } from './sparseRows.ts'
import { addTo, endSums, startSums } from './sparseSums.ts'
import { documentFrequency, knownPapers } from './statistics.ts'

/** A paper that has a word only from its neighbours, and less of it than this part of its full value, does not match. */
export const LEAST_BORROWED = 0.05

/**
 * For each word of a corpus model the papers of an index that have it or borrow it, all in three arrays: made at once, in a
 * hundredth of the time that looking up each word would take. Term t (its number in the corpus model) stands at starts[t] …
 * starts[t + 1].
 */
export interface WordLists {
  starts: Int32Array
  /** Places in the index, rising. */
  docs: Int32Array
  /** What the paper has of the word by BM25, its neighbours' loans included. */
  weights: Float32Array
  /** Bits of where the paper has it, 0 where it only borrows it. */
  places: Uint8Array
  /** For each term its full value. */
  ceilings: Float64Array
  /** For each term 1 where papers may also write it as several words: such a word has to be looked for. */
  isSplit: Uint8Array
  /** For each term its number in the index; -1 where no paper there has it. */
  numbers: Int32Array
}

/** The lists of an index that borrows from a corpus model, made when they are first asked for; undefined for all others. */
export function wordListsOf(index: PaperIndex): WordLists | undefined {
  const { corpus, neighbourhood } = index
  if (corpus === undefined || neighbourhood === undefined || neighbourhood.pool === index) return undefined
  index.wordLists ??= makeLists(index, corpus, neighbourhood)
  return index.wordLists
}

function makeLists(index: PaperIndex, corpus: CorpusModel, { pool, lends }: Neighbourhood): WordLists {
  const own = translateRows(saturationRows(index), index, pool.terms)
  const lenders = transpose(lends, index.papers.length)
  const all = { starts: [0], columns: [] as number[], values: [] as number[] }
  for (let doc = 0; doc < index.papers.length; doc++) {
    const sums = startSums(pool.terms.size)
    addRow(sums, own, doc, 1)
    const owned = sums.count
    for (let k = lenders.starts[doc]!; k < lenders.starts[doc + 1]!; k++)
      addRow(sums, corpus.saturation, lenders.columns[k]!, lenders.values[k]!)
    for (let at = 0; at < sums.count; at++) {
      const term = sums.touched[at]!
      const part = sums.values[term]!
      if (at >= owned && part < LEAST_BORROWED) continue
      all.columns.push(term)
      all.values.push(Math.max(part, LEAST_BORROWED))
    }
    all.starts.push(all.columns.length)
    endSums(sums)
  }
  const { starts, columns: docs, values: weights } = transpose(sparseRows(all), pool.terms.size)
  const places = placesIn(index, pool, starts, docs)
  const papers = knownPapers(index)
  const ceilings = Float64Array.from(corpus.stems, (stem) =>
    fullWeight(papers, documentFrequency(index, stem)),
  )
  for (let term = 0; term < ceilings.length; term++)
    for (let k = starts[term]!; k < starts[term + 1]!; k++) weights[k]! *= ceilings[term]!
  const numbers = Int32Array.from(corpus.stems, (stem) => index.terms.get(stem) ?? -1)
  return { starts, docs, weights, places, ceilings, isSplit: splitWords(index, pool), numbers }
}

function addRow(
  sums: ReturnType<typeof startSums>,
  { starts, columns, values }: SparseRows,
  row: number,
  factor: number,
): void {
  for (let k = starts[row]!; k < starts[row + 1]!; k++) {
    const value = factor * values[k]!
    if (value > 0) addTo(sums, columns[k]!, value)
  }
}

/** Where the papers of the lists themselves have the words. */
function placesIn(index: PaperIndex, pool: PaperIndex, starts: Int32Array, docs: Int32Array): Uint8Array {
  const places = new Uint8Array(docs.length)
  const { inverted } = index
  for (const [stem, term] of index.terms) {
    const listed = pool.terms.get(stem)
    if (listed === undefined) continue
    let at = starts[listed]!
    for (let k = inverted.starts[term]!; k < inverted.starts[term + 1]!; k++) {
      while (docs[at]! < inverted.all.docs[k]!) at++
      places[at] = inverted.all.places[k]!
    }
  }
  return places
}

function splitWords(index: PaperIndex, pool: PaperIndex): Uint8Array {
  const isSplit = new Uint8Array(pool.terms.size)
  for (const { compounds } of [index, pool])
    for (const word of compounds.keys()) {
      const term = pool.terms.get(word)
      if (term !== undefined) isSplit[term] = 1
    }
  return isSplit
}
