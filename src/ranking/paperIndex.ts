import type { LocalDate, Paper } from '../domain.ts'
import { foldName } from './fields.ts'
import type { Match } from './match.ts'
import { analyse } from './text.ts'

/** What ranking reads of a paper. `day`: when it was listed or first seen. */
export type RankablePaper = Pick<
  Paper,
  'id' | 'title' | 'abstract' | 'authors' | 'categories' | 'organization' | 'keywords' | 'upvotes'
> & { day: LocalDate | null }

/** Where a term stands in a paper, as bits of `Postings.places`. */
export const IN_TITLE = 1
export const IN_ABSTRACT = 2
export const IN_KEYWORDS = 4

/** A title word counts as this many words of the abstract. */
const TITLE_WEIGHT = 2

/** The papers that hold a term or phrase, in the index's order. */
export interface Postings {
  /** Positions in `PaperIndex.papers`, rising. */
  docs: Int32Array
  /** How often, title occurrences counted TITLE_WEIGHT times. */
  frequencies: Float32Array
  /** IN_TITLE | IN_ABSTRACT | IN_KEYWORDS */
  places: Uint8Array
}

/** How common terms are in a larger collection than the papers at hand. */
export interface TermStatistics {
  /** Papers in the collection. */
  papers: number
  /** How many of them hold the stem; 0 for unknown. */
  documentFrequency(stem: string): number
}

/** A day's papers (or any other set), made searchable. Immutable but for `matches`, which only saves time. */
export interface PaperIndex {
  papers: readonly RankablePaper[]
  /** Stem → its number in `inverted` and `sequences`. */
  terms: ReadonlyMap<string, number>
  inverted: Inverted
  /** For each paper the numbers of its words in reading order; BREAK between title, abstract and keywords. */
  sequences: readonly Int32Array[]
  /** Paper length in words, title counted TITLE_WEIGHT times, divided by the mean length. */
  relativeLengths: Float64Array
  /** Hyphenated words seen here: written as one → their parts (`xray` → `x`, `ray`). */
  compounds: ReadonlyMap<string, string[]>
  /** For each paper, for each author, the folded words of the name. */
  authors: readonly string[][][]
  statistics: TermStatistics
  matches: Map<string, Match>
}

/** Separates fields in a sequence, so that no phrase runs across. */
export const BREAK = -1

/**
 * Indexes papers (some thousands in 0.2 s a thousand at most; order is kept). `statistics` of a larger collection make word
 * weights independent of the day; without it these papers are the collection.
 */
export function buildIndex(papers: readonly RankablePaper[], statistics?: TermStatistics): PaperIndex {
  const terms = new Map<string, number>()
  const compounds = new Map<string, string[]>()
  const sequences = papers.map((paper) => sequenceOf(paper, terms, compounds))
  const inverted = invert(sequences, terms.size)
  return {
    papers,
    terms,
    inverted,
    sequences,
    relativeLengths: relativeLengths(sequences),
    compounds,
    authors: papers.map((paper) => paper.authors.map(foldName)),
    statistics: statistics ?? ownStatistics(papers.length, terms, inverted),
    matches: new Map(),
  }
}

function sequenceOf(
  paper: RankablePaper,
  terms: Map<string, number>,
  compounds: Map<string, string[]>,
): Int32Array {
  const numbers: number[] = []
  addText(paper.title)
  numbers.push(BREAK)
  if (paper.abstract !== null) addText(paper.abstract)
  for (const keyword of paper.keywords) {
    numbers.push(BREAK)
    addText(keyword)
  }
  return Int32Array.from(numbers)

  function addText(text: string): void {
    const analysed = analyse(text)
    for (const stem of analysed.stems) {
      const number = terms.get(stem) ?? terms.size
      terms.set(stem, number)
      numbers.push(number)
    }
    for (const { joined, parts } of analysed.compounds) compounds.set(joined, parts)
  }
}

/** All postings in three arrays, one term after the other. */
interface Inverted {
  /** Term t's postings stand at starts[t] … starts[t + 1]. */
  starts: Int32Array
  all: Postings
}

function invert(sequences: readonly Int32Array[], termCount: number): Inverted {
  const starts = postingStarts(sequences, termCount)
  const total = starts[termCount]!
  const docs = new Int32Array(total).fill(-1)
  const frequencies = new Float32Array(total)
  const places = new Uint8Array(total)
  const ends = starts.slice()
  sequences.forEach((sequence, doc) => {
    let field = 0
    for (const term of sequence) {
      if (term === BREAK) {
        field++
        continue
      }
      const isNew = ends[term] === starts[term] || docs[ends[term]! - 1] !== doc
      const at = isNew ? ends[term]!++ : ends[term]! - 1
      docs[at] = doc
      frequencies[at]! += frequencyIn(field)
      places[at]! |= placeOf(field)
    }
  })
  return { starts, all: { docs, frequencies, places } }
}

function postingStarts(sequences: readonly Int32Array[], termCount: number): Int32Array {
  const starts = new Int32Array(termCount + 1)
  const lastDoc = new Int32Array(termCount).fill(-1)
  sequences.forEach((sequence, doc) => {
    for (const term of sequence) {
      if (term === BREAK || lastDoc[term] === doc) continue
      lastDoc[term] = doc
      starts[term + 1]!++
    }
  })
  for (let term = 0; term < termCount; term++) starts[term + 1]! += starts[term]!
  return starts
}

/** Where the stem stands; undefined where no paper has it. */
export function postingsOf(index: PaperIndex, stem: string): Postings | undefined {
  const term = index.terms.get(stem)
  if (term === undefined) return undefined
  const { starts, all } = index.inverted
  const from = starts[term]!
  const to = starts[term + 1]!
  return {
    docs: all.docs.subarray(from, to),
    frequencies: all.frequencies.subarray(from, to),
    places: all.places.subarray(from, to),
  }
}

/** `field`: 0 the title, 1 the abstract, above that the keywords. */
export function frequencyIn(field: number): number {
  return field === 0 ? TITLE_WEIGHT : 1
}

export function placeOf(field: number): number {
  if (field === 0) return IN_TITLE
  return field === 1 ? IN_ABSTRACT : IN_KEYWORDS
}

function relativeLengths(sequences: readonly Int32Array[]): Float64Array {
  const lengths = Float64Array.from(sequences, (sequence) => {
    const title = sequence.indexOf(BREAK)
    return sequence.reduce((words, term) => words + (term === BREAK ? 0 : 1), (TITLE_WEIGHT - 1) * title)
  })
  const mean = lengths.reduce((sum, length) => sum + length, 0) / Math.max(lengths.length, 1)
  return mean === 0 ? lengths : lengths.map((length) => length / mean)
}

function ownStatistics(
  papers: number,
  terms: ReadonlyMap<string, number>,
  { starts }: Inverted,
): TermStatistics {
  const documentFrequency = (stem: string): number => {
    const term = terms.get(stem)
    return term === undefined ? 0 : starts[term + 1]! - starts[term]!
  }
  return { papers, documentFrequency }
}
