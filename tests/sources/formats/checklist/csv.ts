import type { Raw } from './formatCase.ts'

/** Rows of CSV below their header, each cell in quotes (RFC 4180). */
export function stringify(names: string[], rows: Raw[]): string {
  const cell = (value: unknown) => `"${`${value ?? ''}`.replaceAll('"', '""')}"`
  return [names, ...rows.map((row) => names.map((name) => row[name]))]
    .map((cells) => `${cells.map(cell).join(',')}\r\n`)
    .join('')
}
