import { fieldsOf } from './fields.ts'

/** How often fields that no format reads were filled, by name. */
export type IgnoredFields = Map<string, number>

/** More names than this are not field names but data in their place. */
const MOST_NAMES = 1_000

/** Counts the filled fields of a record whose names are not in `read`. */
export function countIgnored(ignored: IgnoredFields, record: unknown, read: ReadonlySet<string>): void {
  const fields = fieldsOf(record)
  for (const name in fields) {
    if (!read.has(name) && !isEmpty(fields[name])) countField(ignored, name)
  }
}

/** Counts one field that is not read. */
export function countField(ignored: IgnoredFields, name: string): void {
  const count = ignored.get(name)
  if (count !== undefined) ignored.set(name, count + 1)
  else if (ignored.size < MOST_NAMES) ignored.set(name, 1)
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
}
