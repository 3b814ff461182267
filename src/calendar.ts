import { Temporal } from 'temporal-polyfill'
import type { LocalDate } from './domain.ts'
import { PermanentError } from './errors.ts'

/** Days and hours in a subscriber's time zone. Nothing here reads a clock: instants are passed in as `Date`. */

/** When someone wants their digest: a wall-clock time `HH:MM` in an IANA zone, on ISO weekdays (1 Monday … 7 Sunday). */
export interface DigestTime {
  zone: string
  sendAt: string
  weekdays: number[]
}

/**
 * Whether this installation knows the text as an IANA time zone: `Europe/Berlin`, `UTC`. An offset such as `+02:00`
 * is not one.
 */
export function isTimeZone(zone: string): boolean {
  if (!/^[A-Za-z][\w+/-]{1,60}$/.test(zone)) return false
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone)
    return true
  } catch {
    return false // Temporal throws RangeError for an unknown zone.
  }
}

/** The calendar day of an instant in a zone. Throws PermanentError for an unknown zone or an invalid instant. */
export function localDateAt(instant: Date, zone: string): LocalDate {
  return zoned(instant, zone).toPlainDate().toString()
}

/** The wall-clock time of an instant in a zone, `HH:MM`. Throws PermanentError for an unknown zone. */
export function localTimeAt(instant: Date, zone: string): string {
  return zoned(instant, zone).toPlainTime().toString({ smallestUnit: 'minute' })
}

/** Whether the text is a day of the calendar, `YYYY-MM-DD`. */
export function isLocalDate(text: string): text is LocalDate {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const instant = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text)
}

/** The day `days` later; earlier if the number is negative. Throws PermanentError for a day that does not exist. */
export function addDays(date: LocalDate, days: number): LocalDate {
  return plainDate(date).add({ days }).toString()
}

/** The latest day that has begun anywhere on earth. Each day begins first in Kiritimati. */
export function latestDayAt(instant: Date): LocalDate {
  return localDateAt(instant, 'Pacific/Kiritimati')
}

/** The later of two days. */
export function laterOf(one: LocalDate, other: LocalDate): LocalDate {
  return [one, other].sort()[1]!
}

/**
 * How many days `to` is later than `from`; negative if it is earlier. Throws PermanentError for a day that does not
 * exist.
 */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return plainDate(from).until(plainDate(to), { largestUnit: 'days' }).days
}

/**
 * The instant of a wall-clock time `HH:MM` on a day in a zone.
 * If the zone has the time twice (clocks go back), the first one counts. If the zone skips the time (clocks go
 * forward), the first instant after the gap counts; if the gap reaches into the next day (Greenland), the last minute
 * before it. If the zone skips the whole day (Samoa, 2011-12-30), the beginning of the next day counts.
 * Throws PermanentError for an unknown zone, day or time.
 */
export function instantOf(date: LocalDate, time: string, zone: string): Date {
  return new Date(zonedTime(plainDate(date), plainTime(time), knownZone(zone)).epochMilliseconds)
}

/** A zone that crosses the date line may skip a weekday once; the weekday comes again a week later. */
const FURTHEST_DAY = 15

/**
 * The first digest strictly after an instant. Each local day on a chosen weekday has one digest, at the instant that
 * `instantOf` gives; a day that the zone skips has none. Undefined if no weekday is chosen.
 * Throws PermanentError for an unknown zone or a time that is not `HH:MM`.
 */
export function nextDigestAt({ zone, sendAt, weekdays }: DigestTime, after: Date): Date | undefined {
  const time = plainTime(sendAt)
  const today = zoned(after, zone).toPlainDate()
  for (let days = 0; days <= FURTHEST_DAY; days += 1) {
    const date = today.add({ days })
    if (!weekdays.includes(date.dayOfWeek)) continue
    const digest = zonedTime(date, time, zone)
    const isOnDate = digest.toPlainDate().equals(date)
    if (isOnDate && digest.epochMilliseconds > after.getTime()) return new Date(digest.epochMilliseconds)
  }
  return undefined
}

/** See `instantOf`. */
function zonedTime(date: Temporal.PlainDate, time: Temporal.PlainTime, zone: string): Temporal.ZonedDateTime {
  const wanted = date.toPlainDateTime(time)
  const first = wanted.toZonedDateTime(zone, { disambiguation: 'earlier' })
  if (first.toPlainDateTime().equals(wanted)) return first
  // In a gap `earlier` uses the offset before the gap, so the next change of the clock is the end of the gap.
  const afterGap = first.getTimeZoneTransition('next') ?? first
  const beforeGap = afterGap.subtract({ minutes: 1 })
  const isOverMidnight = !afterGap.toPlainDate().equals(date) && beforeGap.toPlainDate().equals(date)
  return isOverMidnight ? beforeGap : afterGap
}

function zoned(instant: Date, zone: string): Temporal.ZonedDateTime {
  const time = instant.getTime()
  if (Number.isNaN(time)) throw new PermanentError('expected an instant, got an invalid date')
  return Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(knownZone(zone))
}

function knownZone(zone: string): string {
  if (isTimeZone(zone)) return zone
  throw new PermanentError(`expected an IANA time zone such as Europe/Berlin, got ${JSON.stringify(zone)}`)
}

function plainTime(sendAt: string): Temporal.PlainTime {
  if (!/^(?:[01]\d|2[0-3]):[0-5]\d$/.test(sendAt)) {
    throw new PermanentError(`expected a time of day HH:MM, got ${JSON.stringify(sendAt)}`)
  }
  return Temporal.PlainTime.from(sendAt)
}

function plainDate(date: LocalDate): Temporal.PlainDate {
  if (!isLocalDate(date)) throw new PermanentError(`expected a day YYYY-MM-DD, got ${JSON.stringify(date)}`)
  return Temporal.PlainDate.from(date)
}
