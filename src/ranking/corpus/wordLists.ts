import { runAtOnce, type Sliced } from '../../slices.ts'
import type { PaperIndex } from '../index/paperIndex.ts'
import {
  addEntry,
  endRow,
  growingRows,
  grownRows,
  type SparseRows,
  transpose,
  transposing,
} from '../matrices/sparseRows.ts'
import { addTo, clearSums, newSums, type SparseSums } from '../matrices/sparseSums.ts'
import { fullWeight } from './bm25.ts'
import { type CorpusModel, type DocumentExpansion, isCorpusItself, type RankingIndex } from './corpusModel.ts'
import { saturationRows, translateRows } from './paperRows.ts'
import { documentFrequency, knownPapers } from './statistics.ts'

/** A paper that has a word only by expansion matches from this part of the word's full value on. */
export const LEAST_EXPANDED = 0.05

/**
 * For each word of a corpus model the papers of an index that have it, themselves or by expansion. All lists are made at once,
 * which takes a hundredth of the time of looking up each word. Term t (its number in the corpus model) stands at starts[t] …
 * starts[t + 1].
 */
export interface WordLists {
  starts: Int32Array
  /** Positions in the index, rising. */
  docs: Int32Array
  /** The BM25 weight of the word in the expanded paper. */
  weights: Float32Array
  /** Bits of the fields in which the paper itself has the word; 0 if it has the word only by expansion. */
  fieldBits: Uint8Array
  /** For each term its full value. */
  ceilings: Float64Array
  /** For each term 1 if papers may also write it as several words. Such a word has to be searched for. */
  isSplit: Uint8Array
  /** For each term its number in the index; -1 if no paper there has it. */
  numbers: Int32Array
}

/** The lists made so far; they live as long as their index. */
const made = new WeakMap<RankingIndex, WordLists>()

/** The lists of an index, made at the first use. Undefined without a corpus model, and for the corpus model's own papers. */
export function wordListsOf(index: RankingIndex): WordLists | undefined {
  return made.get(index) ?? runAtOnce(makingWordLists(index))
}

/** Makes the lists of an index ahead of the first use, in slices. With thousands of papers that takes a second. */
export function* makingWordLists(index: RankingIndex): Sliced<WordLists | undefined> {
  const { corpus, expansion } = index
  if (corpus === undefined || expansion === undefined || isCorpusItself(index)) return undefined
  const rows = yield* expandingRows(index, corpus, expansion)
  const { starts, columns: docs, values: weights } = yield* transposing(rows, corpus.stems.length)
  const papers = knownPapers(index)
  const ceilings = Float64Array.from(corpus.stems, (stem) =>
    fullWeight(papers, documentFrequency(index, stem)),
  )
  yield
  for (let term = 0; term < ceilings.length; term++)
    for (let k = starts[term]!; k < starts[term + 1]!; k++) weights[k]! *= ceilings[term]!
  yield
  const lists = {
    starts,
    docs,
    weights,
    fieldBits: fieldBitsIn(index, corpus.index, starts, docs),
    ceilings,
    isSplit: splitWords(index, corpus.index),
    numbers: Int32Array.from(corpus.stems, (stem) => index.terms.get(stem) ?? -1),
  }
  made.set(index, lists)
  return lists
}

/** For each paper its words after expansion (columns: term numbers of the corpus model) and their saturation. */
function* expandingRows(
  index: PaperIndex,
  corpus: CorpusModel,
  expansion: DocumentExpansion,
): Sliced<SparseRows> {
  const own = translateRows(saturationRows(index), index, corpus.index.terms)
  const neighbours = transpose(expansion, index.papers.length)
  const rows = growingRows(index.papers.length)
  const sums = newSums(corpus.stems.length)
  for (let doc = 0; doc < index.papers.length; doc++) {
    addRow(sums, own, doc, 1)
    const owned = sums.count
    for (let k = neighbours.starts[doc]!; k < neighbours.starts[doc + 1]!; k++)
      addRow(sums, corpus.saturation, neighbours.columns[k]!, neighbours.values[k]!)
    for (let at = 0; at < sums.count; at++) {
      const term = sums.touched[at]!
      const part = sums.values[term]!
      if (at >= owned && part < LEAST_EXPANDED) continue
      addEntry(rows, term, Math.max(part, LEAST_EXPANDED))
    }
    endRow(rows)
    clearSums(sums)
    yield
  }
  return grownRows(rows)
}

function addRow(
  sums: SparseSums,
  { starts, columns, values }: SparseRows,
  row: number,
  factor: number,
): void {
  for (let k = starts[row]!; k < starts[row + 1]!; k++) {
    const value = factor * values[k]!
    if (value > 0) addTo(sums, columns[k]!, value)
  }
}

/** The fields in which the papers of the lists themselves have the words. */
function fieldBitsIn(
  { terms, inverted }: PaperIndex,
  corpus: PaperIndex,
  starts: Int32Array,
  docs: Int32Array,
): Uint8Array {
  const fieldBits = new Uint8Array(docs.length)
  for (const [stem, term] of terms) {
    const listed = corpus.terms.get(stem)
    if (listed === undefined) continue
    let at = starts[listed]!
    for (let k = inverted.starts[term]!; k < inverted.starts[term + 1]!; k++) {
      while (docs[at]! < inverted.all.docs[k]!) at++
      fieldBits[at] = inverted.all.fieldBits[k]!
    }
  }
  return fieldBits
}

function splitWords(index: PaperIndex, corpus: PaperIndex): Uint8Array {
  const isSplit = new Uint8Array(corpus.terms.size)
  for (const { compounds } of [index, corpus])
    for (const word of compounds.keys()) {
      const term = corpus.terms.get(word)
      if (term !== undefined) isSplit[term] = 1
    }
  return isSplit
}
