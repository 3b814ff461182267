import { isLocalDate } from '../../calendar.ts'
import type { Config } from '../../config.ts'
import type { LocalDate } from '../../domain.ts'
import { UsageError, visible } from '../../errors.ts'
import { openToolbox, type Toolbox } from '../../toolbox.ts'

/** Opens what a command needs, runs it, and always closes what it opened. */
export async function withTools<T>(config: Config, use: (toolbox: Toolbox) => Promise<T>): Promise<T> {
  const toolbox = await openToolbox(config)
  try {
    return await use(toolbox)
  } finally {
    await toolbox.close()
  }
}

/** Prints a text and a line end on stdout. */
export function print(line = ''): void {
  process.stdout.write(`${line.split('\n').map(visible).join('\n')}\n`)
}

/** Prints one line on stderr. */
export function complain(line: string): void {
  process.stderr.write(`paperboy: ${visible(line)}\n`)
}

/** An instant for people: `2026-01-31 08:05 UTC`. */
export function utcMinute(instant: Date): string {
  return `${instant.toISOString().slice(0, 'YYYY-MM-DDTHH:MM'.length).replace('T', ' ')} UTC`
}

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
