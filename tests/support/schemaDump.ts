import { sql } from 'kysely'
import type { Db } from '../../src/db/engine/connect.ts'

const HEADER =
  '-- The schema all migrations add up to. Made by `npm run schema`; a test holds it to the migrations.'

/** One column as PostgreSQL's catalog describes it. */
export interface CatalogColumn {
  table: string
  column: string
  /** As PostgreSQL writes it: `bigint`, `text[]`, `timestamp with time zone`. */
  type: string
  notNull: boolean
  /** Whether the database numbers it: always, or only if the insert gives no number. */
  identity: 'ALWAYS' | 'BY DEFAULT' | null
  /** The expression of a default or, if `computed`, of a generated column. */
  expression: string | null
  computed: boolean
}

/**
 * The schema of Paperboy's own tables as SQL that rebuilds it: tables by name, then foreign keys, then indexes. The
 * text is the same on every supported PostgreSQL. The migrator's and the queue's tables are left out.
 */
export async function dumpSchema(db: Db): Promise<string> {
  const columns = await readColumns(db)
  const constraints = await readConstraints(db)
  const tables = [...new Set(columns.map((column) => column.table))].map((table) => {
    const lines = [
      ...columns.filter((column) => column.table === table).map(columnLine),
      ...constraints.filter((found) => found.table === table && found.kind !== 'f').map(constraintLine),
    ]
    return `CREATE TABLE ${table} (\n${lines.map((line) => `  ${line}`).join(',\n')}\n);`
  })
  const foreignKeys = constraints
    .filter((found) => found.kind === 'f')
    .map((found) => `ALTER TABLE ${found.table} ADD ${constraintLine(found)};`)
  const indexes = (await readIndexes(db)).map(
    (index) => `${index.definition.replace(/ ON public\./, ' ON ')};`,
  )
  return `${[HEADER, ...tables, foreignKeys.join('\n'), indexes.join('\n')].join('\n\n')}\n`
}

/** All columns of Paperboy's own tables, by table and position. */
export async function readColumns(db: Db): Promise<CatalogColumn[]> {
  const { rows } = await sql<CatalogColumn>`
    SELECT c.relname AS "table", a.attname AS "column", format_type(a.atttypid, a.atttypmod) AS "type",
      a.attnotnull AS "notNull",
      CASE a.attidentity WHEN 'a' THEN 'ALWAYS' WHEN 'd' THEN 'BY DEFAULT' END AS "identity",
      pg_get_expr(d.adbin, d.adrelid) AS "expression", a.attgenerated <> '' AS "computed"
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE c.relnamespace = 'public'::regnamespace AND c.relname NOT LIKE 'kysely_%'
      AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY c.relname COLLATE "C", a.attnum`.execute(db)
  return rows
}

interface Constraint {
  table: string
  name: string
  /** p primary key, u unique, c check, f foreign key. */
  kind: string
  definition: string
}

/** Without NOT NULL constraints: only PostgreSQL 18 and later list those here, and the columns say them anyway. */
async function readConstraints(db: Db): Promise<Constraint[]> {
  const { rows } = await sql<Constraint>`
    SELECT c.relname AS "table", k.conname AS "name", k.contype AS "kind", pg_get_constraintdef(k.oid) AS "definition"
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relname NOT LIKE 'kysely_%' AND k.contype <> 'n'
    ORDER BY c.relname COLLATE "C", strpos('pucf', k.contype::text), k.conname COLLATE "C"`.execute(db)
  return rows
}

/** The indexes that no constraint creates. */
async function readIndexes(db: Db): Promise<{ definition: string }[]> {
  const { rows } = await sql<{ definition: string }>`
    SELECT pg_get_indexdef(i.indexrelid) AS "definition"
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class n ON n.oid = i.indexrelid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relname NOT LIKE 'kysely_%'
      AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
    ORDER BY c.relname COLLATE "C", n.relname COLLATE "C"`.execute(db)
  return rows
}

function columnLine(column: CatalogColumn): string {
  return [
    column.column,
    column.type,
    column.notNull ? 'NOT NULL' : '',
    column.identity ? `GENERATED ${column.identity} AS IDENTITY` : '',
    column.computed ? `GENERATED ALWAYS AS (${column.expression}) STORED` : '',
    column.expression !== null && !column.computed ? `DEFAULT ${column.expression}` : '',
  ]
    .filter((part) => part !== '')
    .join(' ')
}

function constraintLine(constraint: Constraint): string {
  return `CONSTRAINT ${constraint.name} ${constraint.definition}`
}
