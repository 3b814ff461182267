/** How numbers, dates and texts stand in the cells of a workbook (ECMA-376, part 1, §18). */

const DAY_MS = 24 * 60 * 60 * 1000
/** Day 0 by the calendar that holds 1900-02-29, a day that never was, and by the one that begins in 1904. */
const EPOCHS = { 1900: Date.UTC(1899, 11, 30), 1904: Date.UTC(1904, 0, 1) }

/** A date or a moment without zone, of the days since the epoch. Undefined for what is none, such as a time of day. */
export function dateOfSerial(serial: number, is1904: boolean): string | undefined {
  if (!(serial >= 1 && serial < 2_958_466)) return undefined
  const days = !is1904 && serial < 60 ? serial + 1 : serial
  const seconds = Math.round((days * DAY_MS) / 1000)
  const text = new Date((is1904 ? EPOCHS[1904] : EPOCHS[1900]) + seconds * 1000).toISOString()
  return Number.isInteger(serial) ? text.slice(0, 10) : text.slice(0, 19)
}

/** Formats of dates that a workbook need not define (§18.8.30), those of East Asian calendars among them. */
const BUILT_IN_DATES = new Set([
  14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 34, 35, 36, 50, 51, 52, 53, 54, 57, 58,
])

/** Whether a number format shows a date: by its number, or by a year or day in its code. */
export function isDateFormat(id: number, code: string | undefined): boolean {
  if (code === undefined) return BUILT_IN_DATES.has(id)
  const signs = code.replace(/"[^"]*"|\\.|\[[^\]]*\]|_.|\*./g, '')
  return /[yd]/i.test(signs)
}

const MOST_COLUMNS = 16_384

/** The place of a cell's column, from 0: `A1` 0, `AB12` 27. Undefined for a place that no sheet has. */
export function columnIndex(reference: string | undefined): number | undefined {
  const letters = /^[A-Z]{1,3}/.exec(reference ?? '')?.[0]
  if (letters === undefined) return undefined
  const index = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1
  return index < MOST_COLUMNS ? index : undefined
}

/** A text as it is shown: `_x000D_` stands for a control character (§22.9.2.19). */
export function unescaped(text: string): string {
  if (!text.includes('_x')) return text
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))
}

/** The address in a formula `HYPERLINK("https://…", "title")`. */
export function linkInFormula(formula: string): string | undefined {
  return /^\s*HYPERLINK\(\s*"([^"]{1,2000})"/i.exec(formula)?.[1]
}
