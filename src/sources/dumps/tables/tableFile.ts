import { PermanentError } from '../../../errors.ts'
import { type Budget, spendBytes } from '../containers/budget.ts'

/** Files of tables: spreadsheets, databases, column files. Each table is given on as JSON lines, a line a row. */

/** A file any part of which can be read, in any order. */
export interface RandomAccess {
  /** In bytes. */
  size: number
  /** The bytes from `offset` on; fewer than `length` where the file ends. */
  read(offset: number, length: number): Promise<Buffer>
}

/** A table of a file, or a sheet of a workbook. */
export interface Table {
  name: string
  /** The names of its columns. */
  columns: string[]
  /**
   * Its rows, some at a time; undefined for one without values. It must be read, or left, before another table of the file
   * is read.
   */
  rows(): AsyncIterable<TableRow[]>
}

export type TableRow = Record<string, unknown> | undefined

/** Whether a table with columns of these names lists papers. */
export type ListsPapers = (columns: string[]) => boolean

export function accessTo(bytes: Buffer): RandomAccess {
  return { size: bytes.length, read: async (offset, length) => bytes.subarray(offset, offset + length) }
}

const CHUNK = 64 * 1024

/** The rows of a table as JSON lines, the number of a line being that of the row. What is counted is what the rows say, however small the file is. */
export async function* jsonLines(table: Table, budget: Budget): AsyncGenerator<Uint8Array> {
  let lines: string[] = []
  let length = 0
  for await (const rows of table.rows()) {
    for (const row of rows) {
      const line = row === undefined ? '\n' : `${JSON.stringify(row, plainNumbers)}\n`
      lines.push(line)
      length += line.length
      if (length < CHUNK) continue
      yield counted(lines, budget)
      lines = []
      length = 0
    }
  }
  if (lines.length > 0) yield counted(lines, budget)
}

function counted(lines: string[], budget: Budget): Buffer {
  const bytes = Buffer.from(lines.join(''))
  spendBytes(budget, bytes.length)
  return bytes
}

/** Databases have integers of 64 bits; what a number cannot hold exactly becomes text. Bytes say nothing. */
function plainNumbers(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  return value instanceof Uint8Array ? undefined : value
}

/**
 * The tables of a file that list papers; the others hold what belongs to them.
 * @throws PermanentError, which names the tables and their columns, if there are none.
 */
export function paperTables(tables: Table[], listsPapers: ListsPapers, what: string): Table[] {
  const chosen = tables.filter(({ columns }) => listsPapers(columns))
  if (chosen.length > 0) return chosen
  const shown = tables.slice(0, 8).map(({ name, columns }) => `${shownText(name)} (${shownNames(columns)})`)
  throw new PermanentError(
    `expected ${what} with a table that has a column named as a title and one more that is known, got ${shown.join('; ') || 'none with columns'}; say which column holds the titles: --map title=COLUMN`,
  )
}

function shownNames(names: string[]): string {
  return names.length === 0 ? 'no columns' : names.slice(0, 8).map(shownText).join(', ')
}

function shownText(text: string): string {
  return JSON.stringify(text.slice(0, 40))
}
