import { PermanentError } from '../../errors.ts'
import { pageFormats, parsePage } from '../formats/formats.ts'
import { recordFormats } from '../formats/recordFormats.ts'
import { type FoundRecord, recordsIn } from '../formats/table/nested.ts'
import { tableFormatOf } from '../formats/table/tableRecord.ts'
import { decodePage } from '../reading/decode.ts'
import { countIgnored } from '../reading/ignoredFields.ts'
import { readJson } from '../reading/json.ts'
import { type Batch, batchesOf } from './batch.ts'
import { type Bytes, collect } from './containers/bytes.ts'
import { refuseUnnamedTable, type Wanted } from './dumpKind.ts'
import { mailText } from './webArchives/mail.ts'
import { parseMhtml } from './webArchives/mhtml.ts'

/** A page is read whole and is in memory several times. A larger file is hardly a listing. */
const MOST_BYTES = 64 * 1024 * 1024

/** A page, answer or text dump; or a JSON object with a list of papers somewhere in it. */
export async function* readPage(
  bytes: Bytes,
  wanted: Wanted,
  skip: number,
  size: number | undefined,
): AsyncGenerator<Batch> {
  const body = await collectPage(bytes, size)
  if (skip > 0) return
  const text = decodePage(body)
  const isKnown = wanted.format !== 'auto' || pageFormats.some((format) => format.detect(text))
  const nested = isKnown ? undefined : nestedRecords(text)
  if (!isKnown && nested === undefined) refuseUnnamedTable(text)
  if (nested === undefined) yield { kind: 'page', listing: parsePage(text, wanted.format), body, done: 1 }
  else yield* nested
}

/** A page as a browser saves it with all its parts (MHTML). */
export async function* readSavedPage(bytes: Bytes, skip: number): AsyncGenerator<Batch> {
  const saved = await parseMhtml(await collectPage(bytes, undefined))
  if (skip > 0) return
  const { address, savedAt, html } = saved
  const listing = parsePage(decodePage(Buffer.from(html)), 'auto')
  const captured = address && savedAt ? { address, at: savedAt } : undefined
  yield {
    kind: 'page',
    listing,
    body: Buffer.from(html),
    contentType: 'text/html; charset=utf-8',
    captured,
    done: 1,
  }
}

/** A mail in quoted-printable or base64, or of several parts: its text is read as if it had come alone. */
export async function* readMail(bytes: Bytes, wanted: Wanted, skip: number): AsyncGenerator<Batch> {
  const text = await mailText(await collectPage(bytes, undefined))
  if (skip > 0) return
  yield { kind: 'page', listing: parsePage(text, wanted.format), body: Buffer.from(text), done: 1 }
}

async function collectPage(bytes: Bytes, size: number | undefined): Promise<Buffer> {
  const isTooLarge = size !== undefined && size > MOST_BYTES
  const body = isTooLarge ? undefined : await collect(bytes, MOST_BYTES)
  if (body !== undefined) return body
  const came = size === undefined ? 'a larger one' : `${Math.round(size / 1024 / 1024)} MB`
  throw new PermanentError(
    `expected a page of at most ${MOST_BYTES / 1024 / 1024} MB, or records of a known kind (JSON lines, a JSON list, CSV), got ${came}; split it, or check that it is a listing`,
  )
}

/**
 * Finds records inside JSON, such as `{"2024-05-01": [{…}, …]}` or `{"data": {"papers": [{…}]}}`; undefined if there
 * are none.
 */
function nestedRecords(text: string): AsyncGenerator<Batch> | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined
  const records = recordsIn(jsonIn(text))
  const samples = records.slice(0, 20).map(({ record }) => record)
  const format =
    recordFormats.find(({ detect }) => samples.some((sample) => detect(sample))) ?? tableFormatOf(samples)
  if (format === undefined) return undefined
  return batchesOf(inChunks(records), 0, {
    format: format.name,
    bytesOf: ({ record }) => JSON.stringify(record),
    read: ({ record, where }, ignored) => {
      countIgnored(ignored, record, format.reads)
      return format.parse(record, where)
    },
  })
}

/** The value of JSON text, or the list of the values of JSON lines. */
function jsonIn(text: string): unknown {
  const whole = readJson(text)
  if (whole.fault === undefined || !text.trim().includes('\n')) return whole.value
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  return lines.map((line) => readJson(line).value)
}

async function* inChunks(records: FoundRecord[]): AsyncGenerator<FoundRecord[]> {
  yield records
}
