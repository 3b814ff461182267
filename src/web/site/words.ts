import type { DigestStatus, LocalDate, SubscriberStatus } from '../../domain.ts'

/** `Monday, 23 November 2026` */
export function longDay(day: LocalDate): string {
  return formatDay(day, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
}

/** `23 Nov 2026` */
export function shortDay(day: LocalDate): string {
  return formatDay(day, { day: 'numeric', month: 'short', year: 'numeric' })
}

function formatDay(day: LocalDate, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  )
}

/** `23 Nov 2026, 08:00`, in the zone given (IANA), which the page names. */
export function absoluteTime(at: Date, zone = 'UTC'): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: zone }).format(
    at,
  )
}

/** `1 paper`, `2 papers`, `1,234 papers` */
export function plural(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`
}

export const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

/** What a subscriber's status means to them. */
export const SUBSCRIBER_STATUS: Record<SubscriberStatus, string> = {
  pending: 'Not confirmed yet',
  active: 'Active',
  paused: 'Paused',
  unsubscribed: 'Unsubscribed',
}

/** What became of a digest, in a word or two. */
export const DIGEST_STATUS: Record<DigestStatus, string> = {
  planned: 'Being prepared',
  composing: 'Being prepared',
  sending: 'On its way',
  sent: 'Sent',
  skipped: 'Not sent',
  failed: 'Failed',
  suppressed: 'Not sent',
  held: 'May not have arrived',
}
