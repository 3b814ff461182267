import { MAX_NAMES, textOf } from './fields.ts'

/** Author names out of the strings in which feeds and archives write them. */

const SUFFIX = /^(?:jr|sr|ii|iii|iv)\.?$/i
/** What stands before it is looked at from its beginning only: from each place in it would take time by the square. */
const ET_AL = /(?<![\s,])[\s,]*\bet\.?\s?al\.?$/i
const OTHERS = /^(?:et\.?\s?al\.?|and others|others)$/i

/**
 * The names of a list in one string: "A. Lovelace (London), C. Babbage and The Engine Collaboration". Affiliations in
 * parentheses go, TeX stays: a comma or an "and" inside of braces parts nothing. None at all: undefined.
 */
export function splitNames(text: string | undefined): string[] | undefined {
  if (text === undefined) return undefined
  const parts = partsOf(withoutParentheses(text))
  const names: string[] = []
  for (const part of parts) {
    const name = textOf(part.replace(ET_AL, ''))
    if (name === undefined || !isName(name) || OTHERS.test(name)) continue
    if (SUFFIX.test(name) && names.length > 0) names[names.length - 1] += ` ${name}`
    else names.push(name)
  }
  return names.length === 0 ? undefined : names.slice(0, MAX_NAMES)
}

/** What has no letter, a lone sign or a number in the place of a name, names nobody. */
export function isName(text: string): boolean {
  return /\p{L}/u.test(text)
}

/** "Given Family Suffix" of the parts of a name; undefined where all are empty. */
export function fullName(family: unknown, given: unknown, suffix: unknown): string | undefined {
  return textOf([given, family, suffix].flatMap((part) => textOf(part) ?? []).join(' '))
}

/** "Given Family" of "Family, Given", with its suffix behind it; other names stay as they are. */
export function givenFirst(name: string): string {
  const [family, given, ...rest] = name.split(',').map((part) => part.trim())
  if (!given || rest.length > 1) return name
  // "Smith, Jr., John" and "Smith, John, Jr.": the suffix is wherever it is.
  const [first, suffix] = SUFFIX.test(given) ? [rest[0], given] : [given, rest[0]]
  return fullName(family, first, suffix) ?? name
}

/** What parentheses hold, nested ones included, goes; one that is never closed takes nothing with it. */
function withoutParentheses(text: string): string {
  const kept: string[] = []
  const opened: number[] = []
  for (const character of text) {
    if (character === '(') opened.push(kept.length)
    kept.push(character)
    const start = character === ')' ? opened.pop() : undefined
    if (start !== undefined) kept.length = start
  }
  return kept.join('')
}

/** Parts at commas, semicolons and "and" that stand outside of braces. "The X Collaboration: A. B" names both. */
function partsOf(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let start = 0
  const separator = /[{}]|[,;]|\sand\s|(?<=\bcollaboration)\s?:/gi
  for (const match of text.matchAll(separator)) {
    if (match[0] === '{') depth += 1
    else if (match[0] === '}') depth = Math.max(0, depth - 1)
    else if (depth === 0) {
      parts.push(text.slice(start, match.index))
      start = match.index + match[0].length
    }
  }
  parts.push(text.slice(start))
  return parts.map((part) => part.replace(/^\s*and\s/i, ''))
}
