import { type RawBuilder, sql } from 'kysely'

/** Many rows as the parameters of one statement, and several statements as one. */

/** A statement that writes and returns nothing. */
export type Write = RawBuilder<unknown>

/** `WITH` these writes: the database runs all of them at once and need not wait for the next one to be sent. */
export function alongWith(writes: Write[]): RawBuilder<unknown> {
  if (writes.length === 0) return sql``
  return sql`WITH ${sql.join(writes.map((write, index) => sql`${sql.raw(`write_${index}`)} AS (${write})`))}`
}

const [TEXT_OID, INTEGER_OID, BIGINT_OID] = [25, 23, 20]
/**
 * Number of dimensions, a flag for nulls, the element type; then length and lower bound of the one dimension
 * (PostgreSQL, array_recv).
 */
const HEADER_BYTES = 20
const LENGTH_BYTES = 4

/**
 * `SELECT` of rows that are sent as one array per column, for `INSERT INTO … SELECT`. `types`: the SQL type of each
 * column, in order. PostgreSQL reads binary arrays in half the time of JSON, and as fast as COPY, which has no ON
 * CONFLICT (docs/experiments/replay-speed.md). A column with one value in all rows is sent once.
 */
export function selectRows<Column extends string>(
  rows: readonly Record<Column, unknown>[],
  types: Record<Column, string>,
): RawBuilder<unknown> {
  const arrays: RawBuilder<unknown>[] = []
  const names: string[] = []
  const values = (Object.keys(types) as Column[]).map((column, index) => {
    const [type, name] = [types[column], `"${column}"`]
    // The first column is always sent whole, because its length is the number of rows.
    const only = index === 0 ? undefined : onlyValue(rows, column)
    if (only !== undefined) return sql`${textOf(only)}::${sql.raw(type)} AS ${sql.raw(name)}`
    names.push(name)
    arrays.push(
      arrayOf(
        rows.map((row) => row[column] ?? null),
        type,
      ),
    )
    return sql.raw(`${name}::${type}`)
  })
  return sql`SELECT ${sql.join(values)} FROM unnest(${sql.join(arrays)}) AS rows (${sql.raw(names.join(', '))})`
}

/** The value that all rows have in a column, if it is the same one and not a list; undefined if they differ. */
function onlyValue<Column extends string>(rows: readonly Record<Column, unknown>[], column: Column): unknown {
  const first = rows[0]?.[column] ?? null
  return rows.every((row) => isSame(row[column] ?? null, first)) ? first : undefined
}

function isSame(one: unknown, other: unknown): boolean {
  if (one instanceof Date && other instanceof Date) return one.getTime() === other.getTime()
  if (Array.isArray(one) && Array.isArray(other)) return one.length + other.length === 0
  return one === other
}

function arrayOf(values: unknown[], type: string): RawBuilder<unknown> {
  if (type === 'integer') return sql`${integerArray(values as (number | null)[])}::integer[]`
  if (type === 'bigint') return sql`${bigintArray(values as (number | null)[])}::bigint[]`
  return sql`${textArray(values.map(textOf))}::text[]`
}

/** Texts in PostgreSQL's binary form of `text[]`. A Buffer parameter is sent unchanged. */
export function textArray(texts: readonly (string | null)[]): Buffer {
  let size = 0
  for (const text of texts) size += text === null ? 0 : Buffer.byteLength(text)
  const bytes = startArray(TEXT_OID, texts.length, size)
  let at = HEADER_BYTES
  for (const text of texts) {
    const length = text === null ? 0 : bytes.write(text, at + LENGTH_BYTES)
    bytes.writeInt32BE(text === null ? -1 : length, at)
    at += LENGTH_BYTES + length
  }
  return bytes
}

/** Whole 32-bit numbers in PostgreSQL's binary form of `integer[]`. */
export function integerArray(numbers: readonly (number | null)[]): Buffer {
  return numberArray(numbers, INTEGER_OID, 4, (bytes, number, at) => bytes.writeInt32BE(number, at))
}

/** Safe whole numbers in PostgreSQL's binary form of `bigint[]`. */
function bigintArray(numbers: readonly (number | null)[]): Buffer {
  return numberArray(numbers, BIGINT_OID, 8, (bytes, number, at) => {
    bytes.writeInt32BE(Math.floor(number / 2 ** 32), at)
    bytes.writeUInt32BE(number >>> 0, at + 4)
  })
}

function numberArray(
  numbers: readonly (number | null)[],
  oid: number,
  width: number,
  write: (bytes: Buffer, number: number, at: number) => void,
): Buffer {
  const given = numbers.reduce<number>((count, number) => (number === null ? count : count + 1), 0)
  const bytes = startArray(oid, numbers.length, given * width)
  let at = HEADER_BYTES
  for (const number of numbers) {
    at = bytes.writeInt32BE(number === null ? -1 : width, at)
    if (number === null) continue
    write(bytes, number, at)
    at += width
  }
  return bytes
}

function startArray(oid: number, length: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + length * LENGTH_BYTES + size)
  let at = 0
  for (const part of [1, 1, oid, length, 1]) at = bytes.writeInt32BE(part, at)
  return bytes
}

/** A value in the text form that PostgreSQL reads. */
function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return value
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return `{${value.map(quoted).join(',')}}`
  return typeof value === 'object' ? JSON.stringify(value) : `${value}`
}

function quoted(item: unknown): string {
  return `"${`${item}`.replace(/["\\]/g, '\\$&')}"`
}
