import { once } from 'node:events'
import { gzipSync } from 'node:zlib'
import { zipSync } from 'fflate'
import { pack } from 'tar-stream'
import type { Bytes } from '../../src/sources/dumps/containers/bytes.ts'
import type { Dump } from '../../src/sources/dumps/parts.ts'

/** Makes dumps like those that people have. */

/** Bytes in chunks of `size`, as a file or a socket would give them. */
export async function* inChunks(
  bytes: Uint8Array | string,
  size = 65_536,
): Bytes & AsyncGenerator<Uint8Array> {
  const buffer = Buffer.from(bytes)
  for (let from = 0; from < buffer.length; from += size) yield buffer.subarray(from, from + size)
}

/** A dump as it comes through a pipe. */
export function pipeOf(name: string, bytes: Uint8Array | string, chunk?: number): Dump {
  return { name, size: undefined, bytes: inChunks(bytes, chunk) }
}

export function gzip(bytes: Uint8Array | string): Buffer {
  return gzipSync(bytes)
}

export function zip(files: Record<string, Uint8Array | string>): Buffer {
  return Buffer.from(
    zipSync(Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, Buffer.from(bytes)]))),
  )
}

export async function tar(files: Record<string, Uint8Array | string>): Promise<Buffer> {
  const archive = pack()
  for (const [name, bytes] of Object.entries(files))
    archive.entry({ name, type: name.endsWith('/') ? 'directory' : 'file' }, Buffer.from(bytes))
  archive.finalize()
  const chunks: Uint8Array[] = []
  archive.on('data', (chunk) => chunks.push(chunk as Uint8Array))
  await once(archive, 'end')
  return Buffer.concat(chunks)
}

/** A record of a web archive. Without an address it is like `warcinfo`. */
export function warcRecord(
  type: string,
  address: string,
  block: Uint8Array | string,
  date = '2024-08-02T06:00:00Z',
): Buffer {
  const bytes = Buffer.from(block)
  const header = `WARC/1.0\r\nWARC-Type: ${type}\r\nWARC-Target-URI: ${address}\r\nWARC-Date: ${date}\r\nContent-Length: ${bytes.length}\r\n\r\n`
  return Buffer.concat([Buffer.from(header), bytes, Buffer.from('\r\n\r\n')])
}

/** A record with a server's answer of status 200. `headers` are lines separated by CRLF. */
export function warcAnswer(
  address: string,
  headers: string,
  body: Uint8Array | string,
  date?: string,
): Buffer {
  const head = Buffer.from(`HTTP/1.1 200 OK\r\n${headers}\r\n\r\n`)
  return warcRecord('response', address, Buffer.concat([head, Buffer.from(body)]), date)
}

/** A page as browsers save it with its parts (MHTML). `headers` are lines of the message itself. */
export function mhtml(encoding: 'quoted-printable' | 'base64', html: string, headers: string[] = []): string {
  const body =
    encoding === 'base64'
      ? Buffer.from(html)
          .toString('base64')
          .replace(/(.{76})/g, '$1\r\n')
      : quotedPrintable(html)
  return [
    'From: <Saved by Blink>',
    ...headers,
    'Subject: Daily Papers',
    'MIME-Version: 1.0',
    'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="----Boundary"',
    '',
    '------Boundary',
    'Content-Type: text/html; charset=utf-8',
    `Content-Transfer-Encoding: ${encoding}`,
    '',
    body,
    '------Boundary',
    'Content-Type: image/png',
    'Content-Transfer-Encoding: base64',
    '',
    'iVBORw0KGgo=',
    '------Boundary--',
    '',
  ].join('\r\n')
}

/** RFC 2045 §6.7. */
function quotedPrintable(text: string): string {
  const signs = Array.from(Buffer.from(text), (byte) => {
    if (byte === 10) return '\r\n'
    const isPlain = byte >= 32 && byte <= 126 && byte !== 61
    return isPlain ? String.fromCharCode(byte) : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`
  })
  return signs.join('').replace(/((?:=[0-9A-F]{2}|[^\r\n=]){60})/g, '$1=\r\n')
}

/** The items before the error, and its message; undefined if there was no error. */
export async function collectUntilError<T>(items: AsyncIterable<T>): Promise<{ items: T[]; error?: string }> {
  const all: T[] = []
  try {
    for await (const item of items) all.push(item)
    return { items: all }
  } catch (error) {
    return { items: all, error: (error as Error).message }
  }
}

/** No month has more ids than this. */
const PER_MONTH = 90_000

/** A record of arXiv's metadata snapshot. The number determines its id and title. */
export function snapshotRecord(number: number, changes: Record<string, unknown> = {}) {
  const title = `${ANIMALS[number % ANIMALS.length]} counted by night, report ${number} of the marsh station`
  const month = String(3 + Math.floor((number - 1) / PER_MONTH)).padStart(2, '0')
  return {
    id: `24${month}.${String(((number - 1) % PER_MONTH) + 1).padStart(5, '0')}`,
    submitter: 'Ann Écrit',
    authors: 'Ann Écrit and Bo Lind',
    title,
    doi: null,
    categories: 'q-bio.PE stat.AP',
    abstract: `  ${title}: where they sleep,\nwhat they eat, and how often we missed them.\n`,
    versions: [{ version: 'v1', created: 'Mon, 4 Mar 2024 19:18:42 GMT' }],
    update_date: '2024-03-05',
    authors_parsed: [
      ['Écrit', 'Ann', ''],
      ['Lind', 'Bo', ''],
    ],
    ...changes,
  }
}

/** JSON lines of snapshot records, from number 1. */
export function snapshotLines(count: number): string {
  return Array.from({ length: count }, (_, index) => `${JSON.stringify(snapshotRecord(index + 1))}\n`).join(
    '',
  )
}

const ANIMALS = 'Bats Owls Moths Newts Voles Otters Herons Beetles Eels Toads Martens Plovers Shrews'.split(
  ' ',
)

/** One day of the daily list, as archives keep it. */
export function dayArchive(day: string, ...titles: string[]): string {
  const papers = titles.map((title, index) => ({
    id: `${day.slice(2, 4)}${day.slice(5, 7)}.${day.slice(8)}${String(index + 1).padStart(3, '0')}`,
    title,
    summary: `${title}: what we saw, at length.`,
    authors: ['Ann Écrit'],
    upvotes: index,
  }))
  return JSON.stringify({ date: day, paper_count: papers.length, papers })
}
