import pg from 'pg'
import { listBackupTables } from './tables.ts'

/** The first line of a backup. */
export interface BackupHeader {
  paperboy: 'backup'
  format: 1
  /** The newest migration of the database. */
  schema: string
  /** When it was made, ISO. */
  at: string
  /** Of SECRET: without the same SECRET suppressed addresses are not recognised. */
  secretFingerprint: string
}

/** The last line. A backup without it is cut off. */
export interface BackupEnd {
  end: true
  rows: number
}

/** Comes before the rows of a table. */
export interface BackupTableLine {
  table: string
  columns: string[]
}

const AT_ONCE = 500

/**
 * Reads the whole database as lines of JSON: the header, for each table a line with its columns and one line a row, the
 * end. All of it is one moment's state, whatever is written meanwhile. An embedded database lets others wait until it is
 * done. `url`: of the database.
 */
export async function* dumpDatabase(
  url: string,
  meta: Omit<BackupHeader, 'paperboy' | 'format' | 'schema'>,
): AsyncGenerator<string> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const header: BackupHeader = { paperboy: 'backup', format: 1, schema: await readSchema(client), ...meta }
    yield JSON.stringify(header)
    let rows = 0
    for (const { name, columns } of await listBackupTables(client)) {
      yield JSON.stringify({ table: name, columns } satisfies BackupTableLine)
      for await (const line of readRows(client, name, columns)) {
        rows += 1
        yield line
      }
    }
    yield JSON.stringify({ end: true, rows } satisfies BackupEnd)
    await client.query('COMMIT')
  } finally {
    await client.end()
  }
}

async function readSchema(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ name: string }>(
    'SELECT name FROM kysely_migration ORDER BY name DESC LIMIT 1',
  )
  return rows[0]!.name
}

async function* readRows(client: pg.Client, table: string, columns: string[]): AsyncGenerator<string> {
  const chosen = columns.map((column) => `"${column}"`).join(', ')
  await client.query(
    `DECLARE backup_rows NO SCROLL CURSOR FOR SELECT row_to_json(chosen)::text AS line FROM (SELECT ${chosen} FROM "${table}") AS chosen`,
  )
  for (;;) {
    const { rows } = await client.query<{ line: string }>(`FETCH ${AT_ONCE} FROM backup_rows`)
    for (const { line } of rows) yield line
    if (rows.length < AT_ONCE) break
  }
  await client.query('CLOSE backup_rows')
}
