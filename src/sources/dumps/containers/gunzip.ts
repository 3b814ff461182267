import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { PermanentError } from '../../../errors.ts'
import { type Budget, spendBytes } from './budget.ts'
import type { Bytes } from './bytes.ts'
import { DamagedError } from './damage.ts'

const CHUNK = 256 * 1024

/**
 * Unpacks a gzip file, all its members one after the other (RFC 1952 §2.2).
 * @throws PermanentError if it is truncated or damaged, after giving out what came before.
 */
export async function* gunzipped(bytes: Bytes, budget: Budget): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: CHUNK })
  const feeding = pipeline(Readable.from(bytes, { objectMode: false }), gunzip)
  // The iteration below throws the same error.
  feeding.catch(() => {})
  let length = 0
  try {
    for await (const chunk of gunzip) {
      length += chunk.length
      spendBytes(budget, chunk.length)
      yield chunk
    }
    await feeding
  } catch (error) {
    throw gzipError(error, length)
  }
}

function gzipError(error: unknown, length: number): unknown {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'Z_BUF_ERROR') {
    return new PermanentError(
      `expected a whole gzip file, got one that breaks off after ${length} unpacked bytes; copy it again`,
    )
  }
  if (!code?.startsWith('Z_')) return error
  return new DamagedError(
    `expected a gzip file, got damaged data after ${length} unpacked bytes (${message}); copy it again`,
  )
}
