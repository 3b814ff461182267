import type { Entry, Reject } from '../../../domain.ts'
import { publication, writtenDay } from '../../reading/dates/dates.ts'
import { type Fields, fieldsOf, linkOf, shown } from '../../reading/fields.ts'
import { authorsOf } from '../../reading/names.ts'
import { arxivIdsIn, arxivUrl, paperDoi, repairedArxivId } from '../../reading/paperIds.ts'
import { acceptedVenue, venueOf } from '../../reading/prose/acceptance.ts'
import type { RecordFormat } from '../../reading/recordFormat.ts'
import { type Columns, chooseColumns, columnOf, valuesOf } from './columns.ts'
import { abstractOf, idsIn, linksIn, listOf, numberOf, textIn } from './values.ts'
import { unwrapped } from './wrapped.ts'

/** Records with columns of any names: a row of CSV, or a JSON object. */
export const TABLE = 'table'

/** Makes the format of records with these columns. */
export function tableFormat(columns: Columns): RecordFormat {
  return {
    name: TABLE,
    reads: topNames(columns),
    detect: (record) => columnOf(fieldsOf(unwrapped(record)) ?? {}, columns.title) !== undefined,
    parse: (record, where) => parseTableRecord(unwrapped(record), where, columns),
  }
}

/** Fields that say what a record is, and where it is at home. */
const LOOKED_AT = ['itemType', 'Item Type', 'forum']

/** The names of a record's own fields that columns read; for a field inside an object, the object's name. */
export function topNames(columns: Columns): Set<string> {
  const names = [...Object.values(columns).flat(), ...LOOKED_AT]
  return new Set(names.flatMap((name) => [name, name.split('.', 1)[0]!]))
}

/** Finds the format of records like these by the names of their columns; undefined if none can be a title. */
export function tableFormatOf(samples: unknown[], named?: Columns): RecordFormat | undefined {
  const names = new Set(samples.flatMap((sample) => Object.keys(fieldsOf(unwrapped(sample)) ?? {})))
  const columns = chooseColumns([...names], named)
  return columns && tableFormat(columns)
}

/** One record by the names of its own fields. `where` names it in a reject. */
export function parseAnyRecord(value: unknown, where: string): Entry | Reject {
  const record = fieldsOf(unwrapped(value))
  if (record === undefined) return { where, reason: `expected a record with columns, got ${shown(value)}` }
  const columns = chooseColumns(Object.keys(record))
  if (columns === undefined) return { where, reason: 'expected a title, got a record without one' }
  return parseTableRecord(record, where, columns)
}

function parseTableRecord(value: unknown, where: string, columns: Columns): Entry | Reject {
  const record = fieldsOf(value)
  if (record === undefined) return { where, reason: `expected a record with columns, got ${shown(value)}` }
  const read = (field: keyof Columns) => columnOf(record, columns[field])
  const title = valuesOf(record, columns.title).flatMap((one) => textIn(one) ?? [])[0]
  if (title === undefined) {
    const named = columns.title!.map((column) => JSON.stringify(column)).join(' or ')
    return { where, reason: `expected a title in ${named}, got ${shown(read('title'))}` }
  }
  const kind = record.itemType ?? record['Item Type']
  if (typeof kind === 'string' && NO_PAPERS.test(kind))
    return { where, reason: `expected a paper, got a library's ${kind}` }
  const links = valuesOf(record, columns.url).flatMap(linksIn)
  const stated = valuesOf(record, columns.doi).flatMap(idsIn)
  const ids = arxivIdsIn([idOf(record, columns.arxivId), ...stated, ...links])
  if (ids.length > 1) return { where, reason: `expected one arXiv id, got ${ids.slice(0, 3).join(' and ')}` }
  return {
    title,
    arxivId: ids[0],
    doi: paperDoi(stated, links),
    url: links[0] ?? (ids[0] === undefined ? undefined : arxivUrl(ids[0])),
    ...otherFields(record, columns),
  }
}

function otherFields(record: Fields, columns: Columns): Omit<Entry, 'title'> {
  const read = (field: keyof Columns) => columnOf(record, columns[field])
  return {
    abstract: valuesOf(record, columns.abstract).flatMap((value) => abstractOf(value) ?? [])[0],
    authors: authorsOf(authorList(read('authors'))),
    venue: venueIn(record, columns),
    categories: listOf(read('categories'), /[;,\s]+/),
    organization: textIn(read('organization')),
    codeUrl: linkOf(read('codeUrl')),
    projectUrl: linkOf(read('projectUrl')),
    thumbnailUrl: linkOf(read('thumbnailUrl')),
    aiSummary: textIn(read('aiSummary')),
    keywords: listOf(read('keywords'), /[;,]+/),
    ...datesOf(record, columns),
    upvotes: numberOf(read('upvotes')),
    comments: numberOf(read('comments')),
    stars: numberOf(read('stars')),
  }
}

/** A venue that is named; else where a comment says that the paper was accepted. */
function venueIn(record: Fields, columns: Columns): string | undefined {
  const named = valuesOf(record, columns.venue).flatMap((value) => venueOf(textIn(placeOf(value))) ?? [])[0]
  return named ?? valuesOf(record, columns.comments).flatMap((value) => acceptedVenue(textIn(value)) ?? [])[0]
}

/** OpenAlex says in a location where a paper appeared: in a journal, or only in a repository, which is no venue. */
function placeOf(value: unknown): unknown {
  const source = fieldsOf(fieldsOf(value)?.source)
  if (source === undefined) return fieldsOf(value)?.landing_page_url === undefined ? value : undefined
  return source.type === 'repository' ? undefined : source
}

/** `{value: [name, …]}` of OpenReview, `{author: [{text}, …]}` of DBLP: the list itself. */
function authorList(value: unknown): unknown {
  const fields = fieldsOf(value)
  const list = fields?.value ?? (fields?.author === undefined ? value : [fields.author].flat())
  return Array.isArray(list) ? list.map(bareName) : list
}

/** DBLP numbers people of one name ("Ada Example 0001"); Python shows an object with its class. */
function bareName(item: unknown): unknown {
  const text = fieldsOf(item)?.text ?? item
  if (typeof text !== 'string') return item
  // Most names end in a letter.
  if (!/[\d)]$/.test(text)) return text
  return (
    /^[\w.]{0,40}\bAuthor\((?:name=)?['"](.{1,200})['"]\)$/.exec(text)?.[1] ?? text.replace(/\s\d{4}$/, '')
  )
}

/** Items of a library that hang on a paper and are none. */
const NO_PAPERS = /^(?:attachment|note|annotation|webpage attachment)$/i

/** An unreadable day of listing is reported as an unread date if there is no date of publication. */
function datesOf(record: Fields, columns: Columns): Partial<Entry> {
  const published = publication(...valuesOf(record, columns.publishedAt))
  const listed = valuesOf(record, columns.listedOn)
  const [listedOn] = listed.flatMap((value) => writtenDay(value) ?? [])
  const isUnread = listedOn === undefined && published.publishedAt === undefined
  return { ...(isUnread && publication(...listed)), ...published, listedOn }
}

/** A column named `id` may hold row numbers, so anything but an arXiv id in it is ignored. */
function idOf(record: Fields, columns: string[] | undefined): string | undefined {
  const ids = valuesOf(record, columns).flatMap(idsIn)
  return ids.flatMap((id) => repairedArxivId(id) ?? [])[0]
}
