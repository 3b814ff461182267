import { visible } from '../../errors.ts'

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
