import { keptFor } from '../../caching.ts'
import { FIELDS, fieldBit, frequencyIn, type Postings, type Texts } from './inverted.ts'
import { type PaperIndex, postingsOf } from './paperIndex.ts'

export const NO_POSTINGS: Postings = {
  docs: new Int32Array(0),
  frequencies: new Float32Array(0),
  fieldBits: new Uint8Array(0),
}

/** The papers in which the stems stand side by side, and how often. */
export function phrasePostings(index: PaperIndex, stems: readonly string[]): Postings {
  if (stems.length === 1) return postingsOf(index, stems[0]!) ?? NO_POSTINGS
  return postingsOfTerms(index, termsOf(index, stems))
}

/** The term numbers of stems; -1 for a stem that no paper has. */
export function termsOf(index: PaperIndex, stems: readonly string[]): number[] {
  const numbers: number[] = []
  for (const stem of stems) numbers.push(termOf(index, stem))
  return numbers
}

export function termOf({ terms }: PaperIndex, stem: string): number {
  return terms.get(stem) ?? -1
}

/** The papers in which two or more terms stand side by side, and how often. */
export function postingsOfTerms(index: PaperIndex, wanted: readonly number[]): Postings {
  const { texts } = index
  if (wanted.includes(-1)) return NO_POSTINGS
  // A starter model has no texts: there the words stand in one paper, perhaps side by side.
  if (texts.terms.length === 0) return togetherIn(index, wanted)
  const { starts, positions } = occurrencesIn(texts)
  const { terms } = texts
  const rarest = rarestOf(starts, wanted)
  const beside = rarest === 0 ? 1 : -1
  const next = wanted[rarest + beside]!
  let found: PostingLists | undefined
  const end = starts[wanted[rarest]! + 1]!
  for (let k = starts[wanted[rarest]!]!; k < end; k++) {
    const position = positions[k]!
    // Most occurrences stand beside another word, so one cheap comparison rejects them.
    if (terms[position + beside] !== next || !standsAt(terms, position - rarest, wanted)) continue
    found ??= { docs: [], frequencies: [], fieldBits: [] }
    addOccurrence(found, texts, position)
  }
  return found === undefined ? NO_POSTINGS : packPostings(found)
}

/** The papers that have all of the terms, and how often they have the one they have least. */
function togetherIn({ inverted: { starts, all } }: PaperIndex, wanted: readonly number[]): Postings {
  const counts = new Map<number, { terms: number; frequency: number; bits: number }>()
  for (const term of new Set(wanted))
    for (let k = starts[term]!; k < starts[term + 1]!; k++) {
      const before = counts.get(all.docs[k]!) ?? { terms: 0, frequency: Number.POSITIVE_INFINITY, bits: 0 }
      const frequency = Math.min(before.frequency, all.frequencies[k]!)
      counts.set(all.docs[k]!, { terms: before.terms + 1, frequency, bits: before.bits | all.fieldBits[k]! })
    }
  const { size } = new Set(wanted)
  const docs = [...counts.keys()].filter((doc) => counts.get(doc)!.terms === size).sort((a, b) => a - b)
  if (docs.length === 0) return NO_POSTINGS
  return packPostings({
    docs,
    frequencies: docs.map((doc) => counts.get(doc)!.frequency),
    fieldBits: docs.map((doc) => counts.get(doc)!.bits),
  })
}

/** Where terms stand in texts: term t at `positions[k]` for k from starts[t] to starts[t + 1], rising. */
interface Occurrences {
  starts: Int32Array
  positions: Int32Array
}

const occurrencesIn = keptFor(({ terms }: Texts): Occurrences => {
  let size = 0
  for (const term of terms) size = Math.max(size, term + 1)
  const starts = new Int32Array(size + 1)
  for (const term of terms) if (term >= 0) starts[term + 1]!++
  for (let term = 0; term < size; term++) starts[term + 1]! += starts[term]!
  const positions = new Int32Array(starts[size]!)
  const ends = starts.slice()
  for (let position = 0; position < terms.length; position++) {
    const term = terms[position]!
    if (term >= 0) positions[ends[term]!++] = position
  }
  return { starts, positions }
})

/** Which of the wanted terms occurs least often, as a position in `wanted`. */
function rarestOf(starts: Int32Array, wanted: readonly number[]): number {
  let rarest = 0
  for (let at = 1; at < wanted.length; at++)
    if (occurrenceCount(starts, wanted[at]!) < occurrenceCount(starts, wanted[rarest]!)) rarest = at
  return rarest
}

function occurrenceCount(starts: Int32Array, term: number): number {
  return starts[term + 1]! - starts[term]!
}

/** Postings as growing lists. */
export interface PostingLists {
  docs: number[]
  frequencies: number[]
  fieldBits: number[]
}

/** Adds the phrase that stands at a position of the texts. Positions must rise from call to call. */
function addOccurrence(
  { docs, frequencies, fieldBits }: PostingLists,
  { starts }: Texts,
  position: number,
): void {
  const field = fieldAt(starts, position)
  const doc = Math.floor(field / FIELDS)
  if (docs.at(-1) !== doc) {
    docs.push(doc)
    frequencies.push(0)
    fieldBits.push(0)
  }
  frequencies[docs.length - 1]! += frequencyIn(field % FIELDS)
  fieldBits[docs.length - 1]! |= fieldBit(field % FIELDS)
}

/** The last field that starts at the position or before it. */
function fieldAt(starts: Int32Array, position: number): number {
  let from = 0
  let to = starts.length - 1
  while (to - from > 1) {
    const middle = (from + to) >> 1
    if (starts[middle]! <= position) from = middle
    else to = middle
  }
  return from
}

function standsAt(terms: Int32Array, from: number, wanted: readonly number[]): boolean {
  for (let offset = 0; offset < wanted.length; offset++)
    if (terms[from + offset] !== wanted[offset]) return false
  return true
}

export function packPostings({ docs, frequencies, fieldBits }: PostingLists): Postings {
  return {
    docs: Int32Array.from(docs),
    frequencies: Float32Array.from(frequencies),
    fieldBits: Uint8Array.from(fieldBits),
  }
}
