import { QueryError } from './queryError.ts'

/** The fields that are compared with what is known of a paper, not with its text. */
export type FieldKind = 'author' | 'category' | 'organization' | 'venue' | 'year' | 'since'

/** `should`: any may match, and more is better. `must`: needed. `never`: ruled out. */
export type Occurrence = 'should' | 'must' | 'never'

const MIN_WEIGHT = 0.1
const MAX_WEIGHT = 10

type Field = FieldKind | 'min' | 'title' | 'abstract' | 'all'

/** One item of a query as typed. */
export interface QueryItem {
  field?: Field
  text: string
  quoted: boolean
  occurrence: Occurrence
  /** Undefined if none was typed. */
  weight?: number
  position: number
}

/** An item, or what joins items. `sign` is the one before an opening parenthesis. */
export type QueryToken =
  | { kind: 'item'; item: QueryItem; position: number }
  | { kind: 'open'; sign: Occurrence; position: number }
  | { kind: 'close' | 'AND' | 'OR' | 'NOT'; position: number }

/** The names of fields, with those that arXiv uses. */
const FIELDS: Record<string, Field> = {
  author: 'author',
  au: 'author',
  cat: 'category',
  org: 'organization',
  venue: 'venue',
  year: 'year',
  since: 'since',
  min: 'min',
  title: 'title',
  ti: 'title',
  abstract: 'abstract',
  abs: 'abstract',
  all: 'all',
}
/** A word of letters and digits alone, as most are: it needs no further tests. */
const PLAIN = /[A-Za-z0-9]+(?=[\s,;]|$)/y
const GAP = /[\s,;|/\0，。、；：「」]+/y
const OPEN = /[-+\u2212\u2013]*[(（]/y
const CLOSE = /[)）]/y
/** In capitals only, so that "and" stays a word. */
const OPERATOR = /(?:ANDNOT|AND|OR|NOT)(?=[\s()（）]|$)/y
const SIGN = /[-+\u2212\u2013]+/y
const FIELD = /(?:author|au|cat|org|venue|year|since|min|title|ti|abstract|abs|all):[ \t]*/iy
/** A name before a colon that a value follows at once. Addresses and ids are no fields. */
const UNKNOWN_FIELD = /(?!(?:https?|arxiv|doi|urn|pmid|hdl):)[a-z]{2,20}:(?=[\p{L}\p{N}"“])/iuy
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

/**
 * Splits a query into its tokens in one pass. Throws QueryError for an unclosed quote, an unknown field, a field without value and
 * a wrong weight.
 */
export function scanQuery(text: string): QueryToken[] {
  const tokens: QueryToken[] = []
  const reading = { text, position: 0 }
  while (reading.position < text.length)
    if (take(reading, GAP) === undefined) tokens.push(...takeTokens(reading))
  return tokens
}

/** The next token. ANDNOT is two, an item without text is none. */
function takeTokens(reading: Reading): QueryToken[] {
  const { position } = reading
  const operator = take(reading, OPERATOR) as 'AND' | 'OR' | 'NOT' | 'ANDNOT' | undefined
  if (operator === 'ANDNOT')
    return [
      { kind: 'AND', position },
      { kind: 'NOT', position },
    ]
  if (operator !== undefined) return [{ kind: operator, position }]
  const plain = take(reading, PLAIN)
  if (plain !== undefined)
    return [{ kind: 'item', item: { text: plain, quoted: false, occurrence: 'should', position }, position }]
  const opening = take(reading, OPEN)
  if (opening !== undefined) return [{ kind: 'open', sign: occurrenceOf(opening.slice(0, -1)[0]), position }]
  if (take(reading, CLOSE) !== undefined) return [{ kind: 'close', position }]
  const item = takeItem(reading)
  return item === undefined ? [] : [{ kind: 'item', item, position }]
}

function takeItem(reading: Reading): QueryItem | undefined {
  const start = reading.position
  const sign = take(reading, SIGN)?.[0]
  const unknown = take(reading, UNKNOWN_FIELD, isUnknownField)
  if (unknown !== undefined) throw unknownField(unknown, start)
  const field = FIELDS[(take(reading, FIELD) ?? '').replace(/\s*:\s*$/, '').toLowerCase()]
  const quoted = take(reading, OPENING) !== undefined
  const value = quoted ? takeQuoted(reading) : take(reading, WORD)
  if (value === undefined && field !== undefined) throw missingValue(field, reading.position)
  // A caret without a word before it is punctuation, as in a pasted regular expression.
  const weighs = take(reading, CARET) !== undefined && value !== undefined
  const weight = weighs ? takeWeight(reading) : undefined
  if (value === undefined || value.trim() === '') return undefined
  const item = { field, text: tidy(value), quoted, occurrence: occurrenceOf(sign), weight, position: start }
  if (field === 'year' || field === 'since') return checkedDate(item, field)
  return field === 'min' ? checkedMinimum(item) : item
}

/** Reads what matches the pattern at the position; undefined, and nothing is read, where it does not match. */
function take(
  reading: Reading,
  pattern: RegExp,
  isWanted: (match: string) => boolean = () => true,
): string | undefined {
  const { text, position } = reading
  pattern.lastIndex = position
  if (!pattern.test(text) || !isWanted(text.slice(position, pattern.lastIndex))) return undefined
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

const YEARS = /^\d{4}(?:[-\u2010-\u2013]\d{4})?$/
const SINCE = /^\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?$/

function checkedDate(item: QueryItem, field: 'year' | 'since'): QueryItem {
  const { text, weight, position } = item
  const isRead = (field === 'year' ? YEARS : SINCE).test(text)
  if (isRead && weight === undefined) return item
  const wanted =
    field === 'year'
      ? 'a year or two after year:, without a weight'
      : 'a day, month or year after since:, without a weight'
  const example =
    field === 'year' ? 'year:2026 or year:2020-2026' : 'since:2026-04-15, since:2026-04 or since:2026'
  const came = `${text.slice(0, 20)}${weight === undefined ? '' : `^${weight}`}`
  throw new QueryError(
    position,
    `Expected ${wanted}, got “${came}” at position ${position}: write for example ${example}`,
  )
}

function isUnknownField(match: string): boolean {
  return !(match.slice(0, -1).toLowerCase() in FIELDS)
}

function unknownField(name: string, position: number): QueryError {
  return new QueryError(
    position,
    `Expected a field that exists, got “${name}” at position ${position}: there are title:, abstract:, author:, cat:, org:, venue:, year:, since:, min: and all:; to find it as words, put it in quotes`,
  )
}

function unclosed(position: number): QueryError {
  return new QueryError(
    position,
    `Expected a closing quote for the one at position ${position}, got the end of the query: add one, or remove it`,
  )
}

function missingValue(field: string, position: number): QueryError {
  const example = {
    author: 'author:"Yann LeCun"',
    category: 'cat:cs.CL',
    organization: 'org:deepmind',
    venue: 'venue:ICLR',
    year: 'year:2026',
    since: 'since:2026-04',
    title: 'title:diffusion',
    abstract: 'abstract:diffusion',
    all: 'all:diffusion',
  }[field]
  return new QueryError(
    position,
    `Expected a value after the field at position ${position}, got none: write for example ${example ?? 'min:20'}`,
  )
}
