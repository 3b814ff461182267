import { gunzipSync } from 'node:zlib'
import { fullWeight } from '../../ranking/corpus/bm25.ts'
import type { CorpusModel } from '../../ranking/corpus/corpusModel.ts'
import { unitWeightsOf } from '../../ranking/corpus/documentExpansion.ts'
import { saturationRows } from '../../ranking/corpus/paperRows.ts'
import { FIELDS, IN_ABSTRACT, type Inverted } from '../../ranking/index/inverted.ts'
import type { PaperIndex } from '../../ranking/index/paperIndex.ts'
import { paperOfWords } from '../../ranking/index/paperIndex.ts'
import { normaliseRows } from '../../ranking/matrices/denseRows.ts'
import { type SparseRows, unitRows } from '../../ranking/matrices/sparseRows.ts'

/** The format of the starter's bytes. Raise it whenever their layout changes, and build the starter again. */
export const STARTER_FORMAT = 1

/** Arrays of the starter, in the order of its bytes, and how each number is stored. */
export const STARTER_ARRAYS = {
  holders: Int32Array,
  /** For each term how many papers have it as a main word; then these papers, each as the distance from the one before. */
  counts: Uint16Array,
  gaps: Uint16Array,
  frequencies: Uint8Array,
  /** Relative lengths times LENGTH_STEPS. */
  lengths: Uint8Array,
  neighbourCounts: Uint16Array,
  neighbours: Uint16Array,
  /** Shares times 255. */
  shares: Uint8Array,
  /** The terms of the LSA vocabulary; their vectors as whole numbers, and what these are multiplied by. */
  vocabulary: Uint16Array,
  termScales: Float32Array,
  termVectors: Int8Array,
  paperVectors: Int8Array,
  mean: Float32Array,
  covariance: Float32Array,
  precision: Float32Array,
  gramHashes: Int32Array,
  /** Weights times IDF_STEPS. */
  gramIdf: Uint8Array,
  sampleDocs: Int32Array,
  sampleCounts: Uint16Array,
  sampleColumns: Uint16Array,
  /** Values times VALUE_STEPS. */
  sampleValues: Uint8Array,
} as const

/** Papers of another field lie farther from the starter's than cosines of 0.15. */
const LEAST_SQUARE = 0.15 ** 2

export const LENGTH_STEPS = 64
export const IDF_STEPS = 20
export const VALUE_STEPS = 500

/** What stands before the arrays as JSON. */
export interface StarterHead {
  format: number
  papers: number
  meanLength: number
  /** One a line: the stem of each term, and the word that people write for it, empty if that is the stem. */
  stems: string
  words: string
  /** `[joined, parts]` */
  compounds: [string, string[]][]
  /** `[stem, text, isWord, stems of the long form]` */
  acronyms: [string, string, boolean, string[]][]
  lengths: Record<keyof typeof STARTER_ARRAYS, number>
}

type Arrays = { [Name in keyof typeof STARTER_ARRAYS]: InstanceType<(typeof STARTER_ARRAYS)[Name]> }

/**
 * Reads a starter model from its gzipped bytes: a length, a head in JSON, and arrays of small numbers. It has no texts and no titles:
 * of each paper only its main words, in no order. @throws if the bytes are damaged or of another format.
 */
export function unpackStarter(packed: Uint8Array): CorpusModel {
  const bytes = gunzipSync(packed)
  const headEnd = 4 + bytes.readUInt32LE()
  const head = JSON.parse(bytes.toString('utf8', 4, headEnd)) as StarterHead
  if (head.format !== STARTER_FORMAT)
    throw new Error(`expected a starter model of format ${STARTER_FORMAT}, got ${head.format}`)
  const arrays = readArrays(bytes, headEnd, head)
  const stems = head.stems.split('\n')
  const index = indexOf(head, stems, arrays)
  const weights = Float64Array.from(arrays.holders, (held) => fullWeight(head.papers, held))
  const saturation = saturationRows(index)
  return {
    index,
    unitWeights: unitWeightsOf(unitRows(weighed(saturation, weights)), index),
    expansion: {
      starts: startsOf(arrays.neighbourCounts),
      columns: Int32Array.from(arrays.neighbours),
      values: Float32Array.from(arrays.shares, (share) => share / 255),
    },
    saturation,
    holders: arrays.holders,
    stems,
    weights,
    leastSquare: LEAST_SQUARE,
    acronyms: {
      longForms: new Map(head.acronyms.map(([stem, , isWord, long]) => [stem, { stems: long, isWord }])),
      shortForms: new Map(head.acronyms.map(([stem, text, , long]) => [long.join(' '), { stem, text }])),
    },
    grams: {
      hashes: arrays.gramHashes,
      idf: Float32Array.from(arrays.gramIdf, (value) => value / IDF_STEPS),
      docs: arrays.sampleDocs,
      sample: unitRows({
        starts: startsOf(arrays.sampleCounts),
        columns: Int32Array.from(arrays.sampleColumns),
        values: Float32Array.from(arrays.sampleValues, (value) => value / VALUE_STEPS),
      }),
    },
    lsa: lsaOf(stems, arrays),
  }
}

/** Copies each array out of the bytes, because they need not begin where a number may. */
function readArrays(bytes: Buffer, headEnd: number, { lengths }: StarterHead): Arrays {
  let at = headEnd
  const read = Object.entries(STARTER_ARRAYS).map(([name, Kind]) => {
    const length = lengths[name as keyof Arrays]
    const array = new Kind(length)
    const target = new Uint8Array(array.buffer)
    target.set(bytes.subarray(at, at + target.length))
    at += target.length
    return [name, array]
  })
  if (at !== bytes.length) throw new Error(`expected a starter model of ${at} bytes, got ${bytes.length}`)
  return Object.fromEntries(read) as Arrays
}

function indexOf(head: StarterHead, stems: readonly string[], arrays: Arrays): PaperIndex {
  const { papers, meanLength, compounds } = head
  const words = head.words.split('\n')
  return {
    // The ids are below those of stored papers and of pasted texts.
    papers: Array.from({ length: papers }, (_, at) =>
      paperOfWords({ id: -1_000_000 - at, title: '', abstract: null }),
    ),
    terms: new Map(stems.map((stem, term) => [stem, term])),
    words: words.map((word, term) => word || stems[term]!),
    inverted: invertedOf(arrays),
    texts: { terms: new Int32Array(0), starts: new Int32Array(papers * FIELDS + 1) },
    relativeLengths: Float64Array.from(arrays.lengths, (length) => length / LENGTH_STEPS),
    meanLength,
    compounds: new Map(compounds),
    authors: Array.from({ length: papers }, () => []),
  }
}

function invertedOf({ counts, gaps, frequencies }: Arrays): Inverted {
  const starts = startsOf(counts)
  const docs = new Int32Array(gaps.length)
  for (let term = 0; term < counts.length; term++) {
    let doc = 0
    for (let k = starts[term]!; k < starts[term + 1]!; k++) {
      doc += gaps[k]!
      docs[k] = doc
    }
  }
  const fieldBits = new Uint8Array(docs.length).fill(IN_ABSTRACT)
  return { starts, all: { docs, frequencies: Float32Array.from(frequencies), fieldBits } }
}

function startsOf(counts: Uint16Array): Int32Array {
  const starts = new Int32Array(counts.length + 1)
  for (let at = 0; at < counts.length; at++) starts[at + 1] = starts[at]! + counts[at]!
  return starts
}

/** The rows of saturations as BM25 weights. */
function weighed({ starts, columns, values }: SparseRows, weights: Float64Array): SparseRows {
  return { starts, columns, values: values.map((value, at) => value * weights[columns[at]!]!) }
}

function lsaOf(
  stems: readonly string[],
  { vocabulary, termScales, termVectors, paperVectors, mean, covariance, precision }: Arrays,
): CorpusModel['lsa'] {
  const width = mean.length
  const rowsOf = (values: Float32Array): number[][] =>
    Array.from({ length: width }, (_, row) => [...values.subarray(row * width, (row + 1) * width)])
  const terms = new Float32Array(termVectors.length)
  for (let at = 0; at < terms.length; at++) terms[at] = termVectors[at]! * termScales[Math.floor(at / width)]!
  const papers = { width, values: Float32Array.from(paperVectors) }
  normaliseRows(papers)
  return {
    vocabulary: new Map(Array.from(vocabulary, (term, row) => [stems[term]!, row])),
    termVectors: { width, values: terms },
    paperVectors: papers,
    mean: [...mean],
    covariance: rowsOf(covariance),
    precision: rowsOf(precision),
  }
}
