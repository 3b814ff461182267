import { finished } from 'node:stream/promises'
import { promisify } from 'node:util'
import { type CsvError, type InfoRecord, parse } from 'csv-parse'
import { parse as parseSync } from 'csv-parse/sync'
import { PermanentError } from '../../../errors.ts'
import type { Bytes } from '../containers/bytes.ts'
import { MOST_RECORD_BYTES } from './rawRecords.ts'

/** A row of CSV (RFC 4180, and common deviations). */
export interface Row {
  cells: string[]
  /** The line on which it begins. */
  line: number
  /** Whether its quotes are ambiguous, so that its cells are unknown. */
  isDamaged: boolean
}

const DELIMITERS = [',', '\t', ';']
export const LENIENT = {
  bom: true,
  relax_quotes: true,
  relax_column_count: true,
  skip_empty_lines: true,
} as const

/** The header by each delimiter that divides the first row into several cells, the most cells first. */
export function headersOf(head: string): { delimiter: string; names: string[] }[] {
  const headers = DELIMITERS.map((delimiter) => ({ delimiter, names: firstRow(head, delimiter) }))
  return headers
    .filter(({ names }) => names.length > 1)
    .sort((one, other) => other.names.length - one.names.length)
}

function firstRow(head: string, delimiter: string): string[] {
  return firstRows(head, delimiter, 1)[0] ?? []
}

/** The column names, if at least one row below the header has as many cells; undefined if the text is no table. */
export function tableHeader(head: string): string[] | undefined {
  return DELIMITERS.map((delimiter) => firstRows(head, delimiter, 3)).find(
    ([names = [], ...rows]) =>
      names.length > 1 &&
      names.every((name) => name !== '' && name.length < 60) &&
      rows.length > 0 &&
      rows.every(({ length }) => length === names.length),
  )?.[0]
}

function firstRows(head: string, delimiter: string, count: number): string[][] {
  try {
    const rows: string[][] = parseSync(head.slice(0, 100_000), { ...LENIENT, delimiter, to: count })
    return rows.map((row) => row.map((cell) => cell.trim()))
  } catch {
    return []
  }
}

/**
 * The rows of a checked text, the header first, a chunk of the stream at a time.
 * @throws PermanentError with the line if a quote is not closed, after giving out the rows before.
 */
export async function* rowsOf(text: Bytes, delimiter: string): AsyncGenerator<Row[]> {
  const rows: Row[] = []
  let line = 1
  // Rows are taken as they are found: a stream that fails drops those that nobody has read yet.
  const on_record = (found: string[], { lines }: InfoRecord) => {
    // With `raw`, of which its types do not know.
    const { record: cells, raw } = found as unknown as { record: string[]; raw: string }
    rows.push({ cells, line, isDamaged: hasDamagedCell(cells, raw) })
    line = lines + 1
    return null
  }
  const parser = parse({ ...LENIENT, delimiter, max_record_size: MOST_RECORD_BYTES, raw: true, on_record })
  const ended = finished(parser.resume())
  ended.catch(() => {})
  const taken = () => rows.splice(0)
  try {
    for await (const chunk of text) {
      await promisify((done: (error?: Error | null) => void) => parser.write(chunk, done))()
      if (rows.length > 0) yield taken()
    }
    parser.end()
    await ended
  } catch (error) {
    yield taken()
    throw rowError(error as CsvError, line)
  } finally {
    parser.destroy()
  }
  yield taken()
}

/**
 * Whether a cell begins with a quote and continues after the closing quote. Its content and the next cell are then
 * ambiguous. A correctly written cell appears literally in the row.
 */
function hasDamagedCell(cells: string[], raw: string): boolean {
  return cells.some((cell) => cell.startsWith('"') && !raw.includes(`"${cell.replaceAll('"', '""')}"`))
}

const WORDS: Record<string, string> = {
  CSV_QUOTE_NOT_CLOSED: 'one with a quote that is never closed',
  CSV_MAX_RECORD_SIZE: 'one of more than 16 MB (most often for a quote that is never closed)',
}

function rowError(error: CsvError, line: number): unknown {
  if (!error.code?.startsWith('CSV_')) return error
  const came = WORDS[error.code] ?? `one that cannot be read (${error.message})`
  return new PermanentError(
    `expected rows of CSV, got ${came}: line ${line}; correct it, or export the table again`,
  )
}
