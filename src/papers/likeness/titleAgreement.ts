import type { Profile } from '../profile/profile.ts'
import { diceOf } from '../profile/trigrams.ts'

/** How far two titles agree, by letters and by words. */
export interface TitleAgreement {
  /** Shared trigrams, spaces left out (Dice). Spelling, hyphens and word order hardly matter. */
  letters: number
  /** The smaller of two parts: how much of each title's words the other has. */
  words: number
  /** The larger of these parts: 1 if one title contains the other. */
  contained: number
  /** How much the shared words say: 0 for one word, 1 from about eight informative words on. */
  length: number
  sameBeginning: boolean
}

const FILLERS = new Set('a an the of for in on and to with by from using via at as is its'.split(' '))
const FILLER_WEIGHT = 0.2
/** Words that references and scanners add to a title, or leave out of it. */
const FRAME = new Set(
  (
    'in proceedings proceeding proc of the conference conf journal acm ieee vol volume pp pages technical report tech rep ' +
    'abstract extended demonstration demo description panel tutorial symposium workshop international annual submitted to ' +
    'appear publication press university invited talk poster research record transactions on available by via anonymous ftp ' +
    'version preprint revised'
  ).split(' '),
)
const YEAR = /^(?:19|20)\d\d$/
const NUMBER = /^\d/
/** If a word shares less than this with a title, it is by chance. */
const LEAST_COVER = 0.34
const SAME_LETTERS = 12

/** Compares two titles. Their order does not matter. */
export function compareTitles(one: Profile, other: Profile): TitleAgreement {
  const [left, right] = [coverage(one, other), coverage(other, one)]
  return {
    letters: diceOf(one.trigrams, other.trigrams),
    words: Math.min(left.share, right.share),
    contained: Math.max(left.share, right.share),
    length: Math.min(1, Math.max(0, (Math.min(left.covered, right.covered) - 1) / 6)),
    sameBeginning: one.letters.slice(0, SAME_LETTERS) === other.letters.slice(0, SAME_LETTERS),
  }
}

/**
 * The part of a title that the other has. A missing word is ignored if it is explained: it names an author, the venue
 * or a year, or belongs to the frame around titles.
 */
function coverage(own: Profile, other: Profile): { covered: number; share: number } {
  let total = 0
  let covered = 0
  for (const word of own.words) {
    const cover = coverOf(word, other)
    if (cover < 0.5 && isExplained(word, cover, own, other)) continue
    const weight = FILLERS.has(word) ? FILLER_WEIGHT : Math.min(1, 0.2 + word.length / 8)
    total += weight
    covered += weight * cover
  }
  return { covered, share: total === 0 ? 0 : covered / total }
}

/**
 * How much of a word the other title has, 0 to 1: the whole word, or parts of it if it is spelled or divided
 * differently.
 */
function coverOf(word: string, other: Profile): number {
  if (other.wordSet.has(word)) return 1
  if (word.length < 4) {
    return word.length > 1 && !FILLERS.has(word) && other.letters.includes(word) ? 0.5 : 0
  }
  let shared = 0
  for (let at = 0; at + 3 <= word.length; at += 1) if (other.trigrams.has(word.slice(at, at + 3))) shared += 1
  const cover = shared / (word.length - 2)
  return cover < LEAST_COVER ? 0 : cover
}

function isExplained(word: string, cover: number, own: Profile, other: Profile): boolean {
  if (YEAR.test(word)) return cover === 0
  if (NUMBER.test(word)) return false
  return (
    word.length <= 2 ||
    FRAME.has(word) ||
    own.venue.has(word) ||
    other.venue.has(word) ||
    own.nameWords.has(word) ||
    other.nameWords.has(word)
  )
}
