import { PermanentError } from '../../../errors.ts'
import { type SqliteValue, type TextEncoding, varintAt } from './sqliteRecord.ts'
import type { RandomAccess } from './tableFile.ts'

/** A database's pages (https://www.sqlite.org/fileformat2.html#b_tree_pages). */
export interface Pages {
  file: RandomAccess
  /** Of a page, in bytes. */
  size: number
  /** The bytes of a page that hold data. */
  usable: number
  count: number
  encoding: TextEncoding
}

export interface StoredRecord {
  rowId: number
  values: SqliteValue[]
}

const LEAF = 13
const INTERIOR = 5
const MOST_PAYLOAD = 16 * 1024 * 1024

/**
 * The records of the table whose tree begins at a page, in the order of their row ids. No page is read twice: a tree
 * that leads back into itself is damaged.
 * @throws PermanentError where the tree is damaged or breaks off; the records before it were given.
 */
export async function* recordsOf(
  pages: Pages,
  root: number,
  read: (payload: Buffer) => SqliteValue[],
): AsyncGenerator<StoredRecord> {
  const seen = new Set<number>()
  const waiting = [root]
  while (waiting.length > 0) {
    const number = waiting.pop()!
    const page = await pageAt(pages, number, seen)
    const start = number === 1 ? 100 : 0
    const kind = page[start]
    if (kind === INTERIOR) waiting.push(...childrenOf(page, start).reverse())
    else if (kind === LEAF) {
      for (const at of cellsOf(page, start, 8))
        yield await recordAt(pages, { number, bytes: page }, at, seen, read)
    } else throw damaged(`a page of kind ${kind} in a table`, number)
  }
}

async function pageAt(pages: Pages, number: number, seen: Set<number>): Promise<Buffer> {
  if (number < 1 || seen.has(number)) throw damaged('a page that is used twice', number)
  seen.add(number)
  const page = await pages.file.read((number - 1) * pages.size, pages.size)
  if (page.length === pages.size) return page
  throw new PermanentError(
    `expected a whole SQLite database, got one that breaks off before its page ${number} (${pages.count} are there); copy it again`,
  )
}

function damaged(what: string, number: number): PermanentError {
  return new PermanentError(
    `expected a whole SQLite database, got damaged data (${what}, page ${number}); copy it again`,
  )
}

/** The offsets of a page's cells. */
function cellsOf(page: Buffer, start: number, headerBytes: number): number[] {
  const count = page.readUInt16BE(start + 3)
  const first = start + headerBytes
  const most = Math.min(count, Math.floor((page.length - first) / 2))
  return Array.from({ length: most }, (_, index) => page.readUInt16BE(first + 2 * index))
}

function childrenOf(page: Buffer, start: number): number[] {
  const left = cellsOf(page, start, 12)
    .filter((at) => at + 4 <= page.length)
    .map((at) => page.readUInt32BE(at))
  return [...left, page.readUInt32BE(start + 8)]
}

async function recordAt(
  pages: Pages,
  { number, bytes: page }: { number: number; bytes: Buffer },
  at: number,
  seen: Set<number>,
  read: (payload: Buffer) => SqliteValue[],
): Promise<StoredRecord> {
  const payload = varintAt(page, at)
  const rowId = varintAt(page, at + payload.length)
  const from = at + payload.length + rowId.length
  const local = localBytes(payload.value, pages.usable)
  const whole = page.subarray(from, from + local)
  if (local === payload.value) return { rowId: rowId.value, values: read(whole) }
  if (from + local + 4 > page.length || payload.value > MOST_PAYLOAD) {
    throw damaged(`a record of ${payload.value} bytes`, number)
  }
  const rest = await overflow(pages, page.readUInt32BE(from + local), payload.value - local, seen)
  return { rowId: rowId.value, values: read(Buffer.concat([whole, ...rest])) }
}

/** How many bytes of a record stand on the page itself (fileformat2, "calculating the surplus"). */
function localBytes(payload: number, usable: number): number {
  if (payload <= usable - 35) return payload
  const least = Math.floor(((usable - 12) * 32) / 255) - 23
  const fitting = least + ((payload - least) % (usable - 4))
  return fitting <= usable - 35 ? fitting : least
}

/** The pages on which a long record goes on. */
async function overflow(pages: Pages, first: number, length: number, seen: Set<number>): Promise<Buffer[]> {
  const found: Buffer[] = []
  let [next, left] = [first, length]
  while (left > 0) {
    const page = await pageAt(pages, next, seen)
    found.push(page.subarray(4, Math.min(pages.usable, 4 + left)))
    left -= pages.usable - 4
    next = page.readUInt32BE(0)
  }
  return found
}
