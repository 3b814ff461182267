import { parse } from 'csv-parse/sync'
import type { Entry, Reject } from '../domain.ts'
import { headersOf, LENIENT } from './dumps/records/rows.ts'
import { textFormats } from './formats/libraries/textFormats.ts'
import { readPieces } from './formats/libraries/textRecords.ts'
import { recordFormats } from './formats/recordFormats.ts'
import { chooseColumns } from './formats/table/columns.ts'
import { type FoundRecord, recordsIn } from './formats/table/nested.ts'
import { parseAnyRecord, TABLE } from './formats/table/tableRecord.ts'
import { fieldsOf } from './reading/fields.ts'
import { readJson } from './reading/json.ts'

/** What of a library's text was read, and what was not, each with its place: `line 12`, `record 3`. */
export interface LibraryReport {
  /** `bibtex`, `citation-tags`, `citation-xml`, `table` or a format of records. */
  format: string
  taken: { where: string; entry: Entry }[]
  left: Reject[]
}

/**
 * Reads a text that somebody pastes or uploads from their library: BibTeX, RIS, PubMed, EndNote, RefWorks, Web of Science,
 * MODS, Zotero (RDF, CSV, JSON), CSL-JSON and others, by the readers that replay dumps. The text is decoded and has LF as line
 * end. Of more than `most` records the others are left. Undefined for a text that is no library; it may be lines of ids or
 * prose. Never throws for what the text says.
 */
export function readLibrary(text: string, most: number): LibraryReport | undefined {
  const format = textFormats.find(({ detect }) => detect(text))
  if (format !== undefined) {
    const results = readPieces(format, text, new Map(), most)
    return reportOf(
      format.name,
      results.map(({ line, result }) => ({ where: `line ${line}`, result })),
    )
  }
  if (/^\s*[[{]/.test(text)) return inJson(text, most)
  return /^\s*</.test(text) ? undefined : inRows(text, most)
}

function reportOf(format: string, results: { where: string; result: Entry | Reject }[]): LibraryReport {
  return {
    format,
    taken: results.flatMap(({ where, result }) => ('reason' in result ? [] : { where, entry: result })),
    left: results.flatMap(({ result }) => ('reason' in result ? result : [])),
  }
}

/** Reads the first items; the others are told together. */
function upTo<Item>(
  most: number,
  items: Item[],
  read: (item: Item) => { where: string; result: Entry | Reject },
): { where: string; result: Entry | Reject }[] {
  const results = items.slice(0, most).map(read)
  if (items.length <= most) return results
  const where = `record ${most + 1} and after`
  return [
    ...results,
    { where, result: { where, reason: `expected at most ${most} records, got ${items.length}` } },
  ]
}

function inJson(text: string, most: number): LibraryReport | undefined {
  const records = recordsIn(jsonIn(text))
  if (records.length === 0) return undefined
  const format = recordFormats.find(({ detect }) => records.some(({ record }) => detect(record)))
  const read = ({ record, where }: FoundRecord) =>
    format?.parse(record, where) ?? parseAnyRecord(record, where)
  return reportOf(
    format?.name ?? TABLE,
    upTo(most, records, (found) => ({ where: found.where, result: read(found) })),
  )
}

/** The value of JSON text, or the list of the values of JSON lines. */
function jsonIn(text: string): unknown {
  const whole = readJson(text)
  if (whole.fault === undefined) return whole.value
  return text.split('\n').flatMap((line) => fieldsOf(readJson(line).value) ?? [])
}

interface InfoRow {
  record: string[]
  info: { lines: number }
}

/** Lines of prose have commas too: a table has a column of titles and another one that is known. */
function inRows(text: string, most: number): LibraryReport | undefined {
  const header = headersOf(text).find(({ names }) => Object.keys(chooseColumns(names) ?? {}).length > 1)
  if (header === undefined) return undefined
  const { delimiter, names } = header
  try {
    // With `info`, of which its types do not know.
    const rows = parse(text, { ...LENIENT, delimiter, from: 2, info: true }) as unknown as InfoRow[]
    return reportOf(
      TABLE,
      upTo(most, rows, ({ record, info }) => {
        const where = `line ${info.lines}`
        return { where, result: rowOf(record, names, where) }
      }),
    )
  } catch {
    return undefined
  }
}

function rowOf(cells: string[], names: string[], where: string): Entry | Reject {
  if (cells.length !== names.length)
    return { where, reason: `expected ${names.length} columns, got ${cells.length}` }
  return parseAnyRecord(Object.fromEntries(names.map((name, index) => [name, cells[index]])), where)
}
