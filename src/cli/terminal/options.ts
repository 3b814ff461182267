import { isLocalDate } from '../../calendar.ts'
import type { LocalDate } from '../../domain.ts'
import { UsageError } from '../../errors.ts'

/** Reads a date option. @throws UsageError for anything but a day of the calendar. */
export function parseDate(option: string, text: string | undefined): LocalDate | undefined {
  if (text === undefined || isLocalDate(text)) return text
  throw new UsageError(`${option}: expected a date such as 2026-01-31, got "${text}"`)
}

/** Reads an option that is a positive whole number. @throws UsageError for anything else. */
export function parseCount(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new UsageError(`${option}: expected a whole number above 0, got "${text}"`)
}
