import { IN_ABSTRACT, IN_KEYWORDS, IN_TITLE, type PaperIndex, postingsOf } from './paperIndex.ts'
import { analyse } from './text.ts'

/** A stem's word is the one most often written in this many of its papers. */
const SAMPLE = 20

const known = new WeakMap<PaperIndex, Map<string, string>>()

/**
 * The word that people write for a stem: of all words of the index's papers with this stem the commonest, an acronym in its
 * capitals, others in lower case. The stem itself where no paper has it.
 */
export function writtenWord(index: PaperIndex, stem: string): string {
  const words = known.get(index) ?? new Map<string, string>()
  known.set(index, words)
  const found = words.get(stem) ?? commonest(formsOf(index, stem)) ?? index.words.get(stem) ?? stem
  words.set(stem, found)
  return found
}

/** Written form → how often, in the first papers that have the stem. */
function formsOf(index: PaperIndex, stem: string): Map<string, number> {
  const counts = new Map<string, number>()
  const postings = postingsOf(index, stem)
  if (postings === undefined) return counts
  for (let at = 0; at < Math.min(postings.docs.length, SAMPLE); at++) {
    const { title, abstract, keywords } = index.papers[postings.docs[at]!]!
    const places = postings.places[at]!
    const texts = [
      ...(places & IN_TITLE ? [title] : []),
      ...(places & IN_ABSTRACT ? [abstract ?? ''] : []),
      ...(places & IN_KEYWORDS ? keywords : []),
    ]
    for (const { stems, words } of texts.map(analyse))
      stems.forEach((one, place) => {
        if (one !== stem) return
        const form = asWritten(words[place]!)
        counts.set(form, (counts.get(form) ?? 0) + 1)
      })
  }
  return counts
}

function asWritten(word: string): string {
  return (word.match(/\p{Lu}/gu) ?? []).length >= 2 ? word : word.toLowerCase()
}

function commonest(counts: ReadonlyMap<string, number>): string | undefined {
  const sorted = [...counts].sort(([a, often], [b, seldom]) => seldom - often || (a < b ? -1 : 1))
  return sorted[0]?.[0]
}
