/** The kind of a file by its first bytes, if these show that it contains other files or tables, or is no text. */

export type Container = 'gzip' | 'zstd' | 'xz' | 'bzip2' | 'zip' | 'tar' | '7z' | 'Parquet' | 'SQLite'

const SEVEN_ZIP = [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]
const PARQUET = [0x50, 0x41, 0x52, 0x31]
const SQLITE = [...Buffer.from('SQLite format 3\0')]

/**
 * The container that begins with these bytes: gzip by RFC 1952 §2.3, zstd by RFC 8878 §3.1, xz and bzip2 by their magic
 * numbers, zip by APPNOTE §4.3, 7z, Parquet and SQLite by their magic numbers, tar by its header's sum.
 */
export function containerOf(head: Buffer): Container | undefined {
  if (startsWith(head, [0x1f, 0x8b, 0x08])) return 'gzip'
  if (startsWith(head, [0x28, 0xb5, 0x2f, 0xfd])) return 'zstd'
  if (startsWith(head, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00])) return 'xz'
  if (isBzip2(head)) return 'bzip2'
  if (startsWith(head, [0x50, 0x4b, 0x03, 0x04]) || startsWith(head, [0x50, 0x4b, 0x05, 0x06])) return 'zip'
  if (startsWith(head, SEVEN_ZIP)) return '7z'
  if (startsWith(head, PARQUET)) return 'Parquet'
  if (startsWith(head, SQLITE)) return 'SQLite'
  return isTarHeader(head) ? 'tar' : undefined
}

/** Common files that cannot be read here, in words. */
const FOREIGN: [first: number[], name: string][] = [
  [[0x52, 0x61, 0x72, 0x21, 0x1a, 0x07], 'a rar file'],
  [[0x50, 0x41, 0x52, 0x45], 'an encrypted Parquet file'],
  [[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], 'an old Office file (.xls)'],
  [[0x41, 0x52, 0x52, 0x4f, 0x57, 0x31], 'an Arrow file'],
  [[0x25, 0x50, 0x44, 0x46, 0x2d], 'a PDF file'],
]

/** Completes "expected a dump, got …" for a file that cannot be text; undefined for all others. */
export function foreignKind(head: Buffer): string | undefined {
  return FOREIGN.find(([first]) => startsWith(head, first))?.[1]
}

/** "BZh", the size of blocks, and the number of a block or of an end: a text may begin with the letters alone. */
function isBzip2(head: Buffer): boolean {
  const block = head.subarray(4, 10).toString('hex')
  return /^BZh[1-9]/.test(head.toString('latin1', 0, 4)) && /^(?:314159265359|177245385090)$/.test(block)
}

function startsWith(head: Buffer, first: number[]): boolean {
  return head.length >= first.length && first.every((byte, index) => head[index] === byte)
}

const TAR_BLOCK = 512
const CHECKSUM_AT = 148
const CHECKSUM_LENGTH = 8

/**
 * Tar has no magic number that all its variants share. But each header holds the sum of its own bytes, with the bytes
 * of the sum counted as blanks (POSIX.1-1988, ustar).
 */
function isTarHeader(head: Buffer): boolean {
  if (head.length < TAR_BLOCK || head[0] === 0) return false
  const written = head.toString('latin1', CHECKSUM_AT, CHECKSUM_AT + CHECKSUM_LENGTH)
  const stored = /^ *([0-7]{1,7})[ \0]*$/.exec(written)?.[1]
  if (stored === undefined) return false
  let sum = CHECKSUM_LENGTH * 0x20
  for (let at = 0; at < TAR_BLOCK; at += 1) {
    if (at < CHECKSUM_AT || at >= CHECKSUM_AT + CHECKSUM_LENGTH) sum += head[at]!
  }
  return sum === Number.parseInt(stored, 8)
}
