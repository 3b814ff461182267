import { type NameOrder, namesIn, namesInFields } from '../../text/names/nameList.ts'
import { composeName } from '../../text/names/personName.ts'
import { type Fields, fieldsOf, MAX_NAMES, textOf } from './fields.ts'

/** Reads author names from the fields of feeds, archives and catalogues. Total: undefined if there is none. */

/** The names of a list in one string, see namesIn. */
export function splitNames(text: string | undefined, order?: NameOrder): string[] | undefined {
  return listed(namesIn(text ?? '', order))
}

/** Joins the parts of a name to "Given Family Suffix"; undefined if all are empty. */
export function fullName(family: unknown, given: unknown, suffix?: unknown): string | undefined {
  return textOf(composeName(textOf(family), textOf(given), textOf(suffix)))
}

/**
 * The authors of a record: a string, a list of strings, or a list of objects as in CSL, Crossref, DataCite, Zotero,
 * OpenAlex, Semantic Scholar and others; also such a list in one string, as JSON or as Python writes it.
 */
export function authorsOf(value: unknown): string[] | undefined {
  const list = typeof value === 'string' ? (writtenList(value) ?? value) : value
  if (typeof list === 'string') return splitNames(textOf(list))
  if (!Array.isArray(list)) return list === undefined || list === null ? undefined : authorsOf([list])
  const authors = authorsAmong(list.slice(0, MAX_NAMES))
  return listed(namesInFields(authors.flatMap((item) => personOf(item) ?? [])))
}

/** Leaves out editors and translators if the list distinguishes them from authors. */
function authorsAmong(items: unknown[]): unknown[] {
  const roles = items.map((item) => fieldsOf(item)?.creatorType)
  if (!roles.includes('author')) return items
  return items.filter((_, index) => textOf(roles[index]) === undefined || roles[index] === 'author')
}

const WHOLE = 'literal name fullname displayname authorname creatorname rawauthorname text'.split(' ')
const FAMILY = 'family familyname lastname last surname'.split(' ')
const GIVEN = 'given givenname givennames firstname first forename forenames'.split(' ')

/** The name of a person: a string, or an object with the name or its parts. */
function personOf(item: unknown): string | undefined {
  const fields = fieldsOf(item)
  if (fields === undefined) return textOf(item)
  const byName: Fields = {}
  for (const [key, value] of Object.entries(fields))
    byName[key.toLowerCase().replace(/[^a-z]/g, '')] ??= value
  const read = (names: string[]) => names.flatMap((name) => textOf(byName[name]) ?? [])[0]
  const family = [byName.nondroppingparticle, read(FAMILY)].flatMap((part) => textOf(part) ?? []).join(' ')
  const given = [read(GIVEN), byName.droppingparticle].flatMap((part) => textOf(part) ?? []).join(' ')
  if (family !== '') return fullName(family, given, byName.suffix)
  return (
    read(WHOLE) ??
    (fieldsOf(byName.author) ? personOf(byName.author) : textOf(byName.author)) ??
    textOf(given)
  )
}

/** `["Ada", "Bo"]`, `['Ann', "O'Hara"]` or `[{"name": "Ada"}]` in one string. */
function writtenList(text: string): unknown[] | undefined {
  if (!/^\s*\[.*\]\s*$/s.test(text)) return undefined
  try {
    const list: unknown = JSON.parse(text)
    if (Array.isArray(list)) return list
  } catch {
    // Python's quotes are not JSON's.
  }
  return quotedTexts(text)
}

/** The quoted texts in a list as Python or JSON writes it: `['Ann', "O'Hara"]`. */
export function quotedTexts(text: string): string[] {
  const quoted = text.matchAll(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/g)
  return [...quoted].map(([, single, double]) => (single ?? double)!.replace(/\\(['"\\])/g, '$1'))
}

function listed(names: string[]): string[] | undefined {
  const texts = names.flatMap((name) => textOf(name) ?? [])
  return texts.length === 0 ? undefined : texts.slice(0, MAX_NAMES)
}
