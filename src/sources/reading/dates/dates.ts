import type { Entry, LocalDate } from '../../../domain.ts'
import { dayOf, instantOf, shown, textOf } from '../fields.ts'
import { dateTextOf, instantOfNumber, withoutPython } from './dateValue.ts'
import { monthOf, saysNoDate } from './dateWords.ts'
import { readWrittenDate, type WrittenDate } from './writtenDate.ts'

/** Dates as feeds, tables, programs and people write them. Total: undefined for what is no date or no day of the calendar. */

const MINUTE = 60_000

/**
 * The instant that a date names: of `2026-05-08T10:01:31Z`, `2026-05-08 10:01:31+00`, `Mon, 2 Apr 2007 19:18:42 GMT`,
 * `March 2, 2019`, Unix time, `{"date-parts": [[2026, 3]]}` and their like. Without a zone it is in UTC; a day, a month
 * or a year alone is the instant at which it begins.
 */
export function momentOf(value: unknown): Date | undefined {
  if (typeof value === 'string') {
    const instant = instantOf(value)
    if (instant !== undefined) return instant
  }
  const text = readable(value)
  if (text === undefined) return undefined
  const date = readWrittenDate(text)
  return date === undefined ? instantOfNumber(text) : instantAt(date)
}

function instantAt({ year, month = 1, day = 1, time = 0, offset = 0 }: WrittenDate): Date {
  return new Date(Date.UTC(year, month - 1, day) + time - offset * MINUTE)
}

function readable(value: unknown): string | undefined {
  const text = textOf(dateTextOf(value))
  return text === undefined || saysNoDate(text) ? undefined : withoutPython(text)
}

/** The calendar day that a date names in its own zone: an announcement at 00:00 -0400 is of that day, not of UTC's. */
export function writtenDay(value: unknown): LocalDate | undefined {
  const text = readable(value)
  if (text === undefined) return undefined
  const date = readWrittenDate(text)
  if (date === undefined) return instantOfNumber(text)?.toISOString().slice(0, 10)
  return date.day === undefined
    ? undefined
    : instantAt({ ...date, time: 0, offset: 0 })
        .toISOString()
        .slice(0, 10)
}

/** The instant at which a day begins in UTC: what a date without time and zone says. */
export function startOf(day: LocalDate | undefined): Date | undefined {
  return day === undefined ? undefined : new Date(`${day}T00:00:00Z`)
}

/**
 * When a paper was published, by the first of several fields that says it. Where none can be read, though one is filled,
 * its text is `unreadDate`, and `year` the year it names.
 */
export function publication(...values: unknown[]): Pick<Entry, 'publishedAt' | 'year' | 'unreadDate'> {
  for (const value of values) {
    const publishedAt = momentOf(value)
    if (publishedAt !== undefined) return { publishedAt }
  }
  const unread = values.find(isDateLike)
  if (unread === undefined) return { publishedAt: undefined }
  return { publishedAt: undefined, year: yearIn(unread), unreadDate: shown(unread) }
}

/** Whether a field is filled with something in the place of a date. */
function isDateLike(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === false) return false
  if (Array.isArray(value)) return value.length > 0
  const text = textOf(dateTextOf(value))
  return text === undefined ? typeof value !== 'string' && typeof value !== 'object' : !saysNoDate(text)
}

/** The only year that a text names: 2019 of `3/2/2019` and of `Spring 2019`. */
function yearIn(value: unknown): number | undefined {
  const years = dateTextOf(value)?.match(/(?<!\d)(?:19|20)\d{2}(?!\d)/g) ?? []
  return new Set(years).size === 1 ? Number(years[0]) : undefined
}

/**
 * The day of `Feb 27, 2025` or `May 30`, as Hugging Face shows them. Without a year it is of the year in which the page
 * was read: `readOn`; a page that does not say when it was read leaves such a date unknown.
 */
export function shownDay(text: string, readOn: LocalDate | undefined): LocalDate | undefined {
  const match = /^([a-z]{3})[a-z]{0,6}\.? (\d{1,2})(?:, (\d{4}))?$/i.exec(text.trim())
  if (match === null) return undefined
  const year = match[3] ?? readOn?.slice(0, 4)
  const month = monthOf(match[1]!)
  if (year === undefined || month === undefined) return undefined
  return dayOf(`${year}-${`${month}`.padStart(2, '0')}-${match[2]!.padStart(2, '0')}`)
}
