import type { LocalDate } from '../domain.ts'

/** Formatters by their options: making one takes a hundred times longer than using it, and memory with each. */
const formatters = new Map<string, Intl.DateTimeFormat>()

/** `Monday, 23 November 2026` */
export function longDay(day: LocalDate): string {
  return format(midnight(day), {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  })
}

/** `23 Nov 2026` */
export function shortDay(day: LocalDate): string {
  return format(midnight(day), { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })
}

/** `Mon 23 Nov`, for days beside one another. */
export function dayLabel(day: LocalDate): string {
  return format(midnight(day), { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' }).replace(
    ',',
    '',
  )
}

/** `23 Nov 2026, 08:00` in a zone (IANA), which the page names. */
export function absoluteTime(at: Date, zone = 'UTC'): string {
  return format(at, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone })
}

/** `23 November 2026 at 08:00 UTC` */
export function longTime(at: Date): string {
  return `${format(at, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })} UTC`
}

function midnight(day: LocalDate): Date {
  return new Date(`${day}T00:00:00Z`)
}

function format(at: Date, options: Intl.DateTimeFormatOptions): string {
  const key = JSON.stringify(options)
  const formatter = formatters.get(key) ?? new Intl.DateTimeFormat('en-GB', options)
  formatters.set(key, formatter)
  return formatter.format(at)
}
