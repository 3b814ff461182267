import { bareName, endsInOthers, isDegreeOf, isOthers, withoutLabel } from './aroundName.ts'
import { cutOutsideBraces, splitOutsideBraces, withoutParentheses } from './brackets.ts'
import {
  beginsWithInitial,
  givenFirst,
  isEastAsian,
  isFamilyName,
  isInitials,
  isName,
  isSuffix,
} from './personName.ts'

/** Lists of names in one string, in the ways in which feeds, catalogues, archives and people write them. */

/** `given first`: the source never writes a family name before a comma. */
export type NameOrder = 'any' | 'given first'

/** Words and initials of institutions, where a list has "Name, Institution; Name, Institution". */
const INSTITUTION =
  /\b(?:univ|institut|college|school|dep(?:art|t)|laborator|inc\b|ltd\b|gmbh|corp|cent(?:er|re)\b|academy|hospital|research)/i
const INSTITUTION_INITIALS = /^\p{Lu}{3,}$/u

/** Stronger than a comma: where one of these parts the list, commas stand within names. */
const STRONG = /[;；|、\n]/
const AND = String.raw`\s(?:and|&|und|et(?!\.?\s?al)|и)\s`
const WEAK = new RegExp(
  String.raw`[{}]|[,，]\s*(?:and|&|und|et(?!\.?\s?al))\s|[,，]|${AND}|(?<=\bcollaboration)\s?:`,
  'gi',
)

/** " and " of other languages, which are letters or words of names too: it stands between two whole names. */
const OTHER_AND =
  /(?<=\p{Lu}[\p{L}.'’-]{0,40}\s\p{Lu}[\p{L}'’-]{0,40})\s(?:y|e|en|i|och|og|ve|oraz|ja|dan)\s(?=\p{Lu}[\p{L}.'’-]{0,40}\s\p{Lu})/gu
/** Signs that part names only if blanks stand around them. */
const SIGN = /\s[•·/]\s/g

/** A piece between separators. */
interface Piece {
  text: string
  /** An "and" stands before it, or it is the first: a name begins here. */
  begins: boolean
}

/**
 * The names in a text, in its order, each "Given Family Suffix": "A. Lovelace (London), C. Babbage", "Muster, E., van
 * der Beispiel, B. Q.", "Muster, Eva and Beispiel, Bob", "Muster E, Beispiel BQ", "Muster, E.; Beispiel, B.". Affiliations in
 * parentheses, labels, footnote marks and "et al." go. TeX stays: a comma or an "and" inside of braces parts nothing.
 * Linear time.
 */
export function namesIn(text: string, order: NameOrder = 'any'): string[] {
  const plain = withoutParentheses(withoutLabel(text))
    .replace(SIGN, '; ')
    .replace(OTHER_AND, ' and ')
    .replace(/(?<=\s\p{Lu}{2,4})\.\s*$/u, '')
  const parts = splitOutsideBraces(plain, STRONG)
  const names = parts.flatMap((part) => namesInPart(part, order, parts.length > 1))
  const areMore = names.length > 1 || endsInOthers(plain)
  return order === 'any' && areMore ? familyLast(initialsFirst(names)) : names
}

/** "MUSTER Eva, BEISPIEL Bob": where all family names are in capitals and in front, they go behind. */
function familyLast(names: string[]): string[] {
  const parts = names.map((name) => CAPITALS_FIRST.exec(name))
  return parts.includes(null) || names.length < 2 ? names : parts.map((match) => `${match![2]} ${match![1]}`)
}

const CAPITALS_FIRST = /^(\p{Lu}[\p{Lu}'’-]{2,})\s(\p{Lu}\p{Ll}[\p{L}'’.\s-]*)$/u

/**
 * The names of several fields, of which each should hold one: "Young, J. E.", "Drawer Group". A field may hold a list
 * all the same.
 */
export function namesInFields(fields: string[]): string[] {
  if (fields.length === 1) return namesIn(fields[0]!)
  const isInverted = (text: string) => /^[^,，]+[,，][^,，]+$/.test(text)
  const allInverted = fields.every(isInverted)
  return fields.flatMap((text) => {
    if (isInverted(text) && (allInverted || isInvertedName(...headAndTail(text)))) return [givenFirst(text)]
    return text.includes(',') ? namesIn(text, 'given first') : namedIn(text)
  })
}

/** The name without what stands around it; none if it only says that there are others. */
function namedIn(text: string): string[] {
  return isOthers(text) ? [] : [bareName(text)]
}

function headAndTail(text: string): [string, string] {
  const [head = '', tail = ''] = text.split(/[,，]/).map((part) => part.trim())
  return [head, tail]
}

function namesInPart(part: string, order: NameOrder, isOneOfMany: boolean): string[] {
  const pieces = piecesOf(part)
  const texts = pieces.map(({ text }) => text)
  if (order === 'given first' || texts.length < 2) return texts
  const paired = pairInitials(pieces)
  if (paired.length < pieces.length) return paired
  const groups = groupsOf(pieces)
  const [head = '', tail = ''] = groups[0] ?? []
  if (groups.length > 1 && groups.every((group) => isGivenFirst(group) || isInverted(group)))
    return groups.map((group) => (isInverted(group) ? inverted(group) : group[0]!))
  if (isOneOfMany && texts.length === 2 && isAffiliated(head, tail)) return [head]
  if (isOneOfMany && texts.length === 2 && !beginsWithInitial(head)) return groups.map(inverted)
  if (groups.length === 1 && areInvertedPairs(texts)) return inPairs(texts)
  const areInverted = groups.every(
    (group) => group.length === 2 && isInvertedName(group[0]!, group[1]!, groups.length > 1),
  )
  return areInverted ? groups.map(inverted) : texts
}

/** In "Muster, Eva, and Bob Beispiel" and "Bob Beispiel and Muster, Eva" each "and" parts names of either order. */
function isInverted([head = '', tail = '', ...others]: string[]): boolean {
  return others.length === 0 && tail !== '' && isFamilyName(head) && isInvertedName(head, tail)
}

function isGivenFirst(group: string[]): boolean {
  return group.length === 1 && /\s/.test(group[0]!)
}

function inverted([head = '', ...others]: string[]): string {
  // A suffix was joined to the part before it.
  return givenFirst([head, ...others].map((part) => part.replace(SUFFIX_BEHIND, ', ')).join(', '))
}

/** "Eva Muster, University of Somewhere". */
function isAffiliated(head: string, tail: string): boolean {
  return /\s/.test(head) && (INSTITUTION.test(tail) || INSTITUTION_INITIALS.test(tail))
}

const ONE_WORD = /^\p{Lu}[\p{Ll}\p{M}'’-]+$/u
const GIVEN_NAME = /^\p{Lu}[\p{Ll}\p{M}'’-]+(?:\s\p{Lu}\.?)?$/u

/** "Lovelace, Ada, Babbage, Charles": nobody bears one name only. */
function areInvertedPairs(texts: string[]): boolean {
  const isPart = (text: string, index: number) => (index % 2 === 0 ? ONE_WORD : GIVEN_NAME).test(text)
  return texts.length >= 4 && texts.length % 2 === 0 && texts.every(isPart)
}

function inPairs(texts: string[]): string[] {
  return texts.flatMap((text, index) => (index % 2 === 0 ? [inverted([text, texts[index + 1]!])] : []))
}

/** "Muster, E., The Drawer Group, Beispiel, B." has two persons and a group. */
function pairInitials(pieces: Piece[]): string[] {
  const names: string[] = []
  for (let at = 0; at < pieces.length; at += 1) {
    const { text } = pieces[at]!
    const next = pieces[at + 1]
    if (next !== undefined && !next.begins && isFollowedByInitials(text, next.text)) {
      names.push(givenFirst(withSuffixApart(text, next.text)))
      at += 1
    } else names.push(text)
  }
  return names
}

function isFollowedByInitials(text: string, next: string): boolean {
  const [initials = ''] = next.split(SUFFIX_BEHIND)
  return !isInitials(text) && !beginsWithInitial(text) && areInitialsOf(text, initials)
}

/** Capitals without a point may be an institute: "Eva Muster, MIT". */
function areInitialsOf(family: string, text: string): boolean {
  return isInitials(text) && (text.includes('.') || isFamilyName(family))
}

const SUFFIX_BEHIND = /\s(?=(?:jr|sr|ii|iii|iv)\.?$)/i
const SUFFIX_AT_END = /\s(?:jr|sr|ii|iii|iv)\.?$/i

/** "Family, Given, Suffix" of a given name that a suffix was joined to. */
function withSuffixApart(family: string, given: string): string {
  return `${family}, ${given.replace(SUFFIX_BEHIND, ', ')}`
}

/** Pieces that belong to one name, if the list is one of "Family, Given and Family, Given". */
function groupsOf(pieces: Piece[]): string[][] {
  const groups: string[][] = []
  for (const { text, begins } of pieces) {
    if (begins) groups.push([text])
    else groups.at(-1)!.push(text)
  }
  return groups
}

/** Whether "head, tail" is "Family, Given" and not two names. `isOneOfMany`: others beside it have two parts too. */
function isInvertedName(head: string, tail: string, isOneOfMany = false): boolean {
  if (beginsWithInitial(head) || isEastAsian(head) || !isName(tail)) return false
  return (
    isFamilyName(head.replace(SUFFIX_AT_END, '')) ||
    areInitialsOf(head, tail) ||
    (isOneOfMany && isFamilyName(tail))
  )
}

/** "Muster E", "Beispiel BQ", "van der Sample D.": where all names end in initials, these are in the wrong place. */
const FAMILY_INITIALS =
  /^((?:\p{Ll}[\p{L}'’]{0,4}\s)*\p{Lu}[\p{L}\p{M}'’-]+(?:\s\p{Lu}[\p{L}\p{M}'’-]*\p{Ll}[\p{L}\p{M}]*)?)\s((?:\p{Lu}\.?[\s-]?){1,4})$/u
const GROUP_WORD =
  '(?:teams?|groups?|labs?|laborator(?:y|ies)|models?|projects?|consorti(?:um|a)|collaborations?|societ(?:y|ies)|networks?|initiatives?|institutes?|committees?|associations?|alliances?)'
const GROUP = new RegExp(String.raw`\b${GROUP_WORD}\b`, 'i')
/** "Owl Group", "Owl and Newt Lab". A name that begins with "the" stands for itself. */
const GROUP_END = new RegExp(String.raw`^(?!the\s).*\s${GROUP_WORD}$`, 'i')
const GROUP_OF = new RegExp(String.raw`\b${GROUP_WORD}\s(?:of|for|on)\s`, 'i')

function initialsFirst(names: string[]): string[] {
  const parts = names.map((name) => (GROUP.test(name) ? null : FAMILY_INITIALS.exec(name)))
  const isSuffixed = (match: RegExpExecArray | null) => match === null || isSuffix(match[2]!)
  return parts.some(isSuffixed) ? names : parts.map((match) => `${match![2]} ${match![1]}`)
}

/** Names that a list parted at every comma is made whole: "Lovelace", "A." is "Lovelace, A.". */
export function rejoinInitials(names: readonly string[]): string[] {
  const whole: string[] = []
  for (const name of names) {
    const last = whole.at(-1)
    if (LONE_INITIALS.test(name) && !GLUED.test(name) && last !== undefined && !last.includes(','))
      whole[whole.length - 1] = `${last}, ${name}`
    else whole.push(name)
  }
  return whole
}

const LONE_INITIALS = /^\s*(?:\p{L}\.?[\s-]*){1,4}$/u
const GLUED = /\p{L}{2}/u

/** What stands between commas and "and"; a suffix belongs to the name before it. */
function piecesOf(part: string): Piece[] {
  const pieces: Piece[] = []
  let begins = true
  let before = ''
  for (const { text, separator } of cutOutsideBraces(part, WEAK)) {
    const name = bareName(text)
    if (isName(name) && !isOthers(name)) {
      if (!addToLast(pieces, before, name)) pieces.push({ text: name, begins: begins || pieces.length === 0 })
      begins = false
    }
    before = separator
    begins ||= !/^[,，]\s*$/.test(separator)
  }
  return pieces
}

/** Adds what belongs to the name before it: a suffix, the rest of a group's name. A degree is left out. */
function addToLast(pieces: Piece[], separator: string, name: string): boolean {
  const last = pieces.at(-1)
  if (last === undefined) return false
  if (isDegreeOf(last.text, name)) return true
  if (isSuffix(name)) last.text += ` ${name}`
  else if (isOneGroup(pieces, separator, name)) last.text += separator + name
  else return false
  return true
}

const AND_ALONE = new RegExp(`^${AND}$`, 'i')
/** Longer texts are no group's name. The limit keeps joining in linear time. */
const LONGEST_GROUP = 300

/**
 * Whether an "and" stands within a group's name: "Adam & Eve Group", "Society of Owls and Newts". In "Ada Lovelace and
 * Owl Group" and in "Lovelace, Ada and Owl Group" a person stands before it.
 */
function isOneGroup(pieces: Piece[], separator: string, name: string): boolean {
  const [previous, last] = [pieces.at(-2), pieces.at(-1)!]
  if (!AND_ALONE.test(separator) || last.text.length > LONGEST_GROUP) return false
  if (GROUP_OF.test(last.text) && !/\s/.test(name)) return true
  const isGivenName = !last.begins && previous !== undefined && isInvertedName(previous.text, last.text)
  return GROUP_END.test(name) && /^(?:the\s)?\S+$/i.test(last.text) && !isGivenName
}
