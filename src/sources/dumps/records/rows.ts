import { finished } from 'node:stream/promises'
import { promisify } from 'node:util'
import { type CsvError, type InfoRecord, parse } from 'csv-parse'
import { parse as parseSync } from 'csv-parse/sync'
import { PermanentError } from '../../../errors.ts'
import type { Bytes } from '../containers/bytes.ts'
import { MOST_RECORD_BYTES } from './rawRecords.ts'

/** A row of CSV (RFC 4180, and what programs make of it). */
export interface Row {
  cells: string[]
  /** The line on which it begins. */
  line: number
  /** Its quotes do not say what its cells are. */
  isDamaged: boolean
}

const DELIMITERS = [',', '\t', ';']
const LENIENT = { bom: true, relax_quotes: true, relax_column_count: true, skip_empty_lines: true } as const

/** The header by each delimiter that parts the first row of a text into several cells, the most cells first. */
export function headersOf(head: string): { delimiter: string; names: string[] }[] {
  const headers = DELIMITERS.map((delimiter) => ({ delimiter, names: firstRow(head, delimiter) }))
  return headers
    .filter(({ names }) => names.length > 1)
    .sort((one, other) => other.names.length - one.names.length)
}

function firstRow(head: string, delimiter: string): string[] {
  return firstRows(head, delimiter, 1)[0] ?? []
}

/** The names of a header with at least one row of as many cells below it; undefined for text that is no table. */
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
 * The rows of a checked text in turn, the header first, as many at a time as a chunk of it ends.
 * @throws PermanentError with the line where quotes do not close; the rows before were given out.
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
 * Whether a cell opens with a quote and goes on behind the closing one: what is in it, and which cell is next, nobody can
 * tell. One that was written as it should stands so in the row.
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
