import type { Entry, Reject } from '../../../domain.ts'
import { publication, writtenDay } from '../../reading/dates/dates.ts'
import { countOf, type Fields, fieldsOf, linkOf, namesOf, shown, textOf } from '../../reading/fields.ts'
import { authorsOf, quotedTexts } from '../../reading/names.ts'
import { arxivIdsIn, arxivUrl, paperDoi, repairedArxivId } from '../../reading/paperIds.ts'
import type { RecordFormat } from '../../reading/recordFormat.ts'
import { type Columns, chooseColumns, columnOf, valuesOf } from './columns.ts'

/** Records with columns of any names: a row of CSV, or a JSON object. */
export const TABLE = 'table'

/** Makes the format of records with these columns. */
export function tableFormat(columns: Columns): RecordFormat {
  return {
    name: TABLE,
    reads: topNames(columns),
    detect: (record) => columnOf(fieldsOf(record) ?? {}, columns.title) !== undefined,
    parse: (record, where) => parseTableRecord(record, where, columns),
  }
}

/** The names of a record's own fields that columns read; for a field inside an object, the object's name. */
function topNames(columns: Columns): Set<string> {
  const names = Object.values(columns).flat()
  return new Set(names.flatMap((name) => [name, name.split('.', 1)[0]!]))
}

/** Finds the format of records like these by the names of their columns; undefined if none can be a title. */
export function tableFormatOf(samples: unknown[], named?: Columns): RecordFormat | undefined {
  const names = new Set(samples.flatMap((sample) => Object.keys(fieldsOf(sample) ?? {})))
  const columns = chooseColumns([...names], named)
  return columns && tableFormat(columns)
}

function parseTableRecord(value: unknown, where: string, columns: Columns): Entry | Reject {
  const record = fieldsOf(value)
  if (record === undefined) return { where, reason: `expected a record with columns, got ${shown(value)}` }
  const read = (field: keyof Columns) => columnOf(record, columns[field])
  const title = textOf(read('title'))
  if (title === undefined) {
    const named = columns.title!.map((column) => JSON.stringify(column)).join(' or ')
    return { where, reason: `expected a title in ${named}, got ${shown(read('title'))}` }
  }
  const links = (columns.url ?? []).flatMap((column) => linkOf(record[column]) ?? [])
  const ids = arxivIdsIn([idOf(record, columns.arxivId), read('doi'), ...links])
  if (ids.length > 1) return { where, reason: `expected one arXiv id, got ${ids.slice(0, 3).join(' and ')}` }
  return {
    title,
    arxivId: ids[0],
    doi: paperDoi([read('doi')], links),
    url: links[0] ?? (ids[0] === undefined ? undefined : arxivUrl(ids[0])),
    ...otherFields(record, columns),
  }
}

function otherFields(record: Fields, columns: Columns): Omit<Entry, 'title'> {
  const read = (field: keyof Columns) => columnOf(record, columns[field])
  return {
    abstract: textOf(read('abstract')),
    authors: authorsOf(read('authors')),
    categories: listOf(read('categories'), /[;,\s]+/),
    organization: textOf(read('organization')) ?? textOf(fieldsOf(read('organization'))?.name),
    codeUrl: linkOf(read('codeUrl')),
    projectUrl: linkOf(read('projectUrl')),
    thumbnailUrl: linkOf(read('thumbnailUrl')),
    aiSummary: textOf(read('aiSummary')),
    keywords: listOf(read('keywords'), /[;,]+/),
    ...datesOf(record, columns),
    upvotes: numberOf(read('upvotes')),
    comments: numberOf(read('comments')),
    stars: numberOf(read('stars')),
  }
}

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
  return (columns ?? []).flatMap((column) => repairedArxivId(record[column]) ?? [])[0]
}

function listOf(value: unknown, separator: RegExp): string[] | undefined {
  const isList = typeof value === 'string' && /^\s*\[.*\]\s*$/s.test(value)
  return namesOf(isList ? quotedTexts(value) : typeof value === 'string' ? value.split(separator) : value)
}

function numberOf(value: unknown): number | undefined {
  return countOf(
    typeof value === 'string' && /^\s*[\d,]{1,13}\s*$/.test(value)
      ? Number(value.replaceAll(',', ''))
      : value,
  )
}
