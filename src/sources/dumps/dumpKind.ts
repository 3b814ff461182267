import { PermanentError } from '../../errors.ts'
import { pageFormats } from '../formats/formats.ts'
import { hfDailyRecord } from '../formats/huggingface/dailyRecord.ts'
import { textFormats } from '../formats/libraries/textFormats.ts'
import type { TextFormat } from '../formats/libraries/textRecords.ts'
import { recordFormats } from '../formats/recordFormats.ts'
import { refusePage } from '../formats/refusal.ts'
import { type Columns, chooseColumns } from '../formats/table/columns.ts'
import { areContainers, isWholeList } from '../formats/table/nested.ts'
import { TABLE, tableFormat, tableFormatOf } from '../formats/table/tableRecord.ts'
import { fieldsOf } from '../reading/fields.ts'
import { readJson } from '../reading/json.ts'
import type { RecordFormat } from '../reading/recordFormat.ts'
import { firstElements } from './records/elements.ts'
import { headersOf, tableHeader } from './records/rows.ts'
import { headText } from './records/utf8.ts'
import { isEncodedMail } from './webArchives/mail.ts'
import { isMhtml } from './webArchives/mhtml.ts'

/** What a file contains, recognised by its first bytes: pages, which are read whole, or any number of records. */
export type DumpKind =
  | { kind: 'page' }
  | { kind: 'saved page' }
  | { kind: 'mail' }
  | { kind: 'web archive' }
  | { kind: 'texts'; format: TextFormat }
  | { kind: 'lines' | 'list'; format: RecordFormat }
  | { kind: 'rows'; format: RecordFormat; delimiter: string; names: string[] }

/** How a person wants a dump to be read. */
export interface Wanted {
  /** Name of a format of pages or records, `table`, or `auto`. */
  format: string
  /** Columns of a table, if their names do not say what they hold. */
  columns?: Columns
}

const everyRecordFormat: readonly RecordFormat[] = [...recordFormats, hfDailyRecord]
const SAMPLES = 20

/** Every name that `--format` may have. */
export function formatNames(): string[] {
  return [...new Set(['auto', ...[...pageFormats, ...everyRecordFormat].map(({ name }) => name), TABLE])]
}

/**
 * Recognises a file by its first bytes. Records of a known kind come before pages, and pages before tables with any
 * columns. Anything else counts as a page; its parser then says what it expected.
 */
export function kindOf(head: Buffer, isWhole: boolean, wanted: Wanted): DumpKind {
  const text = headText(head)
  const wrapped = wrappedKind(text)
  if (wrapped !== undefined) return wrapped
  if (wanted.format === TABLE || wanted.columns !== undefined)
    return recordsOf(text, isWhole, wanted) ?? noTable(text, wanted)
  const library = textFormats.find((format) =>
    wanted.format === 'auto' ? format.detect(text) : format.name === wanted.format,
  )
  if (library !== undefined) return { kind: 'texts', format: library }
  if (wanted.format !== 'auto') return namedKind(text, isWhole, wanted)
  const records = recordsOf(text, isWhole, wanted)
  const isKnown = records !== undefined && recordFormats.includes(records.format)
  if (records === undefined || isKnown || records.kind === 'rows') return records ?? { kind: 'page' }
  // Several objects, one a line, are not an answer, even if each looks like one.
  const isPage = !isSeveralLines(text, records.kind) && pageFormats.some((format) => format.detect(text))
  // A list of several megabytes is not an answer about one day but a collection of many.
  return isPage && (isWhole || records.format !== hfDailyRecord) ? { kind: 'page' } : records
}

/** What holds pages in a form of its own. */
function wrappedKind(text: string): DumpKind | undefined {
  if (/^WARC\/\d/.test(text)) return { kind: 'web archive' }
  if (isMhtml(text)) return { kind: 'saved page' }
  return isEncodedMail(text) ? { kind: 'mail' } : undefined
}

/**
 * A format that a person named is used without a check. One name may stand for a page and for a collection of its
 * items.
 */
function namedKind(text: string, isWhole: boolean, wanted: Wanted): DumpKind {
  const isRecord = everyRecordFormat.some(({ name }) => name === wanted.format)
  const isPage = pageFormats.some(({ name }) => name === wanted.format)
  if (!isRecord || (isPage && isWhole)) return { kind: 'page' }
  const records = recordsOf(text, isWhole, wanted)
  if (records !== undefined) return records
  throw refusePage(text, `${wanted.format} records as JSON lines, one JSON list or CSV`)
}

type Records = Extract<DumpKind, { format: RecordFormat }>

function recordsOf(text: string, isWhole: boolean, wanted: Wanted): Records | undefined {
  const start = text.trimStart()[0]
  if (start === '[') return inJson('list', elementSamples(text), wanted)
  // One object on many lines, some of which hold an object, is not JSON lines.
  if (start === '{' && isWhole && isOneOfManyLines(text)) return undefined
  if (start === '{') return inJson('lines', lineSamples(text, isWhole), wanted)
  return start === '<' ? undefined : inRows(text, wanted)
}

/** The first records that can be read. The very first may be a header instead of a record. */
function elementSamples(text: string): unknown[] {
  return firstElements(Buffer.from(text))
    .slice(0, SAMPLES)
    .flatMap(({ bytes }) => objectIn(bytes.toString()))
}

function lineSamples(text: string, isWhole: boolean): unknown[] {
  const lines = text
    .trimStart()
    .split('\n', SAMPLES + 1)
    .filter((line, index, all) => line.trim() !== '' && (isWhole || index < all.length - 1))
  return lines.flatMap(objectIn)
}

function isOneOfManyLines(text: string): boolean {
  return text.trim().includes('\n') && objectIn(text).length > 0
}

function isSeveralLines(text: string, kind: DumpKind['kind']): boolean {
  return kind === 'lines' && lineSamples(text, true).length > 1
}

function objectIn(text: string): unknown[] {
  const { value } = readJson(text)
  return fieldsOf(value) === undefined ? [] : [value]
}

function inJson(kind: 'lines' | 'list', samples: unknown[], wanted: Wanted): Records | undefined {
  if (samples.length === 0) return undefined
  const named = everyRecordFormat.find(({ name }) => name === wanted.format)
  const isTable = wanted.format === TABLE || wanted.columns !== undefined
  const known = isTable
    ? undefined
    : everyRecordFormat.find((format) => samples.some((sample) => format.detect(sample)))
  // Days or sections with papers in them are read whole, and the papers are found inside.
  const isList =
    areContainers(samples) || (kind === 'lines' && samples.length === 1 && isWholeList(samples[0]))
  if (!isTable && known === undefined && isList) return undefined
  const format = named ?? known ?? tableFormatOf(samples, wanted.columns)
  return format && { kind, format }
}

function inRows(text: string, wanted: Wanted): Records | undefined {
  for (const { delimiter, names } of headersOf(text)) {
    const columns = chooseColumns(names, wanted.columns)
    if (columns === undefined || missing(columns, wanted, names).length > 0) continue
    const named = everyRecordFormat.find(({ name }) => name === wanted.format)
    return { kind: 'rows', format: named ?? tableFormat(columns), delimiter, names }
  }
  return undefined
}

function missing(columns: Columns, wanted: Wanted, names: string[]): string[] {
  const named = Object.keys(wanted.columns ?? {}).flatMap((field) => columns[field as keyof Columns] ?? [])
  return named.filter((column) => !names.includes(column))
}

/** Whether a table with columns of these names lists papers: it has titles and something else of theirs. */
export function listsPapers(names: string[], wanted: Wanted): boolean {
  const columns = chooseColumns(names, wanted.columns)
  if (columns === undefined || missing(columns, wanted, names).length > 0) return false
  return wanted.columns !== undefined || Object.keys(columns).length > 1
}

/**
 * Explains how to name the columns of a table that is not recognised.
 * @throws PermanentError for rows, a list of objects, or several JSON lines. All other text is left to its parsers.
 */
export function refuseUnnamedTable(text: string): void {
  const start = text.trimStart()[0]
  const samples =
    start === '[' ? elementSamples(text) : start === '{' ? lineSamples(text, true).slice(0, SAMPLES) : []
  const isRecords = start === '[' ? samples.length > 0 : samples.length > 1
  const isRows = start !== '[' && start !== '{' && start !== '<'
  const names = isRecords ? Object.keys(fieldsOf(samples[0])!) : isRows ? tableHeader(text) : undefined
  if (names === undefined) return
  throw new PermanentError(
    `expected a paper listing, or a table with a column that is named as a title, got the columns ${quoted(names)}; say which holds the titles: --map title=COLUMN`,
  )
}

function quoted(names: string[]): string {
  if (names.length === 0) return 'none'
  return names
    .slice(0, 20)
    .map((name) => JSON.stringify(name.slice(0, 40)))
    .join(', ')
}

function noTable(text: string, wanted: Wanted): never {
  const names =
    headersOf(text)[0]?.names ??
    Object.keys(fieldsOf(lineSamples(text, true)[0] ?? elementSamples(text)[0]) ?? {})
  const asked = Object.values(wanted.columns ?? { title: ['title'] }).flat()
  throw new PermanentError(
    `expected a table (CSV, JSON or JSON lines) with the columns ${asked.map((name) => JSON.stringify(name)).join(', ')}, got the columns ${quoted(names)}; name the right ones with --map`,
  )
}
