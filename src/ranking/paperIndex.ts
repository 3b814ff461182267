import type { LocalDate, Paper } from '../domain.ts'
import type { Collection } from './collection.ts'
import type { DenseRows } from './denseRows.ts'
import { foldName } from './fields.ts'
import type { Match } from './match.ts'
import { findingNeighbours, type Neighbourhood } from './neighbours.ts'
import type { Occurrences } from './phrases.ts'
import { finish, type Steps } from './steps.ts'
import { analyse } from './text.ts'
import type { WordLists } from './wordLists.ts'
import { commonestForms, type Forms, newForms, noteForm } from './writtenWords.ts'

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
 * A day's papers (or any other set), made searchable. Immutable but for `matches` and what is there "once asked for", which only
 * save time. Plain data: it survives the structured clone algorithm, with which a collection is stored.
 */
export interface PaperIndex {
  papers: readonly RankablePaper[]
  /** Stem → its number, the same everywhere in the index. */
  terms: ReadonlyMap<string, number>
  /** For each term the word that people write for it. */
  words: readonly string[]
  inverted: Inverted
  texts: Texts
  /** Paper length in words, title counted TITLE_WEIGHT times, divided by the mean length. */
  relativeLengths: Float64Array
  meanLength: number
  /** Hyphenated words seen here: written as one → their parts (`xray` → `x`, `ray`). */
  compounds: ReadonlyMap<string, string[]>
  /** For each paper, for each author, the folded words of the name. */
  authors: readonly string[][][]
  /** What has been learned from many papers, for related words and taste; undefined: nothing yet. */
  collection?: Collection
  /** From whose words the papers borrow; undefined: each has its own alone. */
  neighbourhood?: Neighbourhood
  matches: Map<string, Match>
  /** Where its terms stand, once asked for. */
  occurrences?: Occurrences
  /** The papers' places in the collection's space of meaning, once asked for. */
  places?: DenseRows
  /** Its papers by the words of the collection, once asked for. */
  wordLists?: WordLists
}

/** The papers as they are read, one after the other. */
export interface Texts {
  /** Term numbers in reading order; a BREAK ends each field, so that no phrase runs across. */
  terms: Int32Array
  /** Where title, abstract and keywords of paper d begin: starts[3d], starts[3d + 1], starts[3d + 2]; the next at starts[3d + 3]. */
  starts: Int32Array
}

export const BREAK = -1

/** Title, abstract, keywords. */
export const FIELDS = 3

/**
 * Indexes papers; order is kept. `collection`: what was learned from many papers; with it the weights of words do not
 * depend on the day, and papers are also found by the words of their neighbours there.
 */
export function buildIndex(papers: readonly RankablePaper[], collection?: Collection): PaperIndex {
  return finish(buildingIndex(papers, collection))
}

/** buildIndex, for each paper a step or two. */
export function* buildingIndex(papers: readonly RankablePaper[], collection?: Collection): Steps<PaperIndex> {
  const vocabulary: Vocabulary = { terms: new Map(), compounds: new Map(), forms: newForms() }
  const fields: Int32Array[] = []
  for (const paper of papers) {
    fields.push(...fieldsOf(paper, vocabulary))
    yield
  }
  const { terms, compounds, forms } = vocabulary
  const texts = textsOf(fields)
  const lengths = Float64Array.from(papers, (_, doc) => lengthOf(texts, doc))
  const meanLength = collection?.index.meanLength ?? mean(lengths)
  const index: PaperIndex = {
    papers,
    terms,
    words: commonestForms(forms, terms.size),
    inverted: invert(texts, terms.size),
    texts,
    relativeLengths: meanLength === 0 ? lengths : lengths.map((length) => length / meanLength),
    meanLength,
    compounds,
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
  forms: Forms
}

/** The numbers of the words of title, abstract and keywords. */
function fieldsOf({ title, abstract, keywords }: RankablePaper, vocabulary: Vocabulary): Int32Array[] {
  const ofKeywords: number[] = []
  for (const keyword of keywords) ofKeywords.push(...numbersOf(keyword, vocabulary), BREAK)
  return [numbersOf(title, vocabulary), numbersOf(abstract ?? '', vocabulary), ofKeywords].map((numbers) =>
    Int32Array.from(numbers),
  )
}

function numbersOf(text: string, { terms, compounds, forms }: Vocabulary): number[] {
  const analysed = analyse(text)
  for (const { joined, parts } of analysed.compounds) compounds.set(joined, parts)
  return analysed.stems.map((stem, at) => {
    let term = terms.get(stem)
    if (term === undefined) {
      term = terms.size
      terms.set(stem, term)
    }
    noteForm(forms, analysed.words[at]!, term)
    return term
  })
}

function textsOf(fields: readonly Int32Array[]): Texts {
  const starts = new Int32Array(fields.length + 1)
  for (const [at, field] of fields.entries()) starts[at + 1] = starts[at]! + field.length + 1
  const terms = new Int32Array(starts[fields.length]!).fill(BREAK)
  for (const [at, field] of fields.entries()) terms.set(field, starts[at])
  return { terms, starts }
}

/** All postings in three arrays, one term after the other. */
export interface Inverted {
  /** Term t's postings stand at starts[t] … starts[t + 1]. */
  starts: Int32Array
  all: Postings
}

function invert({ terms, starts: fields }: Texts, termCount: number): Inverted {
  const starts = postingStarts({ terms, starts: fields }, termCount)
  const total = starts[termCount]!
  const docs = new Int32Array(total).fill(-1)
  const frequencies = new Float32Array(total)
  const places = new Uint8Array(total)
  const ends = starts.slice()
  for (let from = 0; from + 1 < fields.length; from++) {
    const doc = Math.floor(from / FIELDS)
    const field = from % FIELDS
    for (let read = fields[from]!; read < fields[from + 1]!; read++) {
      const term = terms[read]!
      if (term === BREAK) continue
      const isNew = ends[term] === starts[term] || docs[ends[term]! - 1] !== doc
      const at = isNew ? ends[term]!++ : ends[term]! - 1
      docs[at] = doc
      frequencies[at]! += frequencyIn(field)
      places[at]! |= placeOf(field)
    }
  }
  return { starts, all: { docs, frequencies, places } }
}

function postingStarts({ terms, starts: fields }: Texts, termCount: number): Int32Array {
  const starts = new Int32Array(termCount + 1)
  const lastDoc = new Int32Array(termCount).fill(-1)
  for (let doc = 0; doc * FIELDS + 1 < fields.length; doc++)
    for (let read = fields[doc * FIELDS]!; read < fields[(doc + 1) * FIELDS]!; read++) {
      const term = terms[read]!
      if (term === BREAK || lastDoc[term] === doc) continue
      lastDoc[term] = doc
      starts[term + 1]!++
    }
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

/** `field`: 0 the title, 1 the abstract, 2 the keywords. */
export function frequencyIn(field: number): number {
  return field === 0 ? TITLE_WEIGHT : 1
}

/** A field as a bit of `Postings.places`. */
export function placeOf(field: number): number {
  return 1 << field
}

function lengthOf({ terms, starts }: Texts, doc: number): number {
  const [title, abstract, end] = [
    starts[doc * FIELDS]!,
    starts[doc * FIELDS + 1]!,
    starts[(doc + 1) * FIELDS]!,
  ]
  let words = (TITLE_WEIGHT - 1) * (abstract - title - 1)
  for (let at = title; at < end; at++) if (terms[at] !== BREAK) words++
  return words
}

function mean(lengths: Float64Array): number {
  return lengths.reduce((sum, length) => sum + length, 0) / Math.max(lengths.length, 1)
}
