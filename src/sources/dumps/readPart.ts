import type { Entry, Reject } from '../../domain.ts'
import { PermanentError } from '../../errors.ts'
import { parseTextRecord, type TextFormat } from '../formats/libraries/textRecords.ts'
import { TABLE } from '../formats/table/tableRecord.ts'
import { unwrapped } from '../formats/table/wrapped.ts'
import { countIgnored, type IgnoredFields } from '../reading/ignoredFields.ts'
import type { RecordFormat } from '../reading/recordFormat.ts'
import { type Batch, batchesOf } from './batch.ts'
import { type Bytes, peek } from './containers/bytes.ts'
import { foreignKind } from './containers/containerKind.ts'
import { withoutDamaged } from './containers/damage.ts'
import { kindOf, type Wanted } from './dumpKind.ts'
import { readMail, readPage, readSavedPage } from './pages.ts'
import { HEAD_BYTES, type Part } from './parts.ts'
import { elementsOf } from './records/elements.ts'
import { isBlank, linesOf } from './records/lines.ts'
import { type RawRecord, readRecord } from './records/rawRecords.ts'
import { type Row, rowsOf } from './records/rows.ts'
import { textPiecesOf } from './records/textPieces.ts'
import { asUtf8, checkedText } from './records/utf8.ts'
import { warcBatches } from './warcPages.ts'

/**
 * Reads a part of a dump in batches that are stored one by one. Memory does not grow with the part. The first `skip`
 * records are skipped, because an earlier run stored them.
 * @throws PermanentError if the part, or its rest, cannot be read. The batches before remain.
 */
export function readPart(part: Part, wanted: Wanted, skip: number): AsyncGenerator<Batch> {
  return withoutDamaged(batchesIn(part, wanted, skip))
}

async function* batchesIn(part: Part, wanted: Wanted, skip: number): AsyncGenerator<Batch> {
  const { head, isWhole, bytes } = await peek(part.bytes, HEAD_BYTES)
  const foreign = foreignKind(head)
  if (foreign !== undefined) {
    throw new PermanentError(`expected a page or dump, got ${foreign}; unpack or convert it first`)
  }
  const found = kindOf(head, isWhole, wanted)
  if (found.kind === 'page') yield* readPage(bytes, wanted, skip, part.size)
  else if (found.kind === 'saved page') yield* readSavedPage(bytes, skip)
  else if (found.kind === 'mail') yield* readMail(bytes, wanted, skip)
  else if (found.kind === 'web archive') yield* warcBatches(bytes, skip)
  else if (found.kind === 'texts') yield* readTexts(checkedText(bytes, head), found.format, skip)
  else if (found.kind === 'rows') yield* readRows(checkedText(bytes, head), found, skip)
  else yield* readJsonRecords(asUtf8(bytes, head), found, part.isTable === true, skip)
}

function readJsonRecords(
  bytes: Bytes,
  { kind, format }: { kind: 'lines' | 'list'; format: RecordFormat },
  isTable: boolean,
  skip: number,
): AsyncGenerator<Batch> {
  const bytesOf = (raw: RawRecord) => raw.bytes
  if (kind === 'list') {
    const read = (raw: RawRecord, ignored: IgnoredFields) =>
      parseRaw(raw, `record ${raw.number} (byte ${raw.offset})`, format, ignored)
    return batchesOf(elementsOf(bytes), skip, { format: format.name, bytesOf, read })
  }
  const placeOf = ({ number, offset }: RawRecord) =>
    isTable ? `row ${number}` : `line ${number} (byte ${offset})`
  const read = (raw: RawRecord, ignored: IgnoredFields) =>
    isBlank(raw) ? undefined : parseRaw(raw, placeOf(raw), format, ignored)
  return batchesOf(linesOf(bytes), skip, { format: format.name, bytesOf, read })
}

function parseRaw(
  raw: RawRecord,
  where: string,
  format: RecordFormat,
  ignored: IgnoredFields,
): Entry | Reject {
  const { value, fault } = readRecord(raw)
  if (fault !== undefined) return { where, reason: fault }
  countIgnored(ignored, format.name === TABLE ? unwrapped(value) : value, format.reads)
  return format.parse(value, where)
}

function readTexts(text: Bytes, format: TextFormat, skip: number): AsyncGenerator<Batch> {
  const read = format.reader()
  return batchesOf(textPiecesOf(text, format.begins), skip, {
    format: format.name,
    bytesOf: (piece) => piece.text,
    read: (piece, ignored) => parseTextRecord(read, piece, ignored),
  })
}

interface Table {
  format: RecordFormat
  delimiter: string
  names: string[]
}

function readRows(text: Bytes, table: Table, skip: number): AsyncGenerator<Batch> {
  const { format, delimiter, names } = table
  // The same cells under other column names are other papers.
  const bytesOf = ({ cells }: Row) => JSON.stringify([names, cells])
  return batchesOf(rowsOf(text, delimiter), skip, {
    format: format.name,
    bytesOf,
    read: (row, ignored) => readRow(row, table, ignored),
  })
}

function readRow(
  { cells, line, isDamaged }: Row,
  { format, names }: Table,
  ignored: IgnoredFields,
): Entry | Reject | undefined {
  // Tables that were concatenated repeat the header.
  if (line === 1 || isHeader(cells, names)) return undefined
  const where = `line ${line}`
  if (isDamaged) return { where, reason: 'expected a cell that ends with its closing quote, got more' }
  // If a delimiter is missing or surplus, every following cell belongs to another column.
  const surplus = cells.slice(names.length).some((cell) => cell !== '')
  if (surplus || cells.length < names.length)
    return { where, reason: `expected ${names.length} columns, got ${cells.length}` }
  const record = Object.fromEntries(names.map((name, index) => [name, cells[index]]))
  countIgnored(ignored, record, format.reads)
  return format.parse(record, where)
}

function isHeader(cells: string[], names: string[]): boolean {
  return cells.length === names.length && cells.every((cell, index) => cell.trim() === names[index])
}
