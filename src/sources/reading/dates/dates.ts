import type { Entry, LocalDate } from '../../../domain.ts'
import { dayOf, instantOf, shown, textOf } from '../fields.ts'
import { plainDate } from './dateText.ts'
import { dateTextOf, instantOfNumber, withoutPython } from './dateValue.ts'
import { monthOf, saysNoDate } from './dateWords.ts'
import { readWrittenDate, type WrittenDate } from './writtenDate.ts'

/**
 * Reads dates as feeds, tables, programs and people write them. Total: undefined for what is not a date or not a day
 * of the calendar.
 */

const MINUTE = 60_000

/**
 * The instant of a date: `2026-05-08T10:01:31Z`, `2026-05-08 10:01:31+00`, `Mon, 2 Apr 2007 19:18:42 GMT`, `March 2,
 * 2019`, Unix time, `{"date-parts": [[2026, 3]]}` and the like. A date without a zone is in UTC. A day, a month or a
 * year alone means its beginning.
 */
export function momentOf(value: unknown): Date | undefined {
  if (typeof value === 'string') {
    const instant = instantOf(value) ?? startOf(dayOf(value))
    if (instant !== undefined) return instant
  }
  for (const text of spellingsOf(value)) {
    const date = readWrittenDate(text)
    const instant = date === undefined ? instantOfNumber(text) : instantAt(date)
    if (instant !== undefined) return instant
  }
  return undefined
}

function instantAt({ year, month = 1, day = 1, time = 0, offset = 0 }: WrittenDate): Date {
  return new Date(Date.UTC(year, month - 1, day) + time - offset * MINUTE)
}

/** A date as it is written, then in a plainer spelling. */
function* spellingsOf(value: unknown): Generator<string> {
  const written = textOf(dateTextOf(value))
  if (written === undefined || saysNoDate(written)) return
  const text = withoutPython(written)
  yield text
  const plain = plainDate(text)
  if (plain !== text) yield plain
}

/** The calendar day of a date in its own zone: an announcement at 00:00 -0400 belongs to that day, not to UTC's. */
export function writtenDay(value: unknown): LocalDate | undefined {
  for (const text of spellingsOf(value)) {
    const date = readWrittenDate(text)
    if (date !== undefined && date.day === undefined) return undefined
    const instant = date === undefined ? instantOfNumber(text) : instantAt({ ...date, time: 0, offset: 0 })
    if (instant !== undefined) return instant.toISOString().slice(0, 10)
  }
  return undefined
}

/** The instant at which a day begins in UTC. It stands for a date without time and zone. */
export function startOf(day: LocalDate | undefined): Date | undefined {
  return day === undefined ? undefined : new Date(`${day}T00:00:00Z`)
}

/**
 * When a paper was published: the first of several fields that has a date. If a field is filled but none can be read,
 * `unreadDate` is its text, and `year` the year that it names.
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

/** Whether a field has something in the place of a date. */
function isDateLike(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === false) return false
  if (Array.isArray(value)) return value.length > 0
  const text = textOf(dateTextOf(value))
  return text === undefined ? typeof value !== 'string' && typeof value !== 'object' : !saysNoDate(text)
}

/** The only year in a text: 2019 in `3/2/2019` and in `Spring 2019`. */
function yearIn(value: unknown): number | undefined {
  const years = dateTextOf(value)?.match(/(?<!\d)(?:19|20)\d{2}(?!\d)/g) ?? []
  return new Set(years).size === 1 ? Number(years[0]) : undefined
}

/**
 * The day of `Feb 27, 2025` or `May 30`, as Hugging Face shows them. Without a year, the year of `readOn` counts, the
 * day on which the page was read. If that is unknown, such a date is unknown too.
 */
export function shownDay(text: string, readOn: LocalDate | undefined): LocalDate | undefined {
  const match = /^([a-z]{3})[a-z]{0,6}\.? (\d{1,2})(?:, (\d{4}))?$/i.exec(text.trim())
  if (match === null) return undefined
  const year = match[3] ?? readOn?.slice(0, 4)
  const month = monthOf(match[1]!)
  if (year === undefined || month === undefined) return undefined
  return dayOf(`${year}-${`${month}`.padStart(2, '0')}-${match[2]!.padStart(2, '0')}`)
}
