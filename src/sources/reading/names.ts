import { type NameOrder, namesIn, namesInFields } from '../../text/names/nameList.ts'
import { composeName } from '../../text/names/personName.ts'
import { type Fields, fieldsOf, MAX_NAMES, textOf } from './fields.ts'
import { markupLines, mayHoldMarkup } from './markup.ts'
import { quotedTexts, writtenValue } from './writtenValue.ts'

/** Reads author names from the fields of feeds, archives and catalogues. Total: undefined if there is none. */

/** The names of a list in one string, see namesIn. */
export function splitNames(text: string | undefined, order?: NameOrder): string[] | undefined {
  return listed(namesIn(text ?? '', order))
}

/** Joins the parts of a name to "Given Family Suffix"; undefined if all are empty. */
export function fullName(family: unknown, given: unknown, suffix?: unknown): string | undefined {
  return textOf(composeName(textOf(family), textOf(given), textOf(suffix)))
}

/** "Ada Lovelace", "C. J. van Babbage": most names, of which nothing is to be taken apart. */
const PLAIN = /^(?!Dr\b|Prof\b)[A-Z][A-Za-z'-]*\.?(?: [A-Za-z][A-Za-z'-]*\.?)+$/

/**
 * The authors of a record: a string, a list of strings, or a list of objects as in CSL, Crossref, DataCite, Zotero,
 * OpenAlex, Semantic Scholar and others; also such a list in one string, as JSON or as Python writes it.
 */
export function authorsOf(value: unknown): string[] | undefined {
  if (isPlainList(value)) return value
  const list = typeof value === 'string' ? writtenList(value) : listIn(value)
  if (typeof list === 'string') return splitNames(textOf(list))
  if (!Array.isArray(list)) return list === undefined || list === null ? undefined : authorsOf([list])
  const authors = authorsAmong(list.slice(0, MAX_NAMES))
  return listed(namesInFields(authors.flatMap((item) => personOf(item) ?? [])))
}

function isPlainList(value: unknown): value is string[] {
  if (!Array.isArray(value) || value.length < 2 || value.length > MAX_NAMES) return false
  return value.every((name) => typeof name === 'string' && PLAIN.test(name) && !name.endsWith('al.'))
}

/** A list in one text; or the text itself, without markup, with a separator where each line is a name. */
function writtenList(text: string): unknown {
  const value = writtenValue(text)
  if (Array.isArray(value) || fieldsOf(value) !== undefined) return value
  if (/^\s*\[.*\]\s*$/s.test(text)) return quotedTexts(text)
  const lines = mayHoldMarkup(text) ? markupLines(text.replace(ADDRESS, '')) : text.split('\n')
  const areNames = lines.every((line) => !/[,;，、]|\s(?:and|&)\s/.test(line))
  return lines.join(areNames ? '; ' : ' ')
}

/** "Ada Lovelace <ada@example.org>" is no markup. */
const ADDRESS = /<[^<>\s@]{1,100}@[^<>\s@]{1,100}>/g

/** `{author: […]}`, `{names: […]}`, `{"0": …, "1": …}`: the list in it. */
function listIn(value: unknown): unknown {
  const fields = fieldsOf(value)
  if (fields === undefined) return value
  const list = fields.author ?? fields.authors ?? fields.name ?? fields.names
  if (Array.isArray(list)) return list
  const names = Object.keys(fields)
  return names.length > 0 && names.every((name) => /^\d+$/.test(name)) ? Object.values(fields) : value
}

/** Leaves out editors and translators if the list distinguishes them from authors. */
function authorsAmong(items: unknown[]): unknown[] {
  const roles = items.map((item) => fieldsOf(item)?.creatorType)
  if (!roles.includes('author')) return items
  return items.filter((_, index) => textOf(roles[index]) === undefined || roles[index] === 'author')
}

const WHOLE =
  'literal name fullname displayname authorname creatorname rawauthorname rawname preferredname text value collab collectivename label'.split(
    ' ',
  )
const FAMILY = 'family familyname lastname last lname surname'.split(' ')
const GIVEN = 'given givenname givennames firstname first fname forename forenames'.split(' ')
const MIDDLE = 'middle middlename middlenames'.split(' ')
/** Objects around a person. */
const INNER = 'author person user contributor creator'.split(' ')

/** The name of a person: a string, an object with the name or its parts, or the parts in arXiv's order. */
function personOf(item: unknown): string | undefined {
  if (Array.isArray(item)) return item.length < 3 ? undefined : fullName(item[0], item[1], item[2])
  const fields = fieldsOf(item)
  if (fields === undefined) return textOf(item)
  const byName: Fields = {}
  for (const [key, value] of Object.entries(fields))
    byName[key.toLowerCase().replace(/[^a-z]/g, '')] ??= value
  const read = (names: string[]) => names.flatMap((name) => joined(byName[name]) ?? [])[0]
  const family = spaced(textOf(byName.nondroppingparticle), read(FAMILY))
  const given = spaced(read(GIVEN) ?? textOf(byName.initials), read(MIDDLE), textOf(byName.droppingparticle))
  if (family !== '') return fullName(family, given, byName.suffix)
  const inner = INNER.find((name) => fieldsOf(byName[name]) !== undefined)
  return (
    read(WHOLE) ?? (inner === undefined ? textOf(byName.author) : personOf(byName[inner])) ?? textOf(given)
  )
}

/** Given names may be a list. */
function joined(value: unknown): string | undefined {
  return textOf(Array.isArray(value) ? value.filter((part) => typeof part === 'string').join(' ') : value)
}

function spaced(...parts: (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(' ')
}

function listed(names: string[]): string[] | undefined {
  const texts = names.flatMap((name) => textOf(name) ?? [])
  return texts.length === 0 ? undefined : texts.slice(0, MAX_NAMES)
}
