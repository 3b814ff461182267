import { readFile } from 'node:fs/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { columnOf } from '../../src/db/papers/paperColumns.ts'
import { type FieldKind, PAPER_FIELDS } from '../../src/domain.ts'
import { openTestDatabase, type TestDatabase } from '../support/database.ts'
import { type CatalogColumn, dumpSchema, readColumns } from '../support/schemaDump.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database?.close())

const SCHEMA_SQL = '../../src/db/engine/schema.sql'

test('schema.sql is what the migrations add up to', async () => {
  const dump = await dumpSchema(database.db)
  await expect(dump, 'src/db/engine/schema.sql is stale: run `npm run schema`').toMatchFileSnapshot(
    SCHEMA_SQL,
  )
})

test('the dump rebuilds the same schema in an empty database', async () => {
  const dump = await dumpSchema(database.db)
  const rollBack = new Error('only to look')
  let rebuilt = ''
  const attempt = database.db.transaction().execute(async (tx) => {
    await sql`DROP SCHEMA public CASCADE`.execute(tx)
    await sql`CREATE SCHEMA public`.execute(tx)
    await sql.raw(dump).execute(tx)
    rebuilt = await dumpSchema(tx)
    throw rollBack
  })
  await expect(attempt).rejects.toBe(rollBack)
  expect(rebuilt).toBe(dump)
})

test('the hand-written types of schema.ts say what the database says', async () => {
  const fromDatabase = (await readColumns(database.db)).map(describeColumn).sort()
  expect(describeTypes(await readTypes())).toEqual(fromDatabase)
})

test('every CHECK of allowed words lists the words of its type', async () => {
  const { unions, tables } = await readTypes()
  const allowed = await readAllowedWords()
  const typed = allowed.map(({ column }) => {
    const type = tables.get(column) ?? ''
    return { column, words: unions.get(bare(type)) ?? wordsOf(bare(type)) }
  })
  expect(allowed.length).toBeGreaterThanOrEqual(4)
  expect(typed).toEqual(allowed)
})

interface Types {
  /** `papers.title` → its type as written, aliases of the file resolved. */
  tables: Map<string, string>
  /** Names of types that are nothing but words → those words, sorted. */
  unions: Map<string, string[]>
}

/** Reads the types from their text: the compiled program has none. */
async function readTypes(): Promise<Types> {
  const read = (path: string) => readFile(new URL(path, import.meta.url), 'utf8')
  const text = withoutComments(await read('../../src/db/engine/schema.ts'))
  const aliases = new Map(
    [
      ...`${text}\n${withoutComments(await read('../../src/domain.ts'))}`.matchAll(
        /type (\w+) =([^\n]*(?:\n {2}.*)*)/g,
      ),
    ].map(([, name, body]) => [name!, body!.trim()] as const),
  )
  const interfaces = new Map(
    [...text.matchAll(/interface (\w+)(?: extends \w+)? \{\n([^}]*)\}/g)].map(
      ([, name, body]) => [name!, fieldsOf(body!)] as const,
    ),
  )
  const unions = new Map(
    [...aliases]
      .map(([name, body]) => [name, wordsOf(body)] as const)
      .filter(([, words]) => words.length > 0),
  )
  const tables = new Map<string, string>()
  for (const [table, row] of interfaces.get('Database') ?? []) {
    for (const [column, type] of interfaces.get(row) ?? []) {
      const alias = aliases.get(type)
      tables.set(`${table}.${column}`, alias?.startsWith('ColumnType') ? alias : type)
    }
  }
  for (const [field, kind] of Object.entries(PAPER_FIELDS)) {
    const type = field === 'title' ? 'string' : PAPER_TYPES[kind]
    tables.set(`papers.${columnOf(field)}`, type)
  }
  return { tables, unions }
}

/** The types of the columns that schema.ts derives from the list of a paper's fields. */
const PAPER_TYPES: Record<FieldKind, string> = {
  text: 'string | null',
  texts: 'Generated<string[]>',
  time: 'Date | null',
  number: 'number | null',
}

function withoutComments(text: string): string {
  return text.replace(/^ *\/\*\*[\s\S]*?\*\/\n/gm, '').replace(/^ *\/\/.*\n/gm, '')
}

function fieldsOf(body: string): [string, string][] {
  return [...body.matchAll(/^ {2}(\w+): (.*)$/gm)].map(([, name, type]) => [name!, type!])
}

/** The words of `'a' | 'b'`, sorted; none where it is anything else. */
function wordsOf(type: string): string[] {
  const parts = type
    .split('|')
    .map((part) => part.trim())
    .filter((part) => part !== '')
  return parts.every((part) => /^'[^']*'$/.test(part)) ? parts.map((part) => part.slice(1, -1)).sort() : []
}

/** A type without what only says how it is inserted, and without null. */
function bare(type: string): string {
  return type.replace(/^(?:Generated|GeneratedAlways)<(.*)>$/, '$1').replace(/ \| null$/, '')
}

function describeTypes({ tables, unions }: Types): string[] {
  return [...tables]
    .map(([column, type]) => {
      const name = bare(type)
      const isText = unions.has(name) || wordsOf(name).length > 0
      const split = /^ColumnType<(.*), ([^,]*), ([^,]*)>$/.exec(name)
      const value = isText
        ? 'string'
        : split
          ? selectedType(split[1]!, split[2]!)
          : (TYPE_NAMES[name] ?? name)
      return `${column}: ${value}${type.endsWith('| null') ? ' or null' : ''}${insertedHow(type, split?.[2])}`
    })
    .sort()
}

/** What is inserted as text and read as something else is JSON. */
function selectedType(selected: string, inserted: string): string {
  return inserted.startsWith('string') && selected !== 'string' ? 'json' : selected
}

function insertedHow(type: string, inserted: string | undefined): string {
  if (type.startsWith('GeneratedAlways<')) return ', made by the database'
  return type.startsWith('Generated<') || inserted?.includes('undefined') ? ', has a default' : ''
}

/** Types with a name of their own that is not the type of their values. */
const TYPE_NAMES: Record<string, string> = { Provenance: 'json' }

const DATABASE_TYPES: Record<string, string> = {
  bigint: 'number',
  integer: 'number',
  smallint: 'number',
  'double precision': 'number',
  real: 'number',
  text: 'string',
  boolean: 'boolean',
  bytea: 'Buffer',
  tsvector: 'string',
  date: 'LocalDate',
  'timestamp with time zone': 'Date',
  jsonb: 'json',
  'text[]': 'string[]',
  'timestamp with time zone[]': 'Date[]',
  'smallint[]': 'number[]',
  'integer[]': 'number[]',
  'real[]': 'number[]',
}

function describeColumn(found: CatalogColumn): string {
  const made = found.identity === 'ALWAYS' || found.computed ? ', made by the database' : ''
  const hasDefault = found.identity === 'BY DEFAULT' || (found.expression !== null && !found.computed)
  const defaulted = hasDefault ? ', has a default' : ''
  const type = DATABASE_TYPES[found.type] ?? found.type
  return `${found.table}.${found.column}: ${type}${found.notNull ? '' : ' or null'}${made}${defaulted}`
}

/** Columns whose CHECK is a list of words: `subscribers.status` → those words, sorted. */
async function readAllowedWords(): Promise<{ column: string; words: string[] }[]> {
  const { rows } = await sql<{ table: string; definition: string }>`
    SELECT conrelid::regclass::text AS "table", pg_get_constraintdef(oid) AS "definition" FROM pg_constraint
    WHERE contype = 'c' AND connamespace = 'public'::regnamespace ORDER BY conname`.execute(database.db)
  return rows.flatMap(({ table, definition }) => {
    const [, column, list] = /^CHECK \(\((\w+) = ANY \(ARRAY\[(.*)\]\)\)\)$/.exec(definition) ?? []
    if (column === undefined || list === undefined) return []
    return [
      {
        column: `${table}.${column}`,
        words: [...list.matchAll(/'([^']*)'/g)].map(([, word]) => word!).sort(),
      },
    ]
  })
}
