import { foldTitle } from './titles.ts'

/** Names that are a group's and not a person's: a list of persons need not name them. */
const GROUP =
  /\b(?:collaboration|consortium|team|group|project|community|initiative|network|laboratory|labs?|inc|ai)$/
const NO_NAME = /^(?:et al|and others|others|anonymous(?: authors?)?|unknown)$/
const INITIAL = /^[a-z]$/
const SUFFIXES = new Set(['jr', 'sr', 'ii', 'iii', 'iv'])

interface Name {
  family: string
  words: string[]
}

/**
 * Whether two author lists can be of one paper: the family name they share; `none` where they share none; undefined
 * where that cannot be told, because a list is missing, names only groups, or is in another script.
 * Names are "Given Family" or "Family, Given"; as the order is not always kept, a family name may match any word of a
 * name on the other side.
 */
export function sharedFamilyName(ones: string[], others: string[]): { name: string } | 'none' | undefined {
  const left = personsOf(ones)
  const right = personsOf(others)
  if (left.length === 0 || right.length === 0 || isLatin(left) !== isLatin(right)) return undefined
  const name = familyAmong(left, right) ?? familyAmong(right, left)
  return name === undefined ? 'none' : { name }
}

function familyAmong(names: Name[], others: Name[]): string | undefined {
  const words = new Set(others.flatMap((name) => name.words))
  return names.find(({ family }) => words.has(family))?.family
}

function personsOf(names: string[]): Name[] {
  return names.flatMap((name) => {
    const folded = foldTitle(name)
    if (folded === '' || NO_NAME.test(folded) || GROUP.test(folded)) return []
    const words = wordsOf(folded)
    const beforeComma = /^[^,]+(?=,)/.exec(name)?.[0]
    const family = beforeComma === undefined ? undefined : wordsOf(foldTitle(beforeComma)).at(-1)
    return [{ family: family ?? words.at(-1)!, words: words.filter((word) => !INITIAL.test(word)) }]
  })
}

function wordsOf(folded: string): string[] {
  const words = folded.split(' ')
  const last = words.findLastIndex((word) => !SUFFIXES.has(word))
  return last < 0 ? words : words.slice(0, last + 1)
}

function isLatin(names: Name[]): boolean {
  return names.some(({ words }) => words.some((word) => /\p{sc=Latin}/u.test(word)))
}
