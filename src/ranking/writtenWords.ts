import { IN_ABSTRACT, IN_KEYWORDS, IN_TITLE, type PaperIndex, postingsOf } from './paperIndex.ts'
import { stem } from './stem.ts'
import { foldText } from './text.ts'

/** Words of an index that a reason may name, best first: their numbers there and their stems. */
export interface NamedWords {
  terms: number[]
  stems: string[]
}

/** A stem's word is the one most often written in this many of its papers. */
const SAMPLE = 8

/** Words of one stem begin alike: only those that share so many letters are looked at. */
const SAME_LETTERS = 3

/** A word, or part of a hyphenated one, from where a search stands. */
const WORD = /[\p{L}\p{N}][\p{L}\p{M}\p{N}+#]*/uy

const known = new WeakMap<PaperIndex, Map<string, string>>()

/**
 * The word that people write for a stem: of all words of the index's papers with this stem the commonest, an acronym in its
 * capitals, others in lower case. The stem itself where no paper has it.
 */
export function writtenWord(index: PaperIndex, stem: string): string {
  let words = known.get(index)
  if (words === undefined) {
    words = new Map()
    known.set(index, words)
  }
  let found = words.get(stem)
  if (found === undefined) {
    found = commonest(formsOf(index, stem)) ?? index.words.get(stem) ?? stem
    words.set(stem, found)
  }
  return found
}

/** Written form → how often, in the first papers that have the stem. */
function formsOf(index: PaperIndex, wanted: string): Map<string, number> {
  const counts = new Map<string, number>()
  const beginning = (index.words.get(wanted) ?? wanted).slice(0, SAME_LETTERS).toLowerCase()
  for (const word of textsWith(index, wanted).flatMap((text) => wordsFrom(text, beginning))) {
    if (stem(word) !== wanted) continue
    const form = asWritten(word)
    counts.set(form, (counts.get(form) ?? 0) + 1)
  }
  return counts
}

/** The words of a text that begin with these letters. */
function wordsFrom(text: string, beginning: string): string[] {
  const folded = foldText(text)
  const lower = folded.toLowerCase()
  // A few capitals of other scripts become two letters: then places differ, and lower case has to do.
  const written = lower.length === folded.length ? folded : lower
  const words: string[] = []
  for (let at = lower.indexOf(beginning); at >= 0; at = lower.indexOf(beginning, at + 1)) {
    if (at > 0 && /[\p{L}\p{N}]/u.test(lower[at - 1]!)) continue
    WORD.lastIndex = at
    const [word] = WORD.exec(written) ?? []
    if (word !== undefined) words.push(word)
  }
  return words
}

/** Titles, abstracts and keywords of the first papers that have the stem, where it stands. */
function textsWith(index: PaperIndex, stem: string): string[] {
  const { docs, places } = postingsOf(index, stem) ?? { docs: [], places: [] }
  return [...docs.slice(0, SAMPLE)].flatMap((doc, at) => {
    const { title, abstract, keywords } = index.papers[doc]!
    return [
      ...(places[at]! & IN_TITLE ? [title] : []),
      ...(places[at]! & IN_ABSTRACT ? [abstract ?? ''] : []),
      ...(places[at]! & IN_KEYWORDS ? keywords : []),
    ]
  })
}

function asWritten(word: string): string {
  return (word.match(/\p{Lu}/gu) ?? []).length >= 2 ? word : word.toLowerCase()
}

function commonest(counts: ReadonlyMap<string, number>): string | undefined {
  const sorted = [...counts].sort(([a, often], [b, seldom]) => seldom - often || (a < b ? -1 : 1))
  return sorted[0]?.[0]
}
