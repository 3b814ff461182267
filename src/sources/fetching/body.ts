import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip } from 'node:zlib'
import { PermanentError, TemporaryError } from '../../errors.ts'

const MEGABYTE = 1024 * 1024
const MAX_RECEIVED = 20 * MEGABYTE
const MAX_DECOMPRESSED = 20 * MEGABYTE

/** The headers that describe an answer's body. */
export interface BodyHeaders {
  /** Content-Encoding. */
  encoding: string | undefined
  /** Content-Length. */
  length: string | undefined
}

/**
 * Reads an answer's body and decompresses it.
 * Throws PermanentError if the packed or unpacked size is over its limit (checked by the headers before reading), or
 * if the encoding was not requested. Throws TemporaryError if the compressed data are damaged or truncated.
 */
export async function readBody(body: Readable, { encoding, length }: BodyHeaders): Promise<Buffer> {
  if (Number(length ?? 0) > MAX_RECEIVED) {
    // Destroying the body closes the connection. The error of what is still arriving is ignored.
    body.on('error', () => {}).destroy()
    throw tooLarge('received', MAX_RECEIVED)
  }
  const received = await receive(body)
  const coding = (encoding ?? 'identity').trim().toLowerCase()
  if (coding === 'identity' || coding === '' || received.length === 0) return received
  if (coding === 'gzip' || coding === 'x-gzip') return decompress(received, promisify(gunzip))
  if (coding === 'br') return decompress(received, promisify(brotliDecompress))
  throw new PermanentError(`expected an answer in gzip, br or plain, got ${JSON.stringify(coding)}`)
}

async function receive(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    // Leaving the loop closes the connection.
    if (size > MAX_RECEIVED) throw tooLarge('received', MAX_RECEIVED)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, size)
}

type Decompress = (data: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>

async function decompress(data: Buffer, run: Decompress): Promise<Buffer> {
  try {
    return await run(data, { maxOutputLength: MAX_DECOMPRESSED })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge('decompressed', MAX_DECOMPRESSED)
    throw new TemporaryError('expected whole compressed data, got damaged or cut ones', { cause: error })
  }
}

function tooLarge(what: string, limit: number): PermanentError {
  return new PermanentError(`expected a page of at most ${limit / MEGABYTE} MB ${what}, got a larger one`)
}
