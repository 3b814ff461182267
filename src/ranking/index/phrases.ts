import { FIELDS, frequencyIn, type Postings, placeOf } from './inverted.ts'
import { type PaperIndex, postingsOf } from './paperIndex.ts'

export const NOWHERE: Postings = {
  docs: new Int32Array(0),
  frequencies: new Float32Array(0),
  places: new Uint8Array(0),
}

/** Where terms stand in the texts of an index: term t at `places[k]` for k from starts[t] to starts[t + 1], rising. */
export interface Occurrences {
  starts: Int32Array
  places: Int32Array
}

/** The papers in which the stems stand side by side, and how often. */
export function phrasePostings(index: PaperIndex, stems: readonly string[]): Postings {
  if (stems.length === 1) return postingsOf(index, stems[0]!) ?? NOWHERE
  return phraseOf(index, termsOf(index, stems))
}

/** The numbers of stems in an index; -1 for those that no paper has. */
export function termsOf(index: PaperIndex, stems: readonly string[]): number[] {
  const numbers: number[] = []
  for (const stem of stems) numbers.push(termOf(index, stem))
  return numbers
}

export function termOf({ terms }: PaperIndex, stem: string): number {
  return terms.get(stem) ?? -1
}

/** The papers in which two or more terms stand side by side, and how often. */
export function phraseOf(index: PaperIndex, wanted: readonly number[]): Postings {
  if (wanted.includes(-1)) return NOWHERE
  index.occurrences ??= occurrencesIn(index)
  const { starts, places } = index.occurrences
  const { terms } = index.texts
  let rarest = 0
  for (let at = 1; at < wanted.length; at++)
    if (occursIn(starts, wanted[at]!) < occursIn(starts, wanted[rarest]!)) rarest = at
  const beside = rarest === 0 ? 1 : -1
  const next = wanted[rarest + beside]!
  let found: Found | undefined
  const end = starts[wanted[rarest]! + 1]!
  for (let k = starts[wanted[rarest]!]!; k < end; k++) {
    const place = places[k]!
    // Most stand beside another word: that is all to be asked of them.
    if (terms[place + beside] !== next || !standsAt(terms, place - rarest, wanted)) continue
    found ??= { docs: [], frequencies: [], places: [] }
    addOccurrence(found, index, place)
  }
  return found === undefined ? NOWHERE : fromFound(found)
}

function occursIn(starts: Int32Array, term: number): number {
  return starts[term + 1]! - starts[term]!
}

function occurrencesIn({ texts, terms: { size } }: PaperIndex): Occurrences {
  const starts = new Int32Array(size + 1)
  for (const term of texts.terms) if (term >= 0) starts[term + 1]!++
  for (let term = 0; term < size; term++) starts[term + 1]! += starts[term]!
  const places = new Int32Array(starts[size]!)
  const ends = starts.slice()
  for (let place = 0; place < texts.terms.length; place++) {
    const term = texts.terms[place]!
    if (term >= 0) places[ends[term]!++] = place
  }
  return { starts, places }
}

/** Postings that are being put together. */
export interface Found {
  docs: number[]
  frequencies: number[]
  places: number[]
}

/** Adds the phrase that stands at a place of the texts, later than those added before. */
function addOccurrence({ docs, frequencies, places }: Found, { texts }: PaperIndex, place: number): void {
  const field = fieldAt(texts.starts, place)
  const doc = Math.floor(field / FIELDS)
  if (docs.at(-1) !== doc) {
    docs.push(doc)
    frequencies.push(0)
    places.push(0)
  }
  frequencies[docs.length - 1]! += frequencyIn(field % FIELDS)
  places[docs.length - 1]! |= placeOf(field % FIELDS)
}

/** The last of rising places that is not behind the place. */
function fieldAt(starts: Int32Array, place: number): number {
  let from = 0
  let to = starts.length - 1
  while (to - from > 1) {
    const middle = (from + to) >> 1
    if (starts[middle]! <= place) from = middle
    else to = middle
  }
  return from
}

function standsAt(terms: Int32Array, from: number, wanted: readonly number[]): boolean {
  for (let offset = 0; offset < wanted.length; offset++)
    if (terms[from + offset] !== wanted[offset]) return false
  return true
}

export function fromFound({ docs, frequencies, places }: Found): Postings {
  return {
    docs: Int32Array.from(docs),
    frequencies: Float32Array.from(frequencies),
    places: Uint8Array.from(places),
  }
}
