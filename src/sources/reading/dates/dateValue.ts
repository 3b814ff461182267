import { type Fields, fieldsOf } from '../fields.ts'

/**
 * Reads dates that are not text: numbers that count from an instant, and the objects and lists that programs make of
 * a date.
 */

const SECOND = 1000
/**
 * The seconds from 1970 to 1990. A number from 1990 to 2100 is a date; it may count seconds, milli-, micro- or
 * nanoseconds.
 */
const FIRST = 631_152_000
const LAST = 4_102_444_800
const UNITS = [1, 1e3, 1e6, 1e9]
/** Spreadsheets count days from 1899-12-30; these are the days from 1990 to 2100. */
const FIRST_SERIAL = 32_874
const LAST_SERIAL = 73_050
const SERIAL_ZERO = Date.UTC(1899, 11, 30)
const DAY = 86_400 * SECOND

/** The instant of `1551502800` (Unix time in seconds or finer units) or of `43526.2` (a spreadsheet's day number). */
export function instantOfNumber(text: string): Date | undefined {
  if (!/^\d{5,19}(?:\.\d{1,9})?$|^\d\.\d{1,12}e\+?\d{1,2}$/i.test(text)) return undefined
  const number = Number(text)
  if (number >= FIRST_SERIAL && number < LAST_SERIAL) return new Date(SERIAL_ZERO + Math.round(number * DAY))
  const unit = UNITS.find((size) => number >= FIRST * size && number < LAST * size)
  return unit === undefined ? undefined : new Date(Math.round((number / unit) * SECOND))
}

/**
 * The text of a date that is an object or a list: `{"date-parts": [[2026, 3, 1]]}` and `{"date-time": …}` of Crossref and
 * CSL, `{year, month, day}`, `[2026, 3, 1]`, `{"$date": …}` and `{seconds}` of databases, `{value}` of OpenReview.
 */
export function dateTextOf(value: unknown): string | undefined {
  if (typeof value === 'number') return `${value}`
  if (typeof value === 'string') return value.trim().replace(/(?<=^(?:\d{4}|\d{8}))\.0$/, '')
  if (Array.isArray(value)) return partsText(value)
  const fields = fieldsOf(value)
  return fields && fieldsText(fields)
}

const NAMED = 'date date-time raw literal $date $numberLong value seconds _seconds start'.split(' ')

function fieldsText(fields: Fields): string | undefined {
  const parts = fields['date-parts'] ?? fields.date_parts
  if (fields['date-time'] === undefined && Array.isArray(parts)) return partsText(parts)
  if (fields.year !== undefined) return partsText([fields.year, fields.month, fields.day])
  const name = NAMED.find((candidate) => fields[candidate] !== undefined)
  return name === undefined || Array.isArray(fields[name]) ? undefined : dateTextOf(fields[name])
}

/** `[2026, 3, 1]`, `["2026", "Mar"]`. Lists inside a list are the parts of a first and a last day. */
function partsText(parts: unknown[]): string | undefined {
  if (fieldsOf(parts[0]) !== undefined) return fieldsText(fieldsOf(parts.find(isPublication) ?? parts[0])!)
  if (Array.isArray(parts[0])) return Array.isArray(parts[0][0]) ? undefined : partsText(parts[0])
  const given = parts.slice(0, 3).filter((part) => typeof part === 'number' || typeof part === 'string')
  return given.length === 0 ? undefined : given.join('-')
}

/** DataCite lists the dates of a work, each with its kind. */
function isPublication(item: unknown): boolean {
  return /^(?:issued|submitted|available)$/i.test(`${fieldsOf(item)?.dateType}`)
}

const PYTHON =
  /^datetime\.date(?:time)?\((\d{4}), ?(\d{1,2}), ?(\d{1,2})(?:, ?(\d{1,2}), ?(\d{1,2})(?:, ?(\d{1,2}))?)?.*\)$/
const TIMESTAMP = /^(?:pd\.)?Timestamp\(\s*'([^']+)'.*\)$/

/** `datetime.datetime(2026, 3, 1, 5, 0, tzinfo=…)` and `Timestamp('2026-03-01')`, as Python shows its values, in ISO 8601. */
export function withoutPython(text: string): string {
  const [, year, month, day, hours, minutes, seconds = '0'] = PYTHON.exec(text) ?? []
  if (year === undefined) return TIMESTAMP.exec(text)?.[1] ?? text
  const date = `${year}-${month}-${day}`
  return hours === undefined
    ? date
    : `${date} ${hours}:${minutes!.padStart(2, '0')}:${seconds.padStart(2, '0')}`
}
