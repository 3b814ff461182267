import { PermanentError } from '../../../errors.ts'
import { asBuffer, type Bytes } from '../containers/bytes.ts'
import { MOST_RECORD_BYTES, type RawRecord } from './rawRecords.ts'

/**
 * The elements of one big JSON list, found by their brackets alone (RFC 8259 §2: outside of strings, brackets have no
 * other meaning). Each chunk of the stream gives the elements that end in it. The JSON parser judges each element later,
 * so one bad element is one reject. An element that is too long is counted and not kept.
 * @throws PermanentError if the list does not begin or end. The elements before the fault are given out first.
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

/** Goes through a chunk of the list, byte by byte; gives the elements that end in it. */
function scanChunk(scan: Scan, chunk: Buffer): RawRecord[] {
  const found: RawRecord[] = []
  let from = 0
  for (let at = 0; at < chunk.length; at += 1) {
    const byte = chunk[at]!
    if (scan.inString) at = skipString(scan, chunk, at)
    else if (scan.stage !== 'inside') openList(scan, byte, at)
    else if (scan.depth === 0 && isEnd(byte)) found.push(...end(scan, byte, chunk.subarray(from, at)))
    else {
      if (scan.begun === undefined && !isSpace(byte)) from = begin(scan, at)
      enter(scan, byte)
    }
  }
  if (scan.begun !== undefined) keep(scan, chunk.subarray(from))
  scan.position += chunk.length
  return found
}

/** White space between tokens. */
function isSpace(byte: number): boolean {
  return byte === 32 || (byte >= 9 && byte <= 13)
}

/** Outside of an element, these end the one before them. */
function isEnd(byte: number): boolean {
  return byte === COMMA || byte === CLOSE_LIST
}

/** Gives the offset of the quotation mark that ends the string, or the end of the chunk where the string goes on. */
function skipString(scan: Scan, chunk: Buffer, from: number): number {
  for (let at = from; at < chunk.length; at += 1) {
    const byte = chunk[at]!
    if (scan.escaped) scan.escaped = false
    else if (byte === BACKSLASH) scan.escaped = true
    else if (byte === QUOTE) {
      scan.inString = false
      return at
    }
  }
  return chunk.length
}

/** Notes a string or a level that a byte of an element opens or closes. */
function enter(scan: Scan, byte: number): void {
  if (byte === QUOTE) scan.inString = true
  else if (byte === OPEN_OBJECT || byte === OPEN_LIST) scan.depth += 1
  else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) scan.depth -= 1
}

/** Anything but the bracket that opens the list, or anything behind the one that closes it, is not a list. */
function openList(scan: Scan, byte: number, at: number): void {
  if (isSpace(byte)) return
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

/** Begins an element; gives its offset in the chunk. */
function begin(scan: Scan, at: number): number {
  scan.number += 1
  scan.begun = { bytes: Buffer.alloc(0), length: 0, number: scan.number, offset: scan.position + at }
  return at
}

function keep(scan: Scan, piece: Buffer): void {
  scan.begun!.length += piece.length
  if (scan.begun!.length > MOST_RECORD_BYTES) scan.pieces = []
  else scan.pieces.push(piece)
}

/** Ends the element before a comma or before the end of the list, if there is one. */
function end(scan: Scan, byte: number, piece: Buffer): RawRecord[] {
  if (byte === CLOSE_LIST) scan.stage = 'ended'
  if (scan.begun === undefined) return []
  keep(scan, piece)
  const bytes = scan.pieces.length === 1 ? scan.pieces[0]! : Buffer.concat(scan.pieces)
  const record = { ...scan.begun, bytes }
  scan.begun = undefined
  scan.pieces = []
  return [record]
}
