import type { ArchiveReader } from 'libarchive-wasm'
import { PermanentError } from '../../../errors.ts'
import { type ArchivedFile, isHidden } from './archive.ts'
import { type Budget, spendBytes, spendFile } from './budget.ts'
import { DamagedError } from './damage.ts'
import { optional } from './optional.ts'

const CHUNK = 256 * 1024

/**
 * The files of a 7z archive, without hidden ones. Its directory is at the end and one file may be packed with the others,
 * so this needs all bytes.
 * @throws PermanentError if it is truncated, damaged or has a password.
 */
export async function* sevenZipFiles(archive: Buffer, budget: Budget): AsyncGenerator<ArchivedFile> {
  const { ArchiveReader, libarchiveWasm } = await optional(
    'libarchive-wasm',
    'a 7z file',
    () => import('libarchive-wasm'),
  )
  refuseCut(archive)
  const library = await libarchiveWasm()
  const reader = attempt(
    () => new ArchiveReader(library, new Int8Array(archive.buffer, archive.byteOffset, archive.length)),
  )
  try {
    for (;;) {
      const entry = attempt(() => reader.nextEntryPointer())
      if (entry === 0) break
      spendFile(budget)
      const name = reader.getEntryPathname(entry)
      if (reader.getEntryFiletype(entry) !== 'File' || isHidden(name)) continue
      yield { name, bytes: entryBytes(reader, reader.isEntryEncrypted(entry), budget) }
    }
    const fault = library.error_string(reader.archive)
    if (fault) throw archiveError(new Error(fault))
  } finally {
    reader.free()
  }
}

async function* entryBytes(
  reader: ArchiveReader,
  isEncrypted: boolean,
  budget: Budget,
): AsyncGenerator<Uint8Array> {
  if (isEncrypted) throw withPassword()
  for (;;) {
    const chunk = attempt(() => reader.readData(CHUNK))
    if (chunk.length === 0) return
    spendBytes(budget, chunk.length)
    yield new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length)
  }
}

function withPassword(): PermanentError {
  return new PermanentError('expected a file without a password, got an encrypted one; unpack it first')
}

/** The first 32 bytes say where the directory is and how long (7zFormat.txt of the 7-Zip sources, "SignatureHeader"). */
function refuseCut(archive: Buffer): void {
  const end =
    archive.length < 32 ? 32 : 32 + Number(archive.readBigUInt64LE(12) + archive.readBigUInt64LE(20))
  if (end > archive.length) throw archiveError(new Error(`truncated after ${archive.length} bytes`))
}

function attempt<T>(run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw archiveError(error)
  }
}

function archiveError(error: unknown): PermanentError {
  const message = error instanceof Error ? error.message : String(error)
  if (/encrypted/i.test(message)) return withPassword()
  if (/truncated|end of file|unexpected end/i.test(message)) {
    return new PermanentError(
      `expected a whole 7z archive, got one that breaks off (${message}); copy it again`,
    )
  }
  return new DamagedError(`expected a whole 7z archive, got damaged data (${message}); copy it again`)
}
