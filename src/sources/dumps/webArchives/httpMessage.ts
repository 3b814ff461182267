import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'

/** A server's answer as stored in an archive: its bytes from the status line on. */
export interface HttpAnswer {
  status: number
  contentType: string | undefined
  /** The decoded body; undefined if it is larger than allowed. */
  body: Buffer | undefined
}

const HEADER_END = '\r\n\r\n'

/** Header fields by lower-case name (RFC 9112 §5). Of repeated fields, the last. */
export function parseFields(lines: string): Map<string, string> {
  const unfolded = lines.replace(/\r?\n[ \t]+/g, ' ')
  return new Map(
    unfolded.split(/\r?\n/).flatMap((line) => {
      const at = line.indexOf(':')
      return at < 1 ? [] : [[line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()] as const]
    }),
  )
}

/** Reads an answer; undefined if the bytes are none. */
export async function parseHttpAnswer(message: Buffer, most: number): Promise<HttpAnswer | undefined> {
  const end = message.indexOf(HEADER_END)
  const head = message.toString('latin1', 0, Math.max(end, 0))
  const status = /^HTTP\/\d(?:\.\d)? (\d{3})\b/.exec(head)?.[1]
  if (status === undefined) return undefined
  const fields = parseFields(head)
  const raw = message.subarray(end + HEADER_END.length)
  const isChunked = /\bchunked\b/i.test(fields.get('transfer-encoding') ?? '')
  const body = await decoded(isChunked ? unchunked(raw) : raw, fields.get('content-encoding'), most)
  return { status: Number(status), contentType: fields.get('content-type'), body }
}

/**
 * Undoes the chunked transfer encoding (RFC 9112 §7.1). Some archivers undo it and keep the header; then the body stays
 * as it is.
 */
function unchunked(raw: Buffer): Buffer {
  const chunks: Buffer[] = []
  for (let at = 0; at < raw.length; ) {
    const lineEnd = raw.indexOf('\r\n', at)
    const size = /^([0-9a-f]{1,8})\s*(?:;|$)/i.exec(
      raw.toString('latin1', at, Math.min(lineEnd, at + 100)),
    )?.[1]
    if (lineEnd === -1 || size === undefined) return raw
    const length = Number.parseInt(size, 16)
    if (length === 0) return Buffer.concat(chunks)
    chunks.push(raw.subarray(lineEnd + 2, lineEnd + 2 + length))
    at = lineEnd + 2 + length + 2
  }
  return Buffer.concat(chunks)
}

type Decode = (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>
const DECODERS: Record<string, Decode> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  br: promisify(brotliDecompress),
  deflate: promisify(inflate),
}

/** Undoes a content encoding. If that fails, it was undone before or is damaged; the parser then judges the bytes. */
async function decoded(
  body: Buffer,
  encoding: string | undefined,
  most: number,
): Promise<Buffer | undefined> {
  const decode = DECODERS[encoding?.toLowerCase() ?? '']
  if (decode === undefined) return body
  try {
    return await decode(body, { maxOutputLength: most })
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? undefined : body
  }
}
