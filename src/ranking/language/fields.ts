import { repairEncoding } from '../../text/encoding.ts'
import { foldText } from '../../text/folding.ts'
import { givenFirst, isEastAsian } from '../../text/names/personName.ts'
import { texToUnicode } from '../../text/texToUnicode.ts'
import { analyse } from './text.ts'

/** The words of a person's name in lower case, folded, given names first: "LeCun, Yann" → [yann, lecun]. */
export type FoldedName = readonly string[]

/** Letters that German and the Scandinavian languages spell with two where they have only ASCII. */
const SPELLED_OUT: Record<string, string> = { ä: 'ae', ö: 'oe', ü: 'ue', ø: 'oe', å: 'aa' }
const UMLAUT = /[äöüøå]/gi

/** Neither umlauts nor TeX nor entities. */
const PLAIN_NAME = /^[^\\$&\u0080-\uFFFF]*$/

/**
 * The words of a name in lower case, folded, given names first. A Chinese, Japanese or Korean name is one word, its
 * blank left out: "山田 太郎" → [山田太郎].
 */
export function foldName(name: string): FoldedName {
  const folded = foldText(name).toLowerCase()
  const unspaced = folded.replace(/[・·\s,]+/g, '')
  if (isEastAsian(unspaced)) return [unspaced]
  return givenFirst(folded).match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
}

/** The ways to type a name: "Müller" is found as Muller and as Mueller. Most names have one. */
export function nameForms(name: string): FoldedName[] {
  if (PLAIN_NAME.test(name)) return [foldName(name)]
  const shown = texToUnicode(repairEncoding(name)).normalize('NFC')
  const spelledOut = shown.replace(UMLAUT, (letter) => SPELLED_OUT[letter.toLowerCase()]!)
  return spelledOut === shown ? [foldName(shown)] : [foldName(shown), foldName(spelledOut)]
}

/** What an author clause names: the folded names it is typed as, and whether one of them is an author's. */
export interface NamedAuthor {
  names: FoldedName[]
  isNamed(wanted: FoldedName, author: FoldedName): boolean
}

/** Reads the text of an author clause: `Yann LeCun` names a person, `=Y. LeCun` one spelling alone. */
export function readAuthor(text: string): NamedAuthor {
  return text.startsWith('=')
    ? { names: nameForms(text.slice(1)), isNamed: isSpelled }
    : { names: nameForms(text), isNamed: isAuthor }
}

/** Whether an author is spelled this way and no other: "Y. LeCun" is not "Yann LeCun" here. */
function isSpelled(spelling: FoldedName, author: FoldedName): boolean {
  return spelling.join(' ') === author.join(' ')
}

/**
 * Whether `wanted` names the author: every word of it is in the name, in order. Initials stand for given names on either
 * side ("Y. LeCun" and "Yann LeCun" are one), two words for one that joins them ("Kyung Hyun", "Kyunghyun"); a family
 * name alone will do. Both folded by foldName.
 */
export function isAuthor(wanted: FoldedName, author: FoldedName): boolean {
  let at = 0
  let wholeWords = 0
  for (let word = 0; word < wanted.length; ) {
    const step = stepFrom(wanted, word, author, at)
    if (step === undefined) {
      at += 1
      if (at >= author.length) return false
      continue
    }
    word += step.words
    at += step.parts
    wholeWords += step.whole ? 1 : 0
  }
  return wholeWords > 0
}

/** How many words of each side are the same where both stand; undefined where they differ. */
function stepFrom(
  wanted: FoldedName,
  word: number,
  author: FoldedName,
  at: number,
): { words: number; parts: number; whole: boolean } | undefined {
  const ours = wanted[word]!
  const theirs = author[at]
  if (theirs === undefined) return undefined
  if (ours === theirs || isPartOfUnspaced(ours, theirs)) return { words: 1, parts: 1, whole: ours.length > 1 }
  if (ours === theirs + (author[at + 1] ?? ' ')) return { words: 1, parts: 2, whole: true }
  if (theirs === ours + (wanted[word + 1] ?? ' ')) return { words: 2, parts: 1, whole: true }
  return isInitialOf(ours, theirs) || isInitialOf(theirs, ours)
    ? { words: 1, parts: 1, whole: false }
    : undefined
}

function isInitialOf(one: string, other: string): boolean {
  return one.length === 1 && other.startsWith(one)
}

/** The family or the given name of a name without a blank: of "山田太郎" 山田 and 太郎. */
function isPartOfUnspaced(wanted: string, name: string): boolean {
  const isPart = wanted.length > 1 && wanted.length < name.length && isEastAsian(name)
  return isPart && (name.startsWith(wanted) || name.endsWith(wanted))
}

/** The words under which an author is looked for: one of them is in every name that isAuthor takes for the author's. */
export function nameKeys(author: FoldedName): Set<string> {
  const keys = new Set(author.filter((word) => word.length > 1))
  author.forEach((word, at) => {
    if (at > 0) keys.add(author[at - 1]! + word)
    if (isEastAsian(word)) for (const part of partsOfUnspaced(word)) keys.add(part)
  })
  return keys
}

const LONGEST_UNSPACED = 12

function partsOfUnspaced(name: string): string[] {
  if (name.length > LONGEST_UNSPACED) return []
  const lengths = Array.from({ length: Math.max(0, name.length - 2) }, (_, index) => index + 2)
  return lengths.flatMap((length) => [name.slice(0, length), name.slice(-length)])
}

/** Whether a category such as `cs.CL` is the wanted one or below it: `cs`, `cs.*` and `cs.CL` all take it. */
export function isCategory(wanted: string, category: string): boolean {
  const archive = wanted.toLowerCase().replace(/\.?\*?$/, '')
  const whole = category.toLowerCase()
  return whole === archive || whole.startsWith(`${archive}.`)
}

/** The stems of an organization's name, a space at either end: whole words of it are found as part of this text. */
export function organizationWords(name: string): string {
  return ` ${analyse(name).stems.join(' ')} `
}
