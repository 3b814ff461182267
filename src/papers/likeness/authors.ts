import { foldTitle } from '../../text/titles.ts'
import { alikeWords } from './trigrams.ts'

/** Who wrote a paper, as far as two lists of names tell it. */

/** A person's name in small plain letters. */
export interface Name {
  family: string
  /** All words of the name that are more than an initial, the family name among them. */
  words: string[]
  /** First letters of the given names; of a word as short as "jm" all letters. */
  initials: string[]
  /** First letters of all words in alphabetical order: the same whichever name comes first. */
  letters: string
}

/** What stands beside a title: the names, and the title's letters, into which a name may have slipped. */
export interface Byline {
  names: Name[]
  titleLetters: string
}

export interface AuthorAgreement {
  /** How many of the shorter and of the longer list are on the other side, 0 to 1. */
  ofShorter: number
  ofLonger: number
  /** The first persons have one family name. */
  sameFirst: boolean
  /** Of the pairs with one family name, how many have given names that begin differently, 0 to 1. */
  otherGiven: number
  /** A family name that both have, for people to read. */
  shared: string | undefined
}

/** Names that are a group's and not a person's: a list of persons need not name them. */
const GROUP =
  /\b(?:collaboration|consortium|team|group|project|community|initiative|network|laboratory|labs?|inc|corp|corporation|university|institute|center|centre|department|press|anthology|edition|ai)$/
const NO_NAME = /^(?:et al|and others|others|anonymous(?: authors?)?|unknown)$/
/** A letter that is a name. */
const SIGN = /\p{sc=Han}|\p{sc=Hang}/u
const SUFFIXES = new Set(['jr', 'sr', 'ii', 'iii', 'iv'])
/** A name without its owner: of two letters as much as of ten is gone. */
const LONGEST_INITIALS = 3
/** How much it says that two names have the same initials in another order: less than a shared family name. */
const SAME_LETTERS = 0.5
/** Lists of thousands are collaborations; their first names tell as much. */
const MOST_NAMES = 60

/** The persons of a list, in order; names are "Given Family" or "Family, Given". Groups and "et al." are left out. */
export function personsOf(authors: readonly string[]): Name[] {
  return whole(authors.slice(0, MOST_NAMES)).flatMap((author) => {
    const folded = foldTitle(author).replace(/\./g, ' ')
    if (folded === '' || NO_NAME.test(folded) || GROUP.test(folded)) return []
    const words = withoutSuffix(folded.split(' '))
    const beforeComma = /^[^,]+(?=,)/.exec(author)?.[0]
    const given = beforeComma === undefined ? undefined : withoutSuffix(foldTitle(beforeComma).split(' '))
    return [nameOf(words, given?.at(-1))]
  })
}

const INITIALS = /^\s*(?:\p{L}\.?[\s-]*){1,4}$/u
const GLUED_INITIALS = /\p{L}{2}/u

/** "Lovelace", "A.", "Babbage", "C." is a list of two that was parted at every comma. */
function whole(authors: readonly string[]): string[] {
  const names: string[] = []
  for (const author of authors) {
    const last = names.at(-1)
    const isInitials = INITIALS.test(author) && !GLUED_INITIALS.test(author)
    if (isInitials && last !== undefined && !last.includes(','))
      names[names.length - 1] = `${last}, ${author}`
    else names.push(author)
  }
  return names
}

function withoutSuffix(words: string[]): string[] {
  const last = words.findLastIndex((word) => !SUFFIXES.has(word))
  return last < 0 ? words : words.slice(0, last + 1)
}

/** Without a comma the family name is the last word that is more than an initial: "rivest r l". */
function nameOf(words: string[], familyBeforeComma: string | undefined): Name {
  const family = familyBeforeComma || (words.findLast((word) => word.length > 1) ?? words.at(-1)!)
  const others = words.filter((word) => word !== family)
  const initials = others.flatMap((word) => (word.length <= LONGEST_INITIALS ? [...word] : [word[0]!]))
  return {
    family,
    words: words.filter((word) => word.length > 1 || SIGN.test(word)),
    initials,
    letters: [...initials, family[0]!].sort().join(''),
  }
}

/**
 * How far two lists name the same people; undefined where that cannot be told, because a list is missing, names only
 * groups, or is in another script. As the order of given and family name is not always kept, a family name may match
 * any word of a name on the other side; one with a slip of the pen matches too, and one that stands in the other title.
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

/** The part of one list that is on the other side, 0 to 1. */
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
