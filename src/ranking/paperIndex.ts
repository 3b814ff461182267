import type { LocalDate, Paper } from '../domain.ts'
import type { Collection } from './collection.ts'
import type { DenseRows } from './denseRows.ts'
import { foldName } from './fields.ts'
import type { Match } from './match.ts'
import { findingNeighbours, type Neighbourhood } from './neighbours.ts'
import { type PairFilter, pairFilterOf } from './pairFilter.ts'
import { finish, type Steps } from './steps.ts'
import { analyse } from './text.ts'
import type { WordLists } from './wordLists.ts'

/**
 * What ranking reads of a paper. `day`: when it was listed or first seen. `upvotesPerDay`: how fast upvotes came in lately, by
 * repeated sightings; null or absent where there was one sighting alone.
 */
export type RankablePaper = Pick<
  Paper,
  'id' | 'title' | 'abstract' | 'authors' | 'categories' | 'organization' | 'keywords' | 'upvotes'
> & { day: LocalDate | null; upvotesPerDay?: number | null }

/** A paper of which only the words are known, or count. */
export function paperOfWords(
  words: Pick<RankablePaper, 'id' | 'title' | 'abstract'> & Partial<RankablePaper>,
): RankablePaper {
  return { authors: [], categories: [], organization: null, keywords: [], upvotes: null, day: null, ...words }
}

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

/**
 * A day's papers (or any other set), made searchable. Immutable but for `matches`, `places` and `wordLists`, which only save time. Plain
 * data: it survives the structured clone algorithm, with which a collection is stored.
 */
export interface PaperIndex {
  papers: readonly RankablePaper[]
  /** Stem → its number in `inverted` and `sequences`. */
  terms: ReadonlyMap<string, number>
  inverted: Inverted
  /** For each paper the numbers of its words in reading order; BREAK between title, abstract and keywords. */
  sequences: readonly Int32Array[]
  pairs: PairFilter
  /**
   * Paper length in words, title counted TITLE_WEIGHT times, divided by the mean length. 1 where the abstract is missing: such a
   * paper is not short, and its title's words do not say more of it than they do of others.
   */
  relativeLengths: Float64Array
  /** Of the papers that have an abstract; 0 where none has. */
  meanLength: number
  /** Hyphenated words seen here: written as one → their parts (`xray` → `x`, `ray`). */
  compounds: ReadonlyMap<string, string[]>
  /** Stem → the shortest word seen with it, for people to read. */
  words: ReadonlyMap<string, string>
  /** For each paper, for each author, the folded words of the name. */
  authors: readonly string[][][]
  /** What has been learned from many papers, for related words and taste; undefined: nothing yet. */
  collection?: Collection
  /** From whose words the papers borrow; undefined: each has its own alone. */
  neighbourhood?: Neighbourhood
  matches: Map<string, Match>
  /** The papers' places in the collection's space of meaning, once asked for. */
  places?: DenseRows
  /** Its papers by the words of the collection, once asked for. */
  wordLists?: WordLists
}

/** Separates fields in a sequence, so that no phrase runs across. */
export const BREAK = -1

/**
 * Indexes papers; order is kept. `collection`: what was learned from many papers; with it the weights of words do not
 * depend on the day, and papers are also found by the words of their neighbours there.
 */
export function buildIndex(papers: readonly RankablePaper[], collection?: Collection): PaperIndex {
  return finish(buildingIndex(papers, collection))
}

/** buildIndex, for each paper a step or two. */
export function* buildingIndex(papers: readonly RankablePaper[], collection?: Collection): Steps<PaperIndex> {
  const vocabulary: Vocabulary = { terms: new Map(), compounds: new Map(), words: new Map() }
  const sequences: Int32Array[] = []
  for (const paper of papers) {
    sequences.push(sequenceOf(paper, vocabulary))
    yield
  }
  const inverted = invert(sequences, vocabulary.terms.size)
  const lengths = Float64Array.from(sequences, lengthOf)
  const meanLength = collection?.index.meanLength ?? meanWhole(papers, lengths)
  const index: PaperIndex = {
    papers,
    ...vocabulary,
    inverted,
    sequences,
    pairs: pairFilterOf(sequences),
    relativeLengths: lengths.map((length, at) =>
      meanLength > 0 && isWhole(papers[at]!) ? length / meanLength : 1,
    ),
    meanLength,
    authors: papers.map((paper) => paper.authors.map(foldName)),
    collection,
    matches: new Map(),
  }
  if (collection !== undefined) index.neighbourhood = yield* findingNeighbours(index, collection)
  return index
}

interface Vocabulary {
  terms: Map<string, number>
  compounds: Map<string, string[]>
  words: Map<string, string>
}

function sequenceOf(paper: RankablePaper, vocabulary: Vocabulary): Int32Array {
  const numbers = numbersOf(paper.title, vocabulary)
  numbers.push(BREAK, ...numbersOf(paper.abstract ?? '', vocabulary))
  for (const keyword of paper.keywords) numbers.push(BREAK, ...numbersOf(keyword, vocabulary))
  return Int32Array.from(numbers)
}

function numbersOf(text: string, { terms, compounds, words }: Vocabulary): number[] {
  const analysed = analyse(text)
  for (const { joined, parts } of analysed.compounds) compounds.set(joined, parts)
  return analysed.stems.map((stem, at) => {
    const word = analysed.words[at]!
    const known = terms.get(stem)
    if (known === undefined || word.length < words.get(stem)!.length) words.set(stem, word)
    if (known !== undefined) return known
    terms.set(stem, terms.size)
    return terms.size - 1
  })
}

/** All postings in three arrays, one term after the other. */
export interface Inverted {
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

/** In words, title counted TITLE_WEIGHT times. */
export function lengthOf(sequence: Int32Array): number {
  const title = sequence.indexOf(BREAK)
  return sequence.reduce((words, term) => words + (term === BREAK ? 0 : 1), (TITLE_WEIGHT - 1) * title)
}

function isWhole({ abstract }: RankablePaper): boolean {
  return abstract !== null && abstract !== ''
}

function meanWhole(papers: readonly RankablePaper[], lengths: Float64Array): number {
  const whole = lengths.filter((_, at) => isWhole(papers[at]!))
  return whole.reduce((sum, length) => sum + length, 0) / Math.max(whole.length, 1)
}
