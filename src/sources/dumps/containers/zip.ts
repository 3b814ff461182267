import { crc32 } from 'node:zlib'
import { type Entry, fromBufferPromise, fromFdPromise, getFileNameLowLevel, type ZipFile } from 'yauzl'
import { PermanentError } from '../../../errors.ts'
import { isHidden } from './archive.ts'
import { type Budget, spendBytes, spendFile } from './budget.ts'
import { DamagedError } from './damage.ts'

/** A file of a zip archive, which can be read at any time and again. */
export interface ZippedFile {
  name: string
  open(): AsyncGenerator<Uint8Array>
}

/**
 * The files of a zip archive in the order of its directory, without hidden ones. The directory is at the archive's end,
 * so this needs the descriptor of a seekable file, or all bytes. What is damaged in the directory is thrown behind the
 * files before it.
 * @throws PermanentError if it is truncated or damaged.
 */
export async function* zippedFiles(
  archive: number | Buffer,
  budget: Budget,
  onRead?: (bytes: number) => void,
): AsyncGenerator<ZippedFile> {
  const zip = await opened(archive)
  const entries = zip.eachEntry()
  for (;;) {
    const { done, value } = await entries.next().catch((error: unknown) => {
      throw zipError(error)
    })
    if (done) return
    spendFile(budget)
    const name = nameOf(value)
    if (!name.endsWith('/') && !isHidden(name)) {
      yield { name, open: () => entryBytes(zip, value, budget, onRead) }
    }
  }
}

async function opened(archive: number | Buffer): Promise<ZipFile> {
  try {
    // Names only label messages, and no file is made under one: "../x" is no reason to refuse an archive, as yauzl would.
    return await (typeof archive === 'number'
      ? fromFdPromise(archive, { autoClose: false, decodeStrings: false })
      : fromBufferPromise(archive, { decodeStrings: false }))
  } catch (error) {
    throw zipError(error)
  }
}

function nameOf(entry: Entry): string {
  return getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false)
}

async function* entryBytes(
  zip: ZipFile,
  entry: Entry,
  budget: Budget,
  onRead?: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  if (entry.isEncrypted()) {
    throw new PermanentError('expected a file without a password, got an encrypted one; unpack it first')
  }
  let sum = 0
  let unpacked = 0
  let told = 0
  try {
    for await (const chunk of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) {
      spendBytes(budget, chunk.length)
      unpacked += chunk.length
      const packed = Math.floor((unpacked / entry.uncompressedSize) * entry.compressedSize)
      onRead?.(packed - told)
      told = packed
      sum = crc32(chunk, sum)
      yield chunk
    }
  } catch (error) {
    throw zipError(error)
  }
  if (sum !== entry.crc32) {
    throw new DamagedError(
      'expected a file as it was packed, got a damaged one (its checksum differs); copy the archive again',
    )
  }
}

function zipError(error: unknown): unknown {
  if (error instanceof PermanentError || (error as NodeJS.ErrnoException).syscall !== undefined) return error
  const { message } = error as Error
  if (/end of central directory/i.test(message)) {
    return new PermanentError(
      'expected a whole zip archive, got one that breaks off (its directory is missing); copy it again',
    )
  }
  return new DamagedError(`expected a whole zip archive, got damaged data (${message}); copy it again`)
}
