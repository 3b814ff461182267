import { keptFor } from '../../caching.ts'
import { fnv1a } from '../../text/fnv1a.ts'
import { BREAK, FIELDS } from '../index/inverted.ts'
import type { PaperIndex } from '../index/paperIndex.ts'
import { isStopStem } from '../language/stopWords.ts'
import { type SparseRows, sparseRows, transpose, unitRows } from '../matrices/sparseRows.ts'
import type { CorpusModel, GramModel, RankingIndex } from './corpusModel.ts'

/*
 * Grams: stems, and pairs of neighbouring stems; function words are left out. A gram is stored as a hash of HASH_BITS, so that no
 * pair needs a string; the few grams that share a hash count as one (Weinberger et al., "Feature Hashing", 2009).
 */
const HASH_BITS = 22

/** A gram of fewer papers tells nothing about others. */
const LEAST_HOLDERS = 3
/** The commonest grams are kept. */
const MOST_GRAMS = 60_000
const SAMPLE = 1_000

/** Learns the grams of an index's papers. */
export function learnGrams(index: PaperIndex): GramModel {
  const hashes = termHashes(index)
  const holders = new Int32Array(1 << HASH_BITS)
  for (let doc = 0; doc < index.papers.length; doc++)
    for (const gram of frequenciesIn(index, hashes, doc).keys()) holders[gram]!++
  const known = commonest(holders)
  const papers = index.papers.length
  const model = {
    hashes: known,
    idf: Float32Array.from(known, (gram) => Math.log((1 + papers) / (1 + holders[gram]!)) + 1),
  }
  const step = Math.max(papers / SAMPLE, 1)
  const docs = Array.from({ length: Math.min(papers, SAMPLE) }, (_, at) => Math.floor(at * step))
  return {
    ...model,
    docs: Int32Array.from(docs),
    sample: rowsOf(index, hashes, docs, model),
  }
}

/** The papers of an index as unit vectors of grams. Undefined without a corpus model. */
export const gramRowsOf = keptFor(
  (index: RankingIndex): SparseRows | undefined =>
    index.corpus && rowsOf(index, termHashes(index), [...index.papers.keys()], index.corpus.grams),
)

/** The same by grams: for each gram the papers that have it. */
export const gramListsOf = keptFor((index: RankingIndex): SparseRows | undefined => {
  const rows = gramRowsOf(index)
  return rows && transpose(rows, (index.corpus as CorpusModel).grams.hashes.length)
})

/** Marks the terms that are left out. */
const SKIPPED = -1

/** For each term of the index the hash of its stem, or SKIPPED. */
function termHashes({ terms }: PaperIndex): Int32Array {
  return Int32Array.from(terms.keys(), (stem) =>
    isStopStem(stem) || !/\p{L}/u.test(stem) ? SKIPPED : fnv1a(stem) >>> 1,
  )
}

/** The grams of a paper and how often it has each. */
function frequenciesIn({ texts }: PaperIndex, hashes: Int32Array, doc: number): Map<number, number> {
  const found = new Map<number, number>()
  const end = texts.starts[(doc + 1) * FIELDS]!
  let before = SKIPPED
  for (let at = texts.starts[doc * FIELDS]!; at < end; at++) {
    const term = texts.terms[at]!
    if (term === BREAK) before = SKIPPED
    const hash = term === BREAK ? SKIPPED : hashes[term]!
    if (hash === SKIPPED) continue
    count(found, bucket(hash))
    if (before !== SKIPPED) count(found, bucket(Math.imul(before, 0x9e3779b1) ^ hash))
    before = hash
  }
  return found
}

function count(found: Map<number, number>, gram: number): void {
  found.set(gram, (found.get(gram) ?? 0) + 1)
}

/** The highest bits of a mixed hash. */
function bucket(hash: number): number {
  return Math.imul(hash, 0x85ebca6b) >>> (32 - HASH_BITS)
}

/** The grams with the most holders, rising. */
function commonest(holders: Int32Array): Int32Array {
  const counts = holders.filter((held) => held >= LEAST_HOLDERS).sort()
  const least = counts[Math.max(counts.length - MOST_GRAMS, 0)] ?? LEAST_HOLDERS
  const known: number[] = []
  for (let gram = 0; gram < holders.length && known.length < MOST_GRAMS; gram++)
    if (holders[gram]! >= Math.max(least, LEAST_HOLDERS)) known.push(gram)
  return Int32Array.from(known)
}

function rowsOf(
  index: PaperIndex,
  hashes: Int32Array,
  docs: readonly number[],
  model: Pick<GramModel, 'hashes' | 'idf'>,
): SparseRows {
  const rows = { starts: [0], columns: [] as number[], values: [] as number[] }
  for (const doc of docs) {
    for (const [gram, frequency] of frequenciesIn(index, hashes, doc)) {
      const number = numberOf(model.hashes, gram)
      if (number < 0) continue
      rows.columns.push(number)
      rows.values.push((1 + Math.log(frequency)) * model.idf[number]!)
    }
    rows.starts.push(rows.columns.length)
  }
  return unitRows(sparseRows(rows))
}

/** The position of a hash; -1 if it is not known. */
function numberOf(hashes: Int32Array, gram: number): number {
  let from = 0
  let to = hashes.length - 1
  while (from <= to) {
    const middle = (from + to) >> 1
    if (hashes[middle]! === gram) return middle
    if (hashes[middle]! < gram) from = middle + 1
    else to = middle - 1
  }
  return -1
}
