import { isUtf8 } from 'node:buffer'
import { getEncoding } from 'encoding-sniffer'
import { PermanentError } from '../errors.ts'

/**
 * The text of a page's bytes, without byte-order mark, lines ended by LF.
 * The charset is, in this order, that of the byte-order mark, of the Content-Type header, of the page's own `<meta>` or
 * XML declaration, else UTF-8 (https://encoding.spec.whatwg.org, https://html.spec.whatwg.org/#encoding-sniffing-algorithm).
 * Throws PermanentError, with the offset, for bytes that are no text in that charset and for NUL characters.
 */
export function decodePage(bytes: Buffer, contentType?: string): string {
  const charset = getEncoding(bytes, {
    transportLayerEncodingLabel: charsetOf(contentType),
    defaultEncoding: 'utf-8',
  }).toLowerCase()
  const text = decodeAs(bytes, charset)
  const nul = text.indexOf('\0')
  if (nul !== -1) {
    const offset = charset === 'utf-8' ? `byte ${bytes.indexOf(0)}` : `character ${nul}`
    throw new PermanentError(
      `expected text, got a NUL character at ${offset}: is this a binary file, or cut by a crash?`,
    )
  }
  return text.replace(/\r\n?/g, '\n')
}

function decodeAs(bytes: Buffer, charset: string): string {
  if (charset === 'utf-8' && !isUtf8(bytes)) {
    throw new PermanentError(
      `expected UTF-8 text, got an invalid byte at offset ${invalidOffset(bytes)}: convert the file, or say its charset in <meta>`,
    )
  }
  try {
    // A TextDecoder removes the byte-order mark of its own encoding.
    return new TextDecoder(charset, { fatal: true }).decode(bytes)
  } catch (error) {
    throw new PermanentError(`expected ${charset} text, got bytes that are none`, { cause: error })
  }
}

/** Where a lossy decoding first differs from the bytes when it is encoded again. */
function invalidOffset(bytes: Buffer): number {
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
