import type { PaperIndex } from './paperIndex.ts'

/** The words that stand for terms in texts: each form once, with its term and how often it was read. */
export interface Forms {
  /** Form → its place in the other two. */
  places: Map<string, number>
  terms: number[]
  counts: number[]
}

/** No forms yet. */
export function newForms(): Forms {
  return { places: new Map(), terms: [], counts: [] }
}

/** Notes a word as it stands in a text. */
export function noteForm({ places, terms, counts }: Forms, word: string, term: number): void {
  const place = places.get(word)
  if (place !== undefined) counts[place]!++
  else {
    places.set(word, terms.length)
    terms.push(term)
    counts.push(1)
  }
}

/** For each term the word that people write for it: the commonest, an acronym in its capitals, others in lower case. */
export function commonestForms({ places, terms, counts }: Forms, termCount: number): string[] {
  const written = newForms()
  for (const [word, place] of places) {
    const form = asWritten(word)
    const known = written.places.get(form)
    if (known === undefined) noteForm(written, form, terms[place]!)
    if (known === undefined) written.counts[written.counts.length - 1] = counts[place]!
    else written.counts[known]! += counts[place]!
  }
  const most = new Int32Array(termCount)
  const words = Array.from({ length: termCount }, () => '')
  for (const [form, place] of written.places) {
    const term = written.terms[place]!
    const count = written.counts[place]!
    if (count < most[term]! || (count === most[term] && form > words[term]!)) continue
    most[term] = count
    words[term] = form
  }
  return words
}

function asWritten(word: string): string {
  return (word.match(/\p{Lu}/gu) ?? []).length >= 2 ? word : word.toLowerCase()
}

/** The word that people write for a stem; the stem itself where no paper of the index has it. */
export function writtenWord({ terms, words }: Pick<PaperIndex, 'terms' | 'words'>, stem: string): string {
  const term = terms.get(stem)
  return term === undefined ? stem : words[term]!
}
