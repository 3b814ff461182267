import { PermanentError } from '../../../errors.ts'
import type { Bytes } from './bytes.ts'

/**
 * Limits how much one dump may grow when it is unpacked. Compression makes listings, even repetitive ones, 5 to 30
 * times smaller; a file made to fill a disk or to run for ever becomes 1,000 times smaller.
 */
export interface Budget {
  /** Bytes of the dump itself, read so far. */
  received: number
  /** Bytes that came out of its containers so far. */
  unpacked: number
  /** Files found in its archives so far. */
  files: number
}

const MEGABYTE = 1024 * 1024
/** Below this size the ratio is not checked: a small file of blanks is no attack. */
const FREE_BYTES = 64 * MEGABYTE
const MOST_GROWTH = 200
const MOST_FILES = 100_000

export function createBudget(): Budget {
  return { received: 0, unpacked: 0, files: 0 }
}

/** Counts the bytes of the dump itself. */
export async function* received(
  bytes: Bytes,
  budget: Budget,
  onRead: ((bytes: number) => void) | undefined,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    budget.received += chunk.length
    onRead?.(chunk.length)
    yield chunk
  }
}

/** Counts unpacked bytes. @throws PermanentError if they are too many for the bytes read. */
export function spendBytes(budget: Budget, length: number): void {
  budget.unpacked += length
  if (budget.unpacked <= FREE_BYTES + budget.received * MOST_GROWTH) return
  throw new PermanentError(
    `expected a dump that unpacks to at most ${MOST_GROWTH} times its size, got ${Math.round(budget.unpacked / MEGABYTE)} MB out of ` +
      `${Math.ceil(budget.received / 1024)} kB (a "zip bomb"); if it is a real dump, unpack it and replay the file`,
  )
}

/** Counts a file of an archive. @throws PermanentError if there are too many. */
export function spendFile(budget: Budget): void {
  budget.files += 1
  if (budget.files <= MOST_FILES) return
  throw new PermanentError(
    `expected an archive of at most ${MOST_FILES} files, got more; unpack it and replay the folder`,
  )
}
