import pg from 'pg'
import { PermanentError } from '../../errors.ts'
import { connect } from '../engine/connect.ts'
import { knowsSchema, migrate, migrateTo, NEWEST_SCHEMA } from '../engine/migrate.ts'
import type { BackupEnd, BackupHeader, BackupTableLine } from './dumpDatabase.ts'

const ROWS_AT_ONCE = 500
const BYTES_AT_ONCE = 4_000_000

/** Reads the first line of a backup. @throws PermanentError for anything else. */
export function parseHeader(line: string | undefined): BackupHeader {
  const header = parse(line ?? '')
  if (header?.paperboy !== 'backup' || header.format !== 1 || typeof header.schema !== 'string') {
    throw new PermanentError(
      'expected a backup made by paperboy backup, got something else; give another file',
    )
  }
  if (!knowsSchema(header.schema)) {
    throw new PermanentError(
      `expected a backup of schema ${NEWEST_SCHEMA} or older, got one of ${header.schema}, made by a newer Paperboy; restore it with that version`,
    )
  }
  return header as unknown as BackupHeader
}

/** Whether a database holds anything that a restore would take away. */
export async function holdsData(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    for (const table of ['papers', 'subscribers', 'pages', 'suppressions']) {
      const { rows } = await client.query<{ there: boolean }>(
        `SELECT to_regclass('public.${table}') IS NOT NULL AS there`,
      )
      if (!rows[0]!.there) continue
      const some = await client.query(`SELECT 1 FROM public.${table} LIMIT 1`)
      if (some.rows.length > 0) return true
    }
    return false
  } finally {
    await client.end()
  }
}

/**
 * Makes the database what the backup says: its tables are dropped and made again by the backup's schema, all rows are
 * loaded in one transaction, then the schema is brought up to date. If the lines end too early, nothing is loaded and
 * the same restore can be run again. Gives the number of rows.
 */
export async function loadDatabase(
  url: string,
  header: BackupHeader,
  lines: AsyncIterator<string>,
): Promise<number> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await dropTables(client)
    await withDb(url, (db) => migrateTo(db, header.schema))
    const rows = await loadRows(client, lines)
    await withDb(url, migrate)
    return rows
  } finally {
    await client.end()
  }
}

async function withDb(url: string, use: (db: ReturnType<typeof connect>) => Promise<void>): Promise<void> {
  const db = connect(url)
  try {
    await use(db)
  } finally {
    await db.destroy()
  }
}

/** The database is Paperboy's own: every table of its schema `public` is. */
async function dropTables(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT quote_ident(relname) AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'`,
  )
  if (rows.length === 0) return
  if (!rows.some(({ name }) => name === 'kysely_migration')) {
    throw new PermanentError(
      'DATABASE_URL: expected an empty database or one of Paperboy, got one with tables of another program; make a database for Paperboy alone',
    )
  }
  await client.query(`DROP TABLE ${rows.map(({ name }) => `public.${name}`).join(', ')} CASCADE`)
}

async function loadRows(client: pg.Client, lines: AsyncIterator<string>): Promise<number> {
  await client.query('BEGIN')
  try {
    const loaded = await loadTables(client, lines)
    await advanceSequences(client)
    await client.query('COMMIT')
    return loaded
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  }
}

async function loadTables(client: pg.Client, lines: AsyncIterator<string>): Promise<number> {
  let loaded = 0
  for await (const { table, rows } of readBatches(lines)) {
    if (rows.length > 0) await insertRows(client, table, rows)
    loaded += rows.length
  }
  return loaded
}

interface Batch {
  table: BackupTableLine
  rows: string[]
  bytes: number
}

/** Reads the lines after the header. @throws PermanentError if the last line is missing or counts other rows. */
async function* readBatches(lines: AsyncIterator<string>): AsyncGenerator<Batch> {
  const begin = (table: BackupTableLine): Batch => ({ table, rows: [], bytes: 0 })
  let batch = begin({ table: '', columns: [] })
  let count = 0
  for (let next = await lines.next(); !next.done; next = await lines.next()) {
    const mark = readMark(next.value)
    if (mark !== undefined) {
      yield batch
      if ('table' in mark) batch = begin(mark)
      else if (mark.rows === count) return
      else break
    } else {
      count += 1
      batch.rows.push(next.value)
      batch.bytes += next.value.length
      if (batch.rows.length === ROWS_AT_ONCE || batch.bytes > BYTES_AT_ONCE) {
        yield batch
        batch = begin(batch.table)
      }
    }
  }
  throw new PermanentError(
    `expected the end of the backup, got a file that is cut off after ${count} rows; nothing is restored; give a whole backup`,
  )
}

/** The beginning of a table, or the end; undefined for a row. No table has a first column of these names. */
function readMark(line: string): BackupTableLine | BackupEnd | undefined {
  const mark = /^\{"(?:table|end)":/.test(line) ? parse(line) : undefined
  if (typeof mark?.table === 'string' && Array.isArray(mark.columns))
    return mark as unknown as BackupTableLine
  return mark?.end === true ? (mark as unknown as BackupEnd) : undefined
}

async function insertRows(
  client: pg.Client,
  { table, columns }: BackupTableLine,
  rows: string[],
): Promise<void> {
  const names = columns.map((column) => pg.escapeIdentifier(column)).join(', ')
  const name = pg.escapeIdentifier(table)
  await client.query(
    `INSERT INTO ${name} (${names}) OVERRIDING SYSTEM VALUE SELECT ${names} FROM json_populate_recordset(NULL::${name}, $1::json)`,
    [`[${rows.join(',')}]`],
  )
}

/** Numbers that the backup's rows have are not given again. */
async function advanceSequences(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ table: string; column: string; sequence: string }>(`
    SELECT quote_ident(relname) AS table, quote_ident(attname) AS column,
      pg_get_serial_sequence(quote_ident(relname), attname) AS sequence
    FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname NOT LIKE 'kysely_%'
      AND pg_get_serial_sequence(quote_ident(relname), attname) IS NOT NULL`)
  for (const { table, column, sequence } of rows) {
    await client.query(
      `SELECT setval($1::regclass, max(${column})) FROM ${table} HAVING max(${column}) IS NOT NULL`,
      [sequence],
    )
  }
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(line)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
