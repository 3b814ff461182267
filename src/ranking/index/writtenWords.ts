/** The words that stand for terms in texts: each form once, with its term and how often it was read. */
export interface Forms {
  /** Form → its position in the two lists. */
  positions: Map<string, number>
  terms: number[]
  counts: number[]
}

/** No forms yet. */
export function newForms(): Forms {
  return { positions: new Map(), terms: [], counts: [] }
}

/** Counts a word as it stands in a text. */
export function noteForm({ positions, terms, counts }: Forms, word: string, term: number): void {
  const position = positions.get(word)
  if (position !== undefined) counts[position]!++
  else {
    positions.set(word, terms.length)
    terms.push(term)
    counts.push(1)
  }
}

/** For each term its most frequent form: acronyms in their capitals, other words in lower case. */
export function commonestForms({ positions, terms, counts }: Forms, termCount: number): string[] {
  const written = newForms()
  for (const [word, position] of positions) {
    const form = asWritten(word)
    const known = written.positions.get(form)
    if (known === undefined) noteForm(written, form, terms[position]!)
    if (known === undefined) written.counts[written.counts.length - 1] = counts[position]!
    else written.counts[known]! += counts[position]!
  }
  const most = new Int32Array(termCount)
  const words = Array.from({ length: termCount }, () => '')
  for (const [form, position] of written.positions) {
    const term = written.terms[position]!
    const count = written.counts[position]!
    if (count < most[term]! || (count === most[term] && form > words[term]!)) continue
    most[term] = count
    words[term] = form
  }
  return words
}

function asWritten(word: string): string {
  return (word.match(/\p{Lu}/gu) ?? []).length >= 2 ? word : word.toLowerCase()
}

/** The word that people write for a stem; the stem itself if no paper of the index has it. */
export function writtenWord(
  { terms, words }: { terms: ReadonlyMap<string, number>; words: readonly string[] },
  stem: string,
): string {
  const term = terms.get(stem)
  return term === undefined ? stem : words[term]!
}
