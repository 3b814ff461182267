import { gzipSync } from 'node:zlib'
import {
  IDF_STEPS,
  LENGTH_STEPS,
  STARTER_ARRAYS,
  STARTER_FORMAT,
  type StarterHead,
  VALUE_STEPS,
} from '../src/digests/corpus/starterBytes.ts'
import type { Acronyms } from '../src/ranking/corpus/acronyms.ts'
import type { CorpusModel } from '../src/ranking/corpus/corpusModel.ts'
import { isStopStem } from '../src/ranking/language/stopWords.ts'

/** A word of one paper relates it to no other. */
const LEAST_HOLDERS = 2
/** Of each paper so many of its heaviest words are kept. */
const MAIN_WORDS = 64
const MOST_LSA_WORDS = 14_000

/** Packs a trained corpus model as a starter: see src/digests/corpus/starterBytes.ts. */
export function packStarter(corpus: CorpusModel, acronyms: Acronyms): Buffer {
  const kept = [...corpus.stems.keys()].filter((term) => corpus.holders[term]! >= LEAST_HOLDERS)
  const numbers = new Map(kept.map((term, at) => [term, at]))
  const arrays: Record<string, ArrayLike<number>> = {
    holders: kept.map((term) => corpus.holders[term]!),
    ...postingsOf(corpus, kept),
    lengths: Array.from(corpus.index.relativeLengths, (length) => clamp(length * LENGTH_STEPS, 255)),
    ...neighboursOf(corpus),
    ...lsaOf(corpus, numbers),
    ...gramsOf(corpus),
  }
  const stems = kept.map((term) => corpus.stems[term]!)
  const known = new Set(stems)
  const head: StarterHead = {
    format: STARTER_FORMAT,
    papers: corpus.index.papers.length,
    meanLength: corpus.index.meanLength,
    stems: stems.join('\n'),
    words: kept
      .map((term, at) => (corpus.index.words[term] === stems[at] ? '' : corpus.index.words[term]))
      .join('\n'),
    compounds: [...corpus.index.compounds].filter(([joined]) => known.has(joined)),
    acronyms: [...acronyms.longForms].map(([stem, { stems: long, isWord }]) => [
      stem,
      acronyms.shortForms.get(long.join(' '))?.text ?? stem,
      isWord,
      long,
    ]),
    lengths: Object.fromEntries(
      Object.keys(STARTER_ARRAYS).map((name) => [name, arrays[name]!.length]),
    ) as StarterHead['lengths'],
  }
  const json = Buffer.from(JSON.stringify(head))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(json.length)
  const bytes = Object.entries(STARTER_ARRAYS).map(([name, Kind]) => {
    const { buffer } = Kind.from(Array.from(arrays[name]!))
    return new Uint8Array(buffer)
  })
  return gzipSync(Buffer.concat([length, json, ...bytes]), { level: 9 })
}

function postingsOf(corpus: CorpusModel, kept: readonly number[]) {
  const main = mainWords(corpus)
  const { starts, all } = corpus.index.inverted
  const counts: number[] = []
  const gaps: number[] = []
  const frequencies: number[] = []
  for (const term of kept) {
    let before = 0
    let count = 0
    for (let k = starts[term]!; k < starts[term + 1]!; k++) {
      const doc = all.docs[k]!
      if (!main[doc]!.has(term)) continue
      gaps.push(doc - before)
      frequencies.push(clamp(all.frequencies[k]!, 255))
      before = doc
      count++
    }
    counts.push(count)
  }
  return { counts, gaps, frequencies }
}

function mainWords({ saturation, weights, stems, holders }: CorpusModel): Set<number>[] {
  const { starts, columns, values } = saturation
  return Array.from({ length: starts.length - 1 }, (_, doc) => {
    const words: { term: number; weight: number }[] = []
    for (let k = starts[doc]!; k < starts[doc + 1]!; k++) {
      const term = columns[k]!
      if (holders[term]! >= LEAST_HOLDERS && !isStopStem(stems[term]!))
        words.push({ term, weight: values[k]! * weights[term]! })
    }
    words.sort((a, b) => b.weight - a.weight)
    return new Set(words.slice(0, MAIN_WORDS).map(({ term }) => term))
  })
}

function neighboursOf({ expansion: { starts, columns, values } }: CorpusModel) {
  return {
    neighbourCounts: countsOf(starts),
    neighbours: columns,
    shares: Array.from(values, (share) => Math.max(clamp(share * 255, 255), 1)),
  }
}

function lsaOf({ lsa, index, holders }: CorpusModel, numbers: ReadonlyMap<number, number>) {
  const { vocabulary, termVectors, paperVectors, mean, covariance, precision } = lsa!
  const { width } = termVectors
  const words = [...vocabulary]
    .map(([stem, row]) => ({ term: index.terms.get(stem)!, row }))
    .sort((a, b) => holders[b.term]! - holders[a.term]!)
    .slice(0, MOST_LSA_WORDS)
  const rows = words.map(({ row }) => Array.from(termVectors.values.subarray(row * width, (row + 1) * width)))
  const scales = rows.map((row) => Math.max(...row.map(Math.abs)) / 127 || 1)
  const ofPapers: number[] = []
  for (let from = 0; from < paperVectors.values.length; from += width) {
    const row = Array.from(paperVectors.values.subarray(from, from + width))
    const largest = Math.max(...row.map(Math.abs)) || 1
    for (const value of row) ofPapers.push(Math.round((value / largest) * 127))
  }
  return {
    vocabulary: words.map(({ term }) => numbers.get(term)!),
    termScales: scales,
    termVectors: rows.flatMap((row, at) => row.map((value) => Math.round(value / scales[at]!))),
    paperVectors: ofPapers,
    mean,
    covariance: covariance.flat(),
    precision: precision.flat(),
  }
}

function gramsOf({ grams: { hashes, idf, docs, sample } }: CorpusModel) {
  return {
    gramHashes: hashes,
    gramIdf: Array.from(idf, (value) => clamp(value * IDF_STEPS, 255)),
    sampleDocs: docs,
    sampleCounts: countsOf(sample.starts),
    sampleColumns: sample.columns,
    sampleValues: Array.from(sample.values, (value) => Math.max(clamp(value * VALUE_STEPS, 255), 1)),
  }
}

function countsOf(starts: Int32Array): number[] {
  return Array.from({ length: starts.length - 1 }, (_, row) => starts[row + 1]! - starts[row]!)
}

function clamp(value: number, most: number): number {
  return Math.min(Math.round(value), most)
}
