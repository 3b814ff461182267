import { PermanentError } from '../../../errors.ts'
import { asBuffer, type Bytes } from '../containers/bytes.ts'
import { MOST_RECORD_BYTES, type RawRecord } from './rawRecords.ts'

/**
 * The elements of one big JSON list, found by their brackets alone (RFC 8259 §2: outside of strings these mean nothing
 * else), as many at a time as a chunk of the stream ends. What is inside is for the JSON parser to judge, so that one
 * bad element is one reject. An element that is too long is counted and not kept.
 * @throws PermanentError where the list does not begin or end; the elements before were given out.
 */
export async function* elementsOf(bytes: Bytes): AsyncGenerator<RawRecord[]> {
  const scan = newScan()
  for await (const part of bytes) {
    const found = scanChunk(scan, asBuffer(part))
    if (found.length > 0) yield found
  }
  if (scan.stage === 'ended') return
  const last = scan.begun === undefined ? '' : `, inside of record ${scan.number} (byte ${scan.begun.offset})`
  throw new PermanentError(
    `expected a whole JSON list, got one that breaks off at byte ${scan.position}${last}; copy it again`,
  )
}

/** The whole elements at the beginning of a list, for a look at what it holds. */
export function firstElements(head: Buffer): RawRecord[] {
  try {
    return scanChunk(newScan(), head)
  } catch {
    return []
  }
}

interface Scan {
  stage: 'before' | 'inside' | 'ended'
  depth: number
  inString: boolean
  escaped: boolean
  /** Elements begun so far. */
  number: number
  /** Bytes before the chunk that is scanned. */
  position: number
  begun: RawRecord | undefined
  pieces: Buffer[]
}

function newScan(): Scan {
  return {
    stage: 'before',
    depth: 0,
    inString: false,
    escaped: false,
    number: 0,
    position: 0,
    begun: undefined,
    pieces: [],
  }
}

const QUOTE = 34
const COMMA = 44
const OPEN_LIST = 91
const BACKSLASH = 92
const CLOSE_LIST = 93
const OPEN_OBJECT = 123
const CLOSE_OBJECT = 125

function scanChunk(scan: Scan, chunk: Buffer): RawRecord[] {
  const found: RawRecord[] = []
  let from = 0
  for (let at = 0; at < chunk.length; at += 1) {
    const byte = chunk[at]!
    if (scan.inString) {
      if (scan.escaped) scan.escaped = false
      else if (byte === BACKSLASH) scan.escaped = true
      else if (byte === QUOTE) scan.inString = false
    } else if (byte === 32 || (byte >= 9 && byte <= 13)) {
      // White space between tokens.
    } else if (scan.stage !== 'inside') {
      openList(scan, byte, at)
    } else if (scan.depth === 0 && (byte === COMMA || byte === CLOSE_LIST)) {
      if (scan.begun !== undefined) found.push(finish(scan, chunk.subarray(from, at)))
      if (byte === CLOSE_LIST) scan.stage = 'ended'
    } else {
      if (scan.begun === undefined) {
        from = at
        begin(scan, at)
      }
      if (byte === QUOTE) scan.inString = true
      else if (byte === OPEN_OBJECT || byte === OPEN_LIST) scan.depth += 1
      else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) scan.depth -= 1
    }
  }
  if (scan.begun !== undefined) keep(scan, chunk.subarray(from))
  scan.position += chunk.length
  return found
}

/** Anything but the bracket that opens the list, or anything behind the one that closes it, is not a list. */
function openList(scan: Scan, byte: number, at: number): void {
  // A byte-order mark may stand before all.
  if (scan.stage === 'before' && byte >= 0xbb && scan.position + at < 3) return
  if (scan.stage === 'ended' || byte !== OPEN_LIST) {
    const place = scan.stage === 'ended' ? 'behind the list' : 'before the list'
    throw new PermanentError(
      `expected one JSON list, got something ${place} at byte ${scan.position + at}; take it out, or save each list as a file`,
    )
  }
  scan.stage = 'inside'
}

function begin(scan: Scan, at: number): void {
  scan.number += 1
  scan.begun = { bytes: Buffer.alloc(0), length: 0, number: scan.number, offset: scan.position + at }
}

function keep(scan: Scan, piece: Buffer): void {
  scan.begun!.length += piece.length
  if (scan.begun!.length > MOST_RECORD_BYTES) scan.pieces = []
  else scan.pieces.push(piece)
}

function finish(scan: Scan, piece: Buffer): RawRecord {
  keep(scan, piece)
  const record = {
    ...scan.begun!,
    bytes: scan.pieces.length === 1 ? scan.pieces[0]! : Buffer.concat(scan.pieces),
  }
  scan.begun = undefined
  scan.pieces = []
  return record
}
