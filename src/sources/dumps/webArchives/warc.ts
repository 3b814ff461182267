import { PermanentError } from '../../../errors.ts'
import { instantOf } from '../../reading/fields.ts'
import type { Bytes } from '../containers/bytes.ts'
import { type ByteReader, readBytes } from './byteReader.ts'
import { parseFields, parseHttpAnswer } from './httpMessage.ts'

/** A record of a web archive (ISO 28500, https://iipc.github.io/warc-specifications). */
export interface WarcRecord {
  /** 1 for the first of the archive. */
  number: number
  /** The offset of its first byte, unpacked. */
  offset: number
  /** The decoded page of a server's answer; undefined for all other records. */
  page?: WarcPage
}

export interface WarcPage {
  address: string | undefined
  /** When it was fetched. */
  fetchedAt: Date | undefined
  contentType: string | undefined
  /** The body without HTTP's encodings; undefined if it is too large. */
  body: Buffer | undefined
}

const MOST_PAGE_BYTES = 64 * 1024 * 1024
const MOST_HEADER_BYTES = 1024 * 1024
const LINE_ENDS = [10, 13]
/** Types that a listing may have; images, styles and scripts are not looked at. */
const TEXT_TYPE = /^(?:text\/(?!css|javascript)|application\/(?:[\w.-]+\+)?(?:json|xml)\b)|^$/i

/**
 * The records of a web archive, in order. The first `skip` are only counted.
 * @throws PermanentError with the offset if the archive is truncated or damaged, after giving out the records before.
 */
export async function* warcRecords(bytes: Bytes, skip: number): AsyncGenerator<WarcRecord> {
  const reader = readBytes(bytes)
  for (let number = 1; ; number += 1) {
    await reader.skipAny(LINE_ENDS)
    const offset = reader.position()
    const header = await readHeader(reader, offset)
    if (header === undefined) return
    const length = Number(header.get('content-length'))
    const isWanted = number > skip && /^(?:response|resource)$/i.test(header.get('warc-type') ?? '')
    const block = await reader.take(length, isWanted ? MOST_PAGE_BYTES : 0)
    if (block.length < length) throw brokenOff(offset)
    yield isWanted ? { number, offset, page: await pageOf(header, block.bytes) } : { number, offset }
  }
}

/** The fields of the next record's header; undefined at the end of the archive. */
async function readHeader(reader: ByteReader, offset: number): Promise<Map<string, string> | undefined> {
  const head = await reader.until('\r\n\r\n', MOST_HEADER_BYTES)
  if (head === undefined) {
    const { length } = await reader.take(MOST_HEADER_BYTES, 0)
    if (length === 0) return undefined
    throw length < MOST_HEADER_BYTES ? brokenOff(offset) : damaged(offset)
  }
  const text = head.toString('utf8')
  const fields = parseFields(text)
  if (!/^WARC\/\d/.test(text) || !/^\d{1,15}$/.test(fields.get('content-length') ?? '')) throw damaged(offset)
  return fields
}

async function pageOf(header: Map<string, string>, block: Buffer | undefined): Promise<WarcPage | undefined> {
  const isResource = header.get('warc-type')!.toLowerCase() === 'resource'
  const answer = isResource
    ? { status: 200, contentType: header.get('content-type'), body: block }
    : await parseHttpAnswer(block ?? Buffer.alloc(0), MOST_PAGE_BYTES)
  if (answer?.status !== 200 || !TEXT_TYPE.test(answer.contentType ?? '')) return undefined
  return {
    // Some archivers put the address in brackets.
    address: header.get('warc-target-uri')?.replace(/^<(.*)>$/, '$1'),
    fetchedAt: instantOf(header.get('warc-date')),
    contentType: answer.contentType,
    body: answer.body,
  }
}

function brokenOff(offset: number): PermanentError {
  return new PermanentError(
    `expected a whole web archive (WARC), got one that breaks off inside of the record at byte ${offset}; copy it again`,
  )
}

function damaged(offset: number): PermanentError {
  return new PermanentError(
    `expected a record of a web archive (WARC), got damaged data at byte ${offset}; copy it again`,
  )
}
