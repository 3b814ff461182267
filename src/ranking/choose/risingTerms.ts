import type { LocalDate } from '../../domain.ts'
import { stem } from '../language/stem.ts'
import { isStopWord } from '../language/stopWords.ts'
import { wordsOf } from '../language/text.ts'

/** A title and when its paper was listed. */
export interface DatedTitle {
  title: string
  day: LocalDate
}

interface Counted {
  /** As it was written last. */
  words: string
  late: number
  early: number
}

/** A pair of words in fewer titles may be chance. */
const LEAST_TITLES = 3

/**
 * Pairs of words that more titles have since a day than before, compared with all titles; the strongest rise first. Strength is
 * Dunning's log-likelihood ratio ("Accurate Methods for the Statistics of Surprise and Coincidence", 1993). Without older titles
 * the most frequent pairs come first.
 */
export function risingTerms(titles: readonly DatedTitle[], since: LocalDate, limit: number): string[] {
  const counts = new Map<string, Counted>()
  let allLate = 0
  for (const { title, day } of titles) {
    const isLate = day >= since
    if (isLate) allLate++
    for (const [key, words] of pairsIn(title)) {
      const count = counts.get(key) ?? { words, late: 0, early: 0 }
      count[isLate ? 'late' : 'early']++
      counts.set(key, count)
    }
  }
  const allEarly = titles.length - allLate
  return [...counts.values()]
    .filter(({ late }) => late >= LEAST_TITLES)
    .map((count) => ({ ...count, strength: riseOf(count, allLate, allEarly) }))
    .filter(({ strength }) => strength > 0)
    .sort((a, b) => b.strength - a.strength || (a.words < b.words ? -1 : 1))
    .slice(0, limit)
    .map(({ words }) => words)
}

/** Pairs of words that stand side by side, by their stems; none with a word that has no subject of its own. */
function pairsIn(title: string): Map<string, string> {
  const words = wordsOf(title)
  const pairs = new Map<string, string>()
  for (const [at, second] of words.entries()) {
    const first = words[at - 1]
    if (first === undefined || !isSubject(first) || !isSubject(second)) continue
    pairs.set(`${stem(first)} ${stem(second)}`, `${shown(first)} ${shown(second)}`)
  }
  return pairs
}

function isSubject(word: string): boolean {
  return /\p{L}{3}/u.test(word) && !isStopWord(word.toLowerCase())
}

/** Acronyms keep their capitals; title case does not say anything. */
function shown(word: string): string {
  return /^\p{Lu}?[^\p{Lu}]*$/u.test(word) ? word.toLowerCase() : word
}

function riseOf({ late, early }: Counted, allLate: number, allEarly: number): number {
  if (allEarly === 0) return late
  const share = (late + early) / (allLate + allEarly)
  if (late / allLate <= share) return 0
  const term = (count: number, all: number) => (count === 0 ? 0 : count * Math.log(count / (all * share)))
  return 2 * (term(late, allLate) + term(early, allEarly))
}
