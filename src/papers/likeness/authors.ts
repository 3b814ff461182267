import type { Name } from '../profile/persons.ts'
import { alikeWords } from '../profile/trigrams.ts'

/** Compares two lists of authors. */

/** The names of a record, and the letters of its title, which may contain a name. */
export interface Byline {
  names: Name[]
  titleLetters: string
}

export interface AuthorAgreement {
  /** The parts of the shorter and of the longer list that the other list has, 0 to 1. */
  ofShorter: number
  ofLonger: number
  /** Whether the first authors have the same family name. */
  sameFirst: boolean
  /** Of the pairs with the same family name, the part whose given names begin differently, 0 to 1. */
  otherGiven: number
  /** A family name that both have, for people to read. */
  shared: string | undefined
}

/** The weight of two names with the same initials in another order. A shared family name weighs 1. */
const SAME_LETTERS = 0.5
/**
 * How far two lists name the same people. Undefined if a list is missing, names only groups, or is in another script.
 * Given and family names are not always in order, so a family name may match any word of a name in the other list. A
 * name with a typing error matches too, and so does one that appears in the other title.
 */
export function compareAuthors(ours: Byline, theirs: Byline): AuthorAgreement | undefined {
  const [ones, others] = [ours.names, theirs.names]
  if (ones.length === 0 || others.length === 0 || isLatin(ones) !== isLatin(others)) return undefined
  const left = agreed(ours, theirs)
  const right = agreed(theirs, ours)
  const [short, long] = ones.length <= others.length ? [left, right] : [right, left]
  const both = ones.length === others.length
  return {
    ofShorter: both ? Math.max(left, right) : short,
    ofLonger: both ? Math.min(left, right) : long,
    sameFirst: alikeWords(ones[0]!.family, others[0]!.family),
    otherGiven: otherGivenNames(ones, others),
    shared: (ones.find((name) => isAmong(name, others)) ?? others.find((name) => isAmong(name, ones)))
      ?.family,
  }
}

/** The part of one list that the other has, 0 to 1. */
function agreed(ours: Byline, theirs: Byline): number {
  const found = ours.names.map((name) => {
    if (isAmong(name, theirs.names) || slippedInto(name, theirs, ours)) return 1
    const isTurned = name.letters.length > 1 && theirs.names.some((other) => other.letters === name.letters)
    return isTurned ? SAME_LETTERS : 0
  })
  return found.reduce<number>((sum, part) => sum + part, 0) / ours.names.length
}

function isAmong(name: Name, others: readonly Name[]): boolean {
  return others.some((other) => other.words.some((word) => alikeWords(name.family, word)))
}

function slippedInto(name: Name, other: Byline, own: Byline): boolean {
  const isTelling = name.family.length > 3 && !own.titleLetters.includes(name.family)
  return isTelling && other.titleLetters.includes(name.family)
}

function otherGivenNames(ones: Name[], others: Name[]): number {
  const pairs = ones.flatMap((one) => {
    const other = others.find(({ family }) => alikeWords(family, one.family))
    return other && one.initials.length > 0 && other.initials.length > 0 ? [[one, other] as const] : []
  })
  const differing = pairs.filter(
    ([one, other]) => !one.initials.some((initial) => other.initials.includes(initial)),
  )
  return pairs.length === 0 ? 0 : differing.length / pairs.length
}

function isLatin(names: Name[]): boolean {
  return names.some(({ words }) => words.some((word) => /\p{sc=Latin}/u.test(word)))
}
