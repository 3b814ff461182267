import { mayHoldPair } from './pairFilter.ts'
import { BREAK, frequencyIn, type PaperIndex, type Postings, placeOf, postingsOf } from './paperIndex.ts'

export const NOWHERE: Postings = {
  docs: new Int32Array(0),
  frequencies: new Float32Array(0),
  places: new Uint8Array(0),
}

/** The papers in which the stems stand side by side, and how often. */
export function phrasePostings(index: PaperIndex, stems: readonly string[]): Postings {
  if (stems.length === 1) return postingsOf(index, stems[0]!) ?? NOWHERE
  if (!mayStand(index, stems)) return NOWHERE
  const wanted = stems.map((stem) => index.terms.get(stem)!)
  const found: Found = { docs: [], frequencies: [], places: [] }
  for (const doc of inAll(index, wanted)) addOccurrences(found, doc, index.sequences[doc]!, wanted)
  return fromFound(found)
}

/** Postings that are being put together. */
export interface Found {
  docs: number[]
  frequencies: number[]
  places: number[]
}

/** The papers that have all the terms. */
function inAll({ inverted: { starts, all } }: PaperIndex, terms: readonly number[]): number[] {
  const length = (term: number): number => starts[term + 1]! - starts[term]!
  const rarest = terms.reduce((a, b) => (length(b) < length(a) ? b : a))
  const left: number[] = []
  const ats = terms.map((term) => starts[term]!)
  for (let k = starts[rarest]!; k < starts[rarest + 1]!; k++) {
    const doc = all.docs[k]!
    let shared = true
    for (let of = 0; shared && of < terms.length; of++) {
      const end = starts[terms[of]! + 1]!
      let at = ats[of]!
      while (at < end && all.docs[at]! < doc) at++
      ats[of] = at
      shared = at < end && all.docs[at] === doc
    }
    if (shared) left.push(doc)
  }
  return left
}

/** Whether some paper may have the stems side by side; false where surely none has. */
export function mayStand({ terms, pairs }: PaperIndex, stems: readonly string[]): boolean {
  let before = -1
  for (const stem of stems) {
    const term = terms.get(stem)
    if (term === undefined || (before >= 0 && !mayHoldPair(pairs, before, term))) return false
    before = term
  }
  return true
}

function addOccurrences(found: Found, doc: number, sequence: Int32Array, wanted: readonly number[]): void {
  let frequency = 0
  let places = 0
  const first = wanted[0]!
  let field = 0
  for (let at = 0; at < sequence.length; at++) {
    const term = sequence[at]!
    if (term === BREAK) field++
    if (term !== first || !standsAt(sequence, at, wanted)) continue
    frequency += frequencyIn(field)
    places |= placeOf(field)
  }
  if (frequency === 0) return
  found.docs.push(doc)
  found.frequencies.push(frequency)
  found.places.push(places)
}

function standsAt(sequence: Int32Array, from: number, wanted: readonly number[]): boolean {
  for (let offset = 1; offset < wanted.length; offset++)
    if (sequence[from + offset] !== wanted[offset]) return false
  return true
}

export function fromFound({ docs, frequencies, places }: Found): Postings {
  return {
    docs: Int32Array.from(docs),
    frequencies: Float32Array.from(frequencies),
    places: Uint8Array.from(places),
  }
}
