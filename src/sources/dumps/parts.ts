import { PermanentError } from '../../errors.ts'
import { type ArchivedFile, shownName } from './containers/archive.ts'
import { type Budget, createBudget, received } from './containers/budget.ts'
import { type Bytes, collect, peek } from './containers/bytes.ts'
import { type Container, containerOf } from './containers/containerKind.ts'
import { gunzipped } from './containers/gunzip.ts'
import { sevenZipFiles } from './containers/sevenZip.ts'
import { tarFiles } from './containers/tar.ts'
import { unbzip2, unxz, unzstd } from './containers/unpackers.ts'
import { type ZippedFile, zippedFiles } from './containers/zip.ts'
import { parquetTable } from './tables/parquet.ts'
import { sqliteTables } from './tables/sqlite.ts'
import {
  accessTo,
  jsonLines,
  type ListsPapers,
  paperTables,
  type RandomAccess,
  type Table,
} from './tables/tableFile.ts'
import { WORKBOOK, workbookTables } from './tables/workbook.ts'

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
  /** Reads any part of a seekable file. A database needs it, unless it is small. */
  readAt?: RandomAccess['read']
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
  /** Whether its lines are the rows of a table. */
  isTable?: boolean
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
  file?: Pick<Dump, 'fd' | 'readAt' | 'onRead'>
}

/** What is the same for all parts of a dump. */
interface Reading {
  budget: Budget
  listsPapers: ListsPapers
}

/**
 * The files of a dump: the dump itself, or the files in its containers (gzip, zstd, xz, bzip2, zip, tar, tar.gz, 7z, also nested),
 * recognised by their content. A table of a workbook, a database or a Parquet file is a part, too: its rows as JSON lines.
 * `listsPapers` chooses among several.
 * @throws PermanentError if a container is damaged, nested too deep or too large. The parts before it remain.
 */
export async function* partsOf(dump: Dump, listsPapers: ListsPapers): AsyncGenerator<Part> {
  const budget = createBudget()
  const place = { names: [dump.name], depth: 0, isPacked: false, isArchived: false, file: dump }
  const bytes = received(dump.bytes, budget, dump.onRead)
  yield* unpacked(bytes, place, dump.size ?? 0, { budget, listsPapers })
}

async function* unpacked(bytes: Bytes, place: Place, size: number, reading: Reading): AsyncGenerator<Part> {
  const peeked = await peek(bytes, HEAD_BYTES)
  const container = containerOf(peeked.head)
  if (container === undefined) {
    const isBare = place.depth === 0 && size > 0
    yield partAt(place, peeked.bytes, isBare ? size : undefined)
    return
  }
  const depth = place.depth + (place.isPacked && container === 'tar' ? 0 : 1)
  if (depth > MOST_NESTED) {
    throw new PermanentError(
      `expected at most one container inside another, got a ${container} file inside of two; unpack it first`,
    )
  }
  const inner = { ...place, depth }
  if (container in UNPACKERS) {
    const inside = { ...inner, isPacked: true, file: undefined }
    yield* unpacked(UNPACKERS[container as Packed](peeked.bytes, reading.budget), inside, 0, reading)
  } else if (container === 'tar') yield* archived(tarFiles(peeked.bytes, reading.budget), inner, reading)
  else {
    // What is read in any order is not counted as it streams in.
    reading.budget.received = Math.max(reading.budget.received, size)
    yield* inAnyOrder(container as Seekable, peeked.bytes, inner, size, reading)
  }
}

type Seekable = Exclude<Container, Packed | 'tar'>

async function* inAnyOrder(
  container: Seekable,
  bytes: Bytes,
  place: Place,
  size: number,
  reading: Reading,
): AsyncGenerator<Part> {
  if (container === '7z')
    yield* archived(sevenZipFiles(await inMemory(bytes, 'a 7z archive'), reading.budget), place, reading)
  else if (container === 'zip') yield* zipParts(await openZip(bytes, place, reading.budget), place, reading)
  else {
    const readAt = place.file?.readAt
    const file =
      readAt === undefined
        ? accessTo(await inMemory(bytes, container === 'SQLite' ? 'an SQLite database' : 'a Parquet file'))
        : { size, read: readAt }
    const tables = container === 'SQLite' ? await sqliteTables(file) : [parquetTable(file)]
    yield* tableParts(tables, place, container === 'SQLite' ? 'a database' : 'a Parquet file', reading)
  }
}

/** A workbook is a zip archive, too. Its directory shows which of both it is. */
async function* zipParts({ files, fault }: Directory, place: Place, reading: Reading): AsyncGenerator<Part> {
  const fileOf = (name: string) => files.find((file) => file.name === name)?.open()
  const isWorkbook = files.some(({ name }) => name === WORKBOOK)
  if (isWorkbook)
    yield* tableParts(await workbookTables(fileOf, reading.listsPapers), place, 'a workbook', reading)
  else yield* archived(opened(files), place, reading)
  if (fault !== undefined) throw fault.error
}

async function* opened(files: ZippedFile[]): AsyncGenerator<ArchivedFile> {
  for (const { name, open } of files) yield { name, bytes: open() }
}

/** Each table that lists papers is a file of its own, named after the table if there are several. */
async function* tableParts(
  tables: Table[],
  place: Place,
  what: string,
  { budget, listsPapers }: Reading,
): AsyncGenerator<Part> {
  const chosen = tables.length === 1 ? tables : paperTables(tables, listsPapers, what)
  for (const table of chosen) {
    const names = tables.length === 1 ? place.names : [...place.names, table.name]
    yield { ...partAt({ ...place, names }, jsonLines(table, budget)), isAlone: false, isTable: true }
  }
}

function partAt(place: Place, bytes: Bytes, size?: number): Part {
  return {
    label: place.names.map(shownName).join(' › '),
    names: place.names.toReversed(),
    size,
    bytes,
    isAlone: !place.isArchived,
  }
}

async function* archived(
  files: AsyncIterable<ArchivedFile>,
  place: Place,
  reading: Reading,
): AsyncGenerator<Part> {
  for await (const file of files) {
    const inner = {
      names: [...place.names, file.name],
      depth: place.depth,
      isPacked: false,
      isArchived: true,
    }
    try {
      yield* unpacked(file.bytes, inner, 0, reading)
    } catch (error) {
      // One damaged file does not affect the others of its archive.
      yield partAt(inner, failing(error))
    }
  }
}

interface Directory {
  files: ZippedFile[]
  /** What is wrong with the directory behind these files. */
  fault?: { error: unknown }
}

/**
 * The directory of a zip archive is at its end. So an archive from a pipe or from another container is held in memory.
 */
async function openZip(bytes: Bytes, place: Place, budget: Budget): Promise<Directory> {
  const { fd, onRead } = place.file ?? {}
  const found =
    fd === undefined
      ? zippedFiles(await inMemory(bytes, 'a zip archive'), budget)
      : zippedFiles(fd, budget, onRead)
  const files: ZippedFile[] = []
  try {
    for await (const file of found) files.push(file)
    return { files }
  } catch (error) {
    return { files, fault: { error } }
  }
}

/** What is read in any order, and comes out of a pipe or another container, is held in memory. */
async function inMemory(bytes: Bytes, what: string): Promise<Buffer> {
  const whole = await collect(bytes, MOST_IN_MEMORY)
  if (whole !== undefined) return whole
  throw new PermanentError(
    `expected ${what} of at most ${MOST_IN_MEMORY / 1024 / 1024} MB where it comes out of a pipe or another container, got a larger one; save it as a file of its own`,
  )
}

// biome-ignore lint/correctness/useYield: what cannot be read gives nothing but its error
async function* failing(error: unknown): AsyncGenerator<Uint8Array> {
  throw error
}
