import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { type BackupTable, listBackupTables } from './tables.ts'

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

/** A backup that runs for longer is taken for one that was killed. */
const LEFT_AFTER = '6 hours'

/**
 * Reads the whole database as lines of JSON: the header, for each table a line with its columns and one line a row, the
 * end. All of it is one moment's state, whatever is written meanwhile. The database puts the rows aside in one short
 * transaction, so others wait only for that, however slowly the lines are taken. `url`: of the database.
 */
export async function* dumpDatabase(
  url: string,
  meta: Omit<BackupHeader, 'paperboy' | 'format' | 'schema'>,
): AsyncGenerator<string> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { schema, tables } = await putAside(client)
    try {
      yield JSON.stringify({ paperboy: 'backup', format: 1, schema, ...meta } satisfies BackupHeader)
      let rows = 0
      for (const { name, columns, cursor } of tables) {
        yield JSON.stringify({ table: name, columns } satisfies BackupTableLine)
        for await (const line of readRows(client, cursor)) {
          rows += 1
          yield line
        }
      }
      yield JSON.stringify({ end: true, rows } satisfies BackupEnd)
    } finally {
      // The one session of an embedded database would keep them.
      await client.query(tables.map(({ cursor }) => `CLOSE ${cursor}`).join('; '))
    }
  } finally {
    await client.end()
  }
}

/** A table whose rows, as they were at the moment of the backup, are read from a cursor. */
interface TableAside extends BackupTable {
  cursor: string
}

/** At COMMIT the database computes the rows of held cursors and keeps them, in memory or in a temporary file. */
async function putAside(client: pg.Client): Promise<{ schema: string; tables: TableAside[] }> {
  await closeLeft(client)
  const backup = randomBytes(6).toString('hex')
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
  const schema = await readSchema(client)
  const tables = (await listBackupTables(client)).map((table, at) => ({
    ...table,
    cursor: `backup_${backup}_${at}`,
  }))
  await client.query([...tables.map(declaring), 'COMMIT'].join('; '))
  return { schema, tables }
}

/** Closes what backups that were killed have left in the one session of an embedded database. */
async function closeLeft(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT name FROM pg_cursors WHERE is_holdable AND name LIKE 'backup\\_%' AND creation_time < now() - interval '${LEFT_AFTER}'`,
  )
  for (const { name } of rows) await client.query(`CLOSE ${pg.escapeIdentifier(name)}`)
}

function declaring({ name, columns, cursor }: TableAside): string {
  const chosen = columns.map((column) => pg.escapeIdentifier(column)).join(', ')
  return `DECLARE ${cursor} NO SCROLL CURSOR WITH HOLD FOR SELECT row_to_json(chosen)::text AS line FROM (SELECT ${chosen} FROM ${pg.escapeIdentifier(name)}) AS chosen`
}

async function readSchema(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ name: string }>(
    'SELECT name FROM kysely_migration ORDER BY name DESC LIMIT 1',
  )
  return rows[0]!.name
}

async function* readRows(client: pg.Client, cursor: string): AsyncGenerator<string> {
  for (;;) {
    const { rows } = await client.query<{ line: string }>(`FETCH ${AT_ONCE} FROM ${cursor}`)
    for (const { line } of rows) yield line
    if (rows.length < AT_ONCE) return
  }
}
