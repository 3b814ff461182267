import type { LocalDate } from '../../domain.ts'
import { parseUrl } from '../../text/parseUrl.ts'

/**
 * Total readers of one field each, for data from outside. They return the value in Paperboy's form, or undefined if
 * it is missing, of another type, or absurd.
 */

export type Fields = Record<string, unknown>

const MAX_TEXT = 100_000
/** A paper with 5,000 authors exists. */
export const MAX_NAMES = 10_000
/** PostgreSQL's `integer`. */
const MAX_COUNT = 2_147_483_647

/** An object that is not an array, or undefined. */
export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined
}

/**
 * White space and control characters except a single space. Most text has only single spaces and need not be
 * rewritten.
 */
const UNEVEN_SPACE =
  / ?[\u0000-\u001F\u007F\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000\uFEFF][\s\u0000-\u001F\u007F]*| {2}[\s\u0000-\u001F\u007F]*/g

const NOT_ASCII = /[^ -~]/

/**
 * Whether a text is printable ASCII with single spaces between words, and so is clean as it stands. Three plain searches
 * are several times faster than one pattern, and abstracts are long.
 */
function isClean(text: string): boolean {
  return (
    !NOT_ASCII.test(text) &&
    !text.includes('  ') &&
    text !== '' &&
    !text.startsWith(' ') &&
    !text.endsWith(' ')
  )
}

/** Characters without width only: nothing that anybody could read. */
const NOTHING_SEEN = /^[\p{Cf}\s]*$/u

/**
 * The text with white space collapsed. Characters that no database stores or that no mail header survives are
 * replaced: control characters, lone surrogates.
 */
export function textOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > MAX_TEXT) return undefined
  if (isClean(value)) return value
  const text = value
    .replace(/\p{Surrogate}/gu, '\uFFFD')
    .replace(UNEVEN_SPACE, ' ')
    .trim()
  return NOTHING_SEEN.test(text) ? undefined : text
}

/** A whole number from 0 to the largest database integer. */
export function countOf(value: unknown): number | undefined {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_COUNT
    ? (value as number)
    : undefined
}

/** An instant written as ISO 8601 with a zone: `2026-05-08T10:01:31.399Z`. */
export function instantOf(value: unknown): Date | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}T[\d:.]{5,18}(Z|[+-]\d{2}:?\d{2})$/.test(value))
    return undefined
  if (dayOf(value.slice(0, 10)) === undefined) return undefined
  const instant = new Date(value)
  return Number.isNaN(instant.getTime()) ? undefined : instant
}

/** The calendar day of `YYYY-MM-DD`, or the UTC day of an instant. Days that do not exist are undefined. */
export function dayOf(value: unknown): LocalDate | undefined {
  if (typeof value !== 'string') return undefined
  if (value.length > 10) return instantOf(value)?.toISOString().slice(0, 10)
  if (!/^(19|20|21)\d{2}-\d{2}-\d{2}$/.test(value)) return undefined
  // Date turns a day that the month does not have into one of the next month.
  return new Date(`${value}T00:00:00Z`).getUTCDate() === Number(value.slice(8)) ? value : undefined
}

/** An http or https address without credentials, as written. */
export function linkOf(value: unknown): string | undefined {
  const text = textOf(value)
  if (text === undefined || text.length > 2_000 || !/^https?:\/\/[^\s<>"\\]+$/i.test(text)) return undefined
  const url = parseUrl(text)
  return url?.username === '' && url.password === '' ? text : undefined
}

/** Names in the source's order, from strings or from objects with a `name`. Undefined if there are none. */
export function namesOf(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined
  const names = value.slice(0, MAX_NAMES).flatMap((item) => textOf(fieldsOf(item)?.name ?? item) ?? [])
  return names.length === 0 ? undefined : names
}

/** What came instead, for an error or a reject: a short quotation or the type. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'an object'
  if (typeof value !== 'string') return `${value}`
  const text = textOf(value.slice(0, MAX_TEXT)) ?? ''
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
}
