import { isUtf8 } from 'node:buffer'
import { decodeBuffer, getEncoding, type SnifferOptions } from 'encoding-sniffer'
import { PermanentError } from '../../errors.ts'

/**
 * Decodes a page's bytes to text, without byte-order mark, with LF as line end.
 * The charset comes from the first of these: the byte-order mark, the Content-Type header, the page's own `<meta>` or
 * XML declaration, UTF-8 (https://encoding.spec.whatwg.org,
 * https://html.spec.whatwg.org/#encoding-sniffing-algorithm).
 * Throws PermanentError, with the offset, for bytes that are not text in that charset and for NUL characters.
 */
export function decodePage(bytes: Buffer, contentType?: string): string {
  const options = { transportLayerEncodingLabel: charsetOf(contentType), defaultEncoding: 'utf-8' }
  const charset = getEncoding(bytes, options).toLowerCase()
  const text = charset === 'utf-8' ? decodeUtf8(bytes) : decodeLegacy(bytes, charset, options)
  const nul = text.indexOf('\0')
  if (nul !== -1) {
    const offset = charset === 'utf-8' ? `byte ${bytes.indexOf(0)}` : `character ${nul}`
    throw new PermanentError(
      `expected text, got a NUL character at ${offset}: is this a binary file, or cut by a crash?`,
    )
  }
  return text.replace(/\r\n?/g, '\n')
}

function decodeUtf8(bytes: Buffer): string {
  if (isUtf8(bytes)) return new TextDecoder().decode(bytes)
  throw new PermanentError(
    `expected UTF-8 text, got an invalid byte at offset ${invalidOffset(bytes)}: convert the file, or say its charset in <meta>`,
  )
}

// TextDecoder is not used: that of Node 20 decodes windows-1252 as Latin-1 and loses € and curly quotes.
function decodeLegacy(bytes: Buffer, charset: string, options: SnifferOptions): string {
  const text = decodeBuffer(bytes, options)
  // Five bytes have no meaning in windows-1252; a page with one of them is still a page.
  if (charset !== 'windows-1252' && /\uFFFD|\p{Surrogate}/u.test(text)) {
    throw new PermanentError(`expected ${charset} text, got bytes that are none: convert the file to UTF-8`)
  }
  return text
}

/** The offset at which a lossy decoding, encoded again, first differs from the bytes. */
export function invalidOffset(bytes: Buffer): number {
  const again = Buffer.from(bytes.toString('utf8'), 'utf8')
  const chunk = 65_536
  let start = 0
  while (
    start < bytes.length &&
    bytes.subarray(start, start + chunk).equals(again.subarray(start, start + chunk))
  ) {
    start += chunk
  }
  let offset = start
  while (offset < bytes.length && bytes[offset] === again[offset]) offset += 1
  return offset
}

function charsetOf(contentType: string | undefined): string | undefined {
  return /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(contentType ?? '')?.[1]
}
