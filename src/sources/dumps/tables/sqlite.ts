import { PermanentError } from '../../../errors.ts'
import { columnsOf, type StoredColumn } from './createTable.ts'
import { type Pages, recordsOf } from './sqlitePages.ts'
import { type SqliteValue, type TextEncoding, valuesOf } from './sqliteRecord.ts'
import type { RandomAccess, Table } from './tableFile.ts'

/**
 * The tables of an SQLite database, read from its pages (https://www.sqlite.org/fileformat2.html), so that a database
 * of any size takes the memory of a page. What stands only in its write-ahead log is not seen.
 * @throws PermanentError if it is damaged or no database.
 */
export async function sqliteTables(file: RandomAccess): Promise<Table[]> {
  const pages = await openPages(file)
  const tables: Table[] = []
  for await (const { values } of recordsOf(pages, 1, (payload) => valuesOf(payload, pages.encoding))) {
    const [type, name, , root, sql] = values
    if (type !== 'table' || typeof name !== 'string' || /^sqlite_/i.test(name) || typeof sql !== 'string')
      continue
    const columns = columnsOf(sql)
    if (columns !== undefined && typeof root === 'number' && root > 0)
      tables.push(tableAt(pages, name, root, columns))
  }
  return tables
}

const HEADER_BYTES = 100
const ENCODINGS: Record<number, TextEncoding> = { 1: 'utf-8', 2: 'utf-16le', 3: 'utf-16be' }

async function openPages(file: RandomAccess): Promise<Pages> {
  const header = await file.read(0, HEADER_BYTES)
  if (header.length < HEADER_BYTES)
    throw new PermanentError('expected a whole SQLite database, got one that breaks off')
  const written = header.readUInt16BE(16)
  const size = written === 1 ? 65_536 : written
  if (size < 512 || (size & (size - 1)) !== 0) {
    throw new PermanentError(`expected a whole SQLite database, got damaged data (pages of ${size} bytes)`)
  }
  return {
    file,
    size,
    usable: size - header[20]!,
    count: Math.ceil(file.size / size),
    encoding: ENCODINGS[header.readUInt32BE(56)] ?? 'utf-8',
  }
}

function tableAt(pages: Pages, name: string, root: number, columns: StoredColumn[]): Table {
  const stored = columns.filter(({ isStored }) => isStored)
  return {
    name,
    columns: stored.map((column) => column.name),
    async *rows() {
      let rows: Record<string, unknown>[] = []
      for await (const { rowId, values } of recordsOf(pages, root, (payload) =>
        valuesOf(payload, pages.encoding),
      )) {
        rows.push(rowOf(stored, rowId, values))
        if (rows.length < 100) continue
        yield rows
        rows = []
      }
      if (rows.length > 0) yield rows
    },
  }
}

/** A row that is older than a column of its table has no value for it. */
function rowOf(columns: StoredColumn[], rowId: number, values: SqliteValue[]): Record<string, unknown> {
  return Object.fromEntries(
    columns.map(({ name, isRowId }, index) => [name, isRowId ? rowId : values[index]]),
  )
}
