/** Where a term stands in a paper, as bits of `Postings.fieldBits`. The keywords are the third bit, 4. */
export const IN_TITLE = 1
export const IN_ABSTRACT = 2

/** A title word counts as this many words of the abstract. */
const TITLE_WEIGHT = 2

/** The papers that hold a term or phrase, in the index's order. */
export interface Postings {
  /** Positions in `PaperIndex.papers`, rising. */
  docs: Int32Array
  /** How often the paper has it; a title occurrence counts TITLE_WEIGHT times. */
  frequencies: Float32Array
  /** IN_TITLE | IN_ABSTRACT | 4 */
  fieldBits: Uint8Array
}

/** The texts of all papers as term numbers, one after the other. */
export interface Texts {
  /** Term numbers in reading order. A BREAK ends each field, so that no phrase runs from one field into the next. */
  terms: Int32Array
  /** Title, abstract and keywords of paper d begin at starts[3d], starts[3d + 1] and starts[3d + 2]. */
  starts: Int32Array
}

export const BREAK = -1

/** Title, abstract, keywords. */
export const FIELDS = 3

/** Packs the texts of papers. `fields` holds the term numbers of title, abstract and keywords of each paper in turn. */
export function textsOf(fields: readonly Int32Array[]): Texts {
  const starts = new Int32Array(fields.length + 1)
  for (const [at, field] of fields.entries()) starts[at + 1] = starts[at]! + field.length + 1
  const terms = new Int32Array(starts[fields.length]!).fill(BREAK)
  for (const [at, field] of fields.entries()) terms.set(field, starts[at])
  return { terms, starts }
}

/** The postings of all terms in three arrays, one term after the other. */
export interface Inverted {
  /** The postings of term t stand at starts[t] … starts[t + 1]. */
  starts: Int32Array
  all: Postings
}

/** Builds the postings of terms 0 … termCount − 1. */
export function invert({ terms, starts: fields }: Texts, termCount: number): Inverted {
  const starts = postingStarts({ terms, starts: fields }, termCount)
  const total = starts[termCount]!
  const docs = new Int32Array(total).fill(-1)
  const frequencies = new Float32Array(total)
  const fieldBits = new Uint8Array(total)
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
      fieldBits[at]! |= fieldBit(field)
    }
  }
  return { starts, all: { docs, frequencies, fieldBits } }
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

/** What one occurrence in a field counts. `field`: 0 the title, 1 the abstract, 2 the keywords. */
export function frequencyIn(field: number): number {
  return field === 0 ? TITLE_WEIGHT : 1
}

/** A field (0, 1 or 2) as a bit of `Postings.fieldBits`. */
export function fieldBit(field: number): number {
  return 1 << field
}

/** The length of a paper in words; title words count TITLE_WEIGHT times. */
export function lengthOf({ terms, starts }: Texts, doc: number): number {
  const [title, abstract, end] = [
    starts[doc * FIELDS]!,
    starts[doc * FIELDS + 1]!,
    starts[(doc + 1) * FIELDS]!,
  ]
  let words = (TITLE_WEIGHT - 1) * (abstract - title - 1)
  for (let at = title; at < end; at++) if (terms[at] !== BREAK) words++
  return words
}
