import { fieldsOf } from './fields.ts'

/** How often fields that nobody reads came filled, by their names. */
export type IgnoredFields = Map<string, number>

/** More names than this are no names of fields, but data in the place of names. */
const MOST_NAMES = 1_000

/** Counts the filled fields of a record whose names are not among those that are read. */
export function countIgnored(ignored: IgnoredFields, record: unknown, read: ReadonlySet<string>): void {
  const fields = fieldsOf(record)
  for (const name in fields) {
    if (read.has(name) || isEmpty(fields[name])) continue
    const count = ignored.get(name)
    if (count !== undefined) ignored.set(name, count + 1)
    else if (ignored.size < MOST_NAMES) ignored.set(name, 1)
  }
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
}
