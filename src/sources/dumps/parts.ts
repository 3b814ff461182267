import { PermanentError } from '../../errors.ts'
import { type ArchivedFile, shownName } from './containers/archive.ts'
import { type Budget, createBudget, received } from './containers/budget.ts'
import { type Bytes, collect, peek } from './containers/bytes.ts'
import { containerOf } from './containers/containerKind.ts'
import { gunzipped } from './containers/gunzip.ts'
import { tarFiles } from './containers/tar.ts'
import { unbzip2, unxz, unzstd } from './containers/unpackers.ts'
import { zipFiles } from './containers/zip.ts'

/** A file or a pipe with listings or records. */
export interface Dump {
  /** Used in messages and for a date in it, never opened: `2026-04-01.json`. */
  name: string
  /** In bytes; undefined if not known yet. */
  size: number | undefined
  bytes: Bytes
  /** Called with the number of bytes read. */
  onRead?(bytes: number): void
  /** The descriptor of a seekable file. A zip archive needs it, unless it is small. */
  fd?: number
}

/** A dump, or a file in it if it is an archive. */
export interface Part {
  /** The names of the dump and of the files in it: `days.zip › 2026-04-01.json`. */
  label: string
  /** The names that may hold a date, the nearest first. */
  names: string[]
  /** In bytes; undefined inside a container. */
  size?: number
  /** Must be read, or left, before the next part is requested. */
  bytes: Bytes
  /** Whether it is the dump itself, perhaps compressed, and not one of several files. */
  isAlone: boolean
}

/** How many bytes are looked at to recognise a file. */
export const HEAD_BYTES = 1024 * 1024
const MOST_NESTED = 2
const MOST_IN_MEMORY = 64 * 1024 * 1024

/** What holds one file, without a name of its own. */
const UNPACKERS = { gzip: gunzipped, zstd: unzstd, xz: unxz, bzip2: unbzip2 }
type Packed = keyof typeof UNPACKERS

interface Place {
  names: string[]
  /** Containers around it; `.tar.gz` counts as one. */
  depth: number
  isPacked: boolean
  isArchived: boolean
  /** The dump itself, if it is seekable. */
  file?: Pick<Dump, 'fd' | 'onRead'>
}

/**
 * The files of a dump: the dump itself, or the files in its containers (gzip, zstd, xz, bzip2, zip, tar, tar.gz, also nested),
 * recognised by their content.
 * @throws PermanentError if a container is damaged, nested too deep or too large. The parts before it remain.
 */
export async function* partsOf(dump: Dump): AsyncGenerator<Part> {
  const budget = createBudget()
  const place = { names: [dump.name], depth: 0, isPacked: false, isArchived: false, file: dump }
  yield* unpacked(received(dump.bytes, budget, dump.onRead), place, dump.size ?? 0, budget)
}

async function* unpacked(bytes: Bytes, place: Place, size: number, budget: Budget): AsyncGenerator<Part> {
  const peeked = await peek(bytes, HEAD_BYTES)
  const container = containerOf(peeked.head)
  const label = place.names.map(shownName).join(' › ')
  if (container === undefined) {
    const isBare = place.depth === 0 && size > 0
    yield {
      label,
      names: place.names.toReversed(),
      size: isBare ? size : undefined,
      bytes: peeked.bytes,
      isAlone: !place.isArchived,
    }
    return
  }
  const depth = place.depth + (place.isPacked && container === 'tar' ? 0 : 1)
  if (depth > MOST_NESTED) {
    throw new PermanentError(
      `expected at most one container inside another, got a ${container} inside of two; unpack it first`,
    )
  }
  if (container in UNPACKERS) {
    const inside = { ...place, depth, isPacked: true, file: undefined }
    yield* unpacked(UNPACKERS[container as Packed](peeked.bytes, budget), inside, 0, budget)
    return
  }
  if (container === 'zip') budget.received = Math.max(budget.received, size)
  const files =
    container === 'tar' ? tarFiles(peeked.bytes, budget) : await openZip(peeked.bytes, place, budget)
  for await (const file of files) yield* archived(file, { ...place, depth }, budget)
}

async function* archived(file: ArchivedFile, place: Place, budget: Budget): AsyncGenerator<Part> {
  const inner = { names: [...place.names, file.name], depth: place.depth, isPacked: false, isArchived: true }
  try {
    yield* unpacked(file.bytes, inner, 0, budget)
  } catch (error) {
    // One damaged file does not affect the others of its archive.
    const label = inner.names.map(shownName).join(' › ')
    yield { label, names: inner.names.toReversed(), bytes: failing(error), isAlone: false }
  }
}

// biome-ignore lint/correctness/useYield: what cannot be read gives nothing but its error
async function* failing(error: unknown): AsyncGenerator<Uint8Array> {
  throw error
}

/**
 * The directory of a zip archive is at its end. So an archive from a pipe or from another container is held in memory.
 */
async function openZip(bytes: Bytes, place: Place, budget: Budget): Promise<AsyncGenerator<ArchivedFile>> {
  if (place.file?.fd !== undefined) return zipFiles(place.file.fd, budget, place.file.onRead)
  const whole = await collect(bytes, MOST_IN_MEMORY)
  if (whole !== undefined) return zipFiles(whole, budget)
  throw new PermanentError(
    `expected a zip archive of at most ${MOST_IN_MEMORY / 1024 / 1024} MB where it comes out of a pipe or another container, got a larger one; save it as a file of its own`,
  )
}
