import { PermanentError } from '../../../errors.ts'
import { type Budget, spendBytes } from './budget.ts'
import type { Bytes } from './bytes.ts'
import { DamagedError } from './damage.ts'
import { optional } from './optional.ts'

/** Unpacks single files that were packed with zstd (RFC 8878), xz (https://tukaani.org/xz/xz-file-format.txt) or bzip2. */

/** Takes packed bytes piece by piece and gives what each piece unpacks to. */
interface Unpacker {
  add(piece: Uint8Array): Uint8Array[]
  /** @throws where the packed data breaks off. */
  end(): Uint8Array[]
}

/** A few bytes may unpack to a megabyte, all of it at once: pieces are small, so that a bomb is noticed early. */
const PIECE = 4 * 1024

/**
 * The decoder does not compare checksums, as Node's own would from Node 22.15 on: damage that leaves the structure whole shows
 * only in what was unpacked.
 * @throws PermanentError if the data is truncated or damaged, after giving out what came before.
 */
export async function* unzstd(bytes: Bytes, budget: Budget): AsyncGenerator<Uint8Array> {
  const { Decompress } = await optional('fzstd', 'a zstd file', () => import('fzstd'))
  yield* unpackedBy(zstdUnpacker(Decompress, budget), bytes, 'a zstd file')
}

/** @throws PermanentError if the data is truncated or damaged, after giving out what came before. */
export async function* unbzip2(bytes: Bytes, budget: Budget): AsyncGenerator<Uint8Array> {
  const decoder = await optional('unbzip2-stream', 'a bzip2 file', async () => ({
    bitIterator: (await import('unbzip2-stream/lib/bit_iterator.js')).default,
    bzip2: (await import('unbzip2-stream/lib/bzip2.js')).default,
  }))
  yield* unpackedBy(bzip2Unpacker(decoder, budget), bytes, 'a bzip2 file')
}

/** @throws PermanentError if the data is truncated or damaged, after giving out what came before. */
export async function* unxz(bytes: Bytes, budget: Budget): AsyncGenerator<Uint8Array> {
  const found = await optional('xz-decompress', 'an xz file', () => import('xz-decompress'))
  // Node gives a CommonJS package as the default; tsx, which runs TypeScript, gives its names alone.
  const xz = found.default ?? found
  let failure: { error: unknown } | undefined
  const pieces = (async function* () {
    try {
      yield* inPieces(bytes)
    } catch (error) {
      failure = { error }
      throw error
    }
  })()
  let length = 0
  try {
    const stream = new xz.XzReadableStream(ReadableStream.from(pieces)) as unknown as Bytes
    for await (const chunk of stream) {
      length += chunk.length
      spendBytes(budget, chunk.length)
      yield chunk
    }
  } catch (error) {
    if (failure !== undefined) throw failure.error
    throw unpackError(error, 'an xz file', length)
  }
}

async function* unpackedBy(unpacker: Unpacker, bytes: Bytes, what: string): AsyncGenerator<Uint8Array> {
  let length = 0
  const counted = (chunks: Uint8Array[]) => {
    for (const chunk of chunks) length += chunk.length
    return chunks
  }
  for await (const piece of inPieces(bytes)) yield* counted(attempt(() => unpacker.add(piece), what, length))
  yield* counted(attempt(() => unpacker.end(), what, length))
}

function attempt<T>(run: () => T, what: string, length: number): T {
  try {
    return run()
  } catch (error) {
    throw unpackError(error, what, length)
  }
}

async function* inPieces(bytes: Bytes): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length; at += PIECE) yield chunk.subarray(at, at + PIECE)
  }
}

function zstdUnpacker(Decompress: typeof import('fzstd').Decompress, budget: Budget): Unpacker {
  let found: Uint8Array[] = []
  const unpacker = new Decompress((chunk) => {
    spendBytes(budget, chunk.length)
    if (chunk.length > 0) found.push(chunk)
  })
  const push = (piece: Uint8Array, isLast: boolean) => {
    found = []
    unpacker.push(piece, isLast)
    return found
  }
  // The last piece is held back: only with it can be told whether the data is whole.
  let held: Uint8Array = new Uint8Array(0)
  return {
    add(piece) {
      const chunks = held.length === 0 ? [] : push(held, false)
      held = piece
      return chunks
    },
    end: () => push(held, true),
  }
}

interface Bzip2 {
  bitIterator: typeof import('unbzip2-stream/lib/bit_iterator.js').default
  bzip2: typeof import('unbzip2-stream/lib/bzip2.js').default
}

/** The most packed bytes that one block can take, and before it is known how large blocks are. */
const blockBytes = (size: number) => (size === 0 ? 4 : 25_000 + 100_000 * size)
const OUTPUT = 256 * 1024

/**
 * The package's own stream collects a block as a list of numbers, so that a bomb of 300 bytes takes two gigabytes. Its decoder
 * gives byte after byte.
 */
function bzip2Unpacker({ bitIterator, bzip2 }: Bzip2, budget: Budget): Unpacker {
  const pieces: Uint8Array[] = []
  let received = 0
  let blockSize = 0
  let checksum: number | null = null
  let bits: ReturnType<Bzip2['bitIterator']> | undefined
  const next = () => {
    const piece = pieces.shift()
    if (piece === undefined) throw new Error('truncated')
    return piece
  }
  /** Reads a header, a block, or the end of a stream; another stream may follow. */
  const step = (output: Output): void => {
    if (blockSize === 0) {
      blockSize = bzip2.header(bits!)
      checksum = 0
      return
    }
    const size = 100_000 * blockSize
    checksum = bzip2.decompress(bits!, output.add, new Int32Array(size), size, checksum!)
    if (checksum === null) blockSize = 0
  }
  const run = (isEnd: boolean): Uint8Array[] => {
    if (received === 0) return []
    const output = outputTo(budget)
    bits ??= bitIterator(next)
    const left = () => received - bits!.bytesRead
    while (isEnd ? left() > 0 : left() + 1 >= blockBytes(blockSize)) step(output)
    if (isEnd && checksum !== null) throw new Error('truncated')
    return output.taken()
  }
  return {
    add(piece) {
      pieces.push(piece)
      received += piece.length
      return run(false)
    },
    end: () => run(true),
  }
}

interface Output {
  add(byte: number): void
  taken(): Uint8Array[]
}

/** Collects bytes in chunks, each of which is counted. */
function outputTo(budget: Budget): Output {
  const found: Uint8Array[] = []
  let chunk = new Uint8Array(OUTPUT)
  let at = 0
  const finish = () => {
    spendBytes(budget, at)
    found.push(chunk.subarray(0, at))
    chunk = new Uint8Array(OUTPUT)
    at = 0
  }
  return {
    add(byte) {
      chunk[at] = byte
      at += 1
      if (at === OUTPUT) finish()
    },
    taken() {
      if (at > 0) finish()
      return found
    },
  }
}

function unpackError(error: unknown, what: string, length: number): unknown {
  if (error instanceof PermanentError) return error
  const message = error instanceof Error ? error.message : String(error)
  if (/unexpected (?:eof|end)|truncated|error code 8/i.test(message)) {
    return new PermanentError(
      `expected ${what}, whole, got one that breaks off after ${length} unpacked bytes; copy it again`,
    )
  }
  return new DamagedError(
    `expected ${what}, got damaged data after ${length} unpacked bytes (${message}); copy it again`,
  )
}
