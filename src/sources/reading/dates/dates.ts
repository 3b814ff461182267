import type { LocalDate } from '../../../domain.ts'
import { dayOf, instantOf, textOf } from '../fields.ts'

/** Dates as feeds, mail headers and pages write them. Total: undefined for what is no date or no day of the calendar. */

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** RFC 5322 §3.3 and the zone names of its §4.3, as RSS 2.0 and arXiv's metadata write dates. */
const RFC_5322 =
  /^(?:[a-z]{3},?\s+)?(\d{1,2})\s+([a-z]{3})[a-z]*\s+(\d{4})\s+(\d{1,2}:\d{2})(:\d{2})?\s+([+-]\d{4}|[a-z]{1,3})$/i
const ZONES: Record<string, string> = {
  EST: '-0500',
  EDT: '-0400',
  CST: '-0600',
  CDT: '-0500',
  MST: '-0700',
  MDT: '-0600',
  PST: '-0800',
  PDT: '-0700',
  GMT: 'Z',
  UTC: 'Z',
  UT: 'Z',
  Z: 'Z',
}

/** The instant of `2026-05-08T10:01:31Z`, of `Mon, 2 Apr 2007 19:18:42 GMT`, or of a day, whose begin in UTC it is. */
export function momentOf(value: unknown): Date | undefined {
  const text = textOf(value)
  if (text === undefined) return undefined
  const iso = isoOf(text)
  const instant = iso === undefined ? instantOf(text) : instantAt(iso)
  return instant ?? startOf(dayOf(text.slice(0, 11)))
}

/** Its day is known to be one; its time may be none, as 25:00. */
function instantAt(iso: string): Date | undefined {
  const instant = new Date(iso)
  return Number.isNaN(instant.getTime()) ? undefined : instant
}

/** The calendar day that a date names in its own zone: an announcement at 00:00 -0400 is of that day, not of UTC's. */
export function writtenDay(value: unknown): LocalDate | undefined {
  const text = textOf(value)
  if (text === undefined || momentOf(text) === undefined) return undefined
  return dayOf((isoOf(text) ?? text).slice(0, 10))
}

/** The instant at which a day begins in UTC: what a date without time and zone says. */
export function startOf(day: LocalDate | undefined): Date | undefined {
  return day === undefined ? undefined : new Date(`${day}T00:00:00Z`)
}

/**
 * The day of `Feb 27, 2025` or `May 30`, as Hugging Face shows them. Without a year it is of the year in which the page
 * was read: `readOn`; a page that does not say when it was read leaves such a date unknown.
 */
export function shownDay(text: string, readOn: LocalDate | undefined): LocalDate | undefined {
  const match = /^([a-z]{3})[a-z]{0,6}\.? (\d{1,2})(?:, (\d{4}))?$/i.exec(text.trim())
  if (match === null) return undefined
  const year = match[3] ?? readOn?.slice(0, 4)
  return year === undefined ? undefined : dayIn(year, match[1]!, match[2]!)
}

function isoOf(text: string): string | undefined {
  const match = RFC_5322.exec(text)
  if (match === null) return undefined
  const [, day, month, year, time, seconds = ':00', zone] = match
  const offset = ZONES[zone!.toUpperCase()] ?? (/^[+-]/.test(zone!) ? zone : undefined)
  const date = dayIn(year!, month!, day!)
  return date && offset && `${date}T${time!.padStart(5, '0')}${seconds}${offset}`
}

function dayIn(year: string, month: string, day: string): LocalDate | undefined {
  const number = MONTHS.indexOf(month.toLowerCase()) + 1
  return dayOf(`${year}-${`${number}`.padStart(2, '0')}-${day.padStart(2, '0')}`)
}
