import { asBuffer, type Bytes } from '../containers/bytes.ts'
import { MOST_RECORD_BYTES, type RawRecord } from './rawRecords.ts'

const LINE_FEED = 10
const CARRIAGE_RETURN = 13
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf])

/** The lines of a stream, as many at a time as a chunk of it ends. A line that is too long is counted and not kept. */
export async function* linesOf(bytes: Bytes): AsyncGenerator<RawRecord[]> {
  let begun: RawRecord | undefined
  let pieces: Buffer[] = []
  let number = 0
  let position = 0
  for await (const part of bytes) {
    const chunk = asBuffer(part)
    const found: RawRecord[] = []
    for (let from = 0; from < chunk.length; ) {
      const end = chunk.indexOf(LINE_FEED, from)
      const piece = chunk.subarray(from, end === -1 ? chunk.length : end)
      begun ??= { bytes: piece, length: 0, number: ++number, offset: position + from }
      begun.length += piece.length
      if (begun.length > MOST_RECORD_BYTES) pieces = []
      else pieces.push(piece)
      from += piece.length + 1
      if (end === -1) continue
      found.push(finished(begun, pieces))
      begun = undefined
      pieces = []
    }
    position += chunk.length
    if (found.length > 0) yield found
  }
  if (begun !== undefined) yield [finished(begun, pieces)]
}

function finished(record: RawRecord, pieces: Buffer[]): RawRecord {
  let bytes = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)
  if (record.number === 1 && bytes.subarray(0, 3).equals(BYTE_ORDER_MARK)) bytes = bytes.subarray(3)
  if (bytes.at(-1) === CARRIAGE_RETURN) bytes = bytes.subarray(0, -1)
  return { ...record, bytes }
}

/** Whether a line holds nothing but white space. */
export function isBlank(line: RawRecord): boolean {
  return line.length < 1000 && line.bytes.every((byte) => byte === 32 || (byte >= 9 && byte <= 13))
}
