import { QueryError } from './queryError.ts'

/** `should`: any may match, and more is better. `must`: needed. `never`: ruled out. */
export type Occurrence = 'should' | 'must' | 'never'

const MIN_WEIGHT = 0.1
const MAX_WEIGHT = 10

/** One item of a query as typed. */
export interface QueryItem {
  field?: 'author' | 'category' | 'organization' | 'min'
  text: string
  quoted: boolean
  occurrence: Occurrence
  /** Undefined where none was typed. */
  weight?: number
  position: number
}

const FIELDS: Record<string, QueryItem['field']> = {
  author: 'author',
  cat: 'category',
  org: 'organization',
  min: 'min',
}
/** A word of letters and digits alone, as most are: it needs no further tests. */
const PLAIN = /[A-Za-z0-9]+(?=[\s,;]|$)/y
const GAP = /[\s,;()|/\0，。、；：（）「」]+/y
const SIGN = /[-+\u2212\u2013]+/y
const FIELD = /(?:author|cat|org|min):[ \t]*/iy
const OPENING = /["“”„‟«»＂]/y
const CLOSING = /["“”„‟«»＂]/g
const WORD = /[^\s"“”„‟«»＂^,;()|/\0，。、；：（）「」]+/y
const CARET = /\^+/y
const NUMBER = /[-+]?[\d.]+(?:e[-+]?\d+)?|[^\s,;()]*/iy

/** A query, and the position up to which it has been read. */
interface Reading {
  text: string
  position: number
}

/** Splits a query into its items in one pass. Throws QueryError for an unclosed quote, a field without value, a wrong weight. */
export function scanQuery(text: string): QueryItem[] {
  const items: QueryItem[] = []
  const reading = { text, position: 0 }
  while (reading.position < text.length) {
    if (take(reading, GAP) !== undefined) continue
    const { position } = reading
    const plain = take(reading, PLAIN)
    const item =
      plain === undefined
        ? takeItem(reading)
        : ({ text: plain, quoted: false, occurrence: 'should', position } as const)
    if (item !== undefined) items.push(item)
  }
  return items
}

function takeItem(reading: Reading): QueryItem | undefined {
  const start = reading.position
  const sign = take(reading, SIGN)?.[0]
  const field = FIELDS[(take(reading, FIELD) ?? '').replace(/\s*:\s*$/, '').toLowerCase()]
  const quoted = take(reading, OPENING) !== undefined
  const value = quoted ? takeQuoted(reading) : take(reading, WORD)
  if (value === undefined && field !== undefined) throw missingValue(field, reading.position)
  // A caret without a word before it is punctuation, as in a pasted regular expression.
  const weighs = take(reading, CARET) !== undefined && value !== undefined
  const weight = weighs ? takeWeight(reading) : undefined
  if (value === undefined || value.trim() === '') return undefined
  const item = { field, text: tidy(value), quoted, occurrence: occurrenceOf(sign), weight, position: start }
  return field === 'min' ? checkedMinimum(item) : item
}

/** Reads what matches the pattern at the position; undefined, and nothing is read, where it does not match. */
function take(reading: Reading, pattern: RegExp): string | undefined {
  const { text, position } = reading
  pattern.lastIndex = position
  if (!pattern.test(text)) return undefined
  reading.position = pattern.lastIndex
  return text.slice(position, reading.position)
}

function takeQuoted(reading: Reading): string {
  const { text, position } = reading
  CLOSING.lastIndex = position
  const closing = CLOSING.exec(text)
  if (closing === null) throw unclosed(position - 1)
  reading.position = closing.index + 1
  return text.slice(position, closing.index)
}

function takeWeight(reading: Reading): number {
  const { position } = reading
  return checkedWeight(take(reading, NUMBER) ?? '', position)
}

function occurrenceOf(sign: string | undefined): Occurrence {
  if (sign === undefined) return 'should'
  return sign === '+' ? 'must' : 'never'
}

/** Characters that change the reading direction. A reason quotes the text, so they would turn the words around it too. */
const DIRECTIONS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g

function tidy(text: string): string {
  return text
    .replace(DIRECTIONS, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
}

function checkedWeight(typed: string, position: number): number {
  const weight = typed === '' ? Number.NaN : Number(typed)
  if (weight >= MIN_WEIGHT && weight <= MAX_WEIGHT) return weight
  const came = typed === '' ? 'nothing' : `“${typed.slice(0, 20)}”`
  throw new QueryError(
    position,
    `Expected a weight from ${MIN_WEIGHT} to ${MAX_WEIGHT} after ^, got ${came} at position ${position}: write for example protein^3; to rule a word out, write -word`,
  )
}

function checkedMinimum(item: QueryItem): QueryItem {
  const { position, text } = item
  if (item.occurrence === 'never' || item.weight !== undefined || !/^\d{1,9}$/.test(text))
    throw new QueryError(
      position,
      `Expected a whole number of upvotes after min: and no sign or weight, got “${text.slice(0, 20)}” at position ${position}: write for example min:20`,
    )
  return item
}

function unclosed(position: number): QueryError {
  return new QueryError(
    position,
    `Expected a closing quote for the one at position ${position}, got the end of the query: add one, or remove it`,
  )
}

function missingValue(field: string, position: number): QueryError {
  const example = { author: 'author:"Yann LeCun"', category: 'cat:cs.CL', organization: 'org:deepmind' }[
    field
  ]
  return new QueryError(
    position,
    `Expected a value after the field at position ${position}, got none: write for example ${example ?? 'min:20'}`,
  )
}
