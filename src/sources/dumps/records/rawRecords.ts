import { isUtf8 } from 'node:buffer'
import { invalidOffset } from '../../reading/decode.ts'
import { shown } from '../../reading/fields.ts'
import { readJson } from '../../reading/json.ts'

/** A record of a stream before it is parsed as JSON. */
export interface RawRecord {
  /** Its bytes; empty if they were too many to keep. */
  bytes: Buffer
  /** How many bytes it has. */
  length: number
  /** 1 for the first line or record. */
  number: number
  /** The offset of its first byte in the stream. */
  offset: number
}

const MEGABYTE = 1024 * 1024
/** A paper with 5,000 authors has 0.5 MB. A longer record is skipped. */
export const MOST_RECORD_BYTES = 16 * MEGABYTE

/** The JSON value of a record, or the error in words. */
export function readRecord(record: RawRecord): { value?: unknown; fault?: string } {
  const { bytes, length, offset } = record
  if (length > MOST_RECORD_BYTES) {
    return { fault: `expected a record of at most 16 MB, got ${Math.round(length / MEGABYTE)} MB` }
  }
  if (!isUtf8(bytes)) {
    return { fault: `expected UTF-8 text, got an invalid byte at offset ${offset + invalidOffset(bytes)}` }
  }
  const text = bytes.toString('utf8')
  const result = readJson(text)
  if (result.fault === undefined) return result
  const nul = bytes.indexOf(0)
  if (nul !== -1) return { fault: `expected text, got a NUL character at offset ${offset + nul}` }
  return { fault: `expected a JSON record, got ${result.fault} in ${shown(text.slice(0, 1000))}` }
}
