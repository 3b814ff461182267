import { isUtf8 } from 'node:buffer'
import { PermanentError } from '../../../errors.ts'
import { invalidOffset } from '../../reading/decode.ts'
import { asBuffer, type Bytes } from '../containers/bytes.ts'
import { charsetOf, decoderOf } from './charset.ts'

/**
 * A stream of text in UTF-8, cut only between characters; other character sets are turned into it.
 * @throws PermanentError with the offset of the first byte that is no text; what came before was given out.
 */
export function checkedText(bytes: Bytes, head: Buffer): Bytes {
  return checked(asUtf8(bytes, head))
}

/** The stream in UTF-8 where its first bytes show another character set (charset.ts), else as it is. */
export function asUtf8(bytes: Bytes, head: Buffer): Bytes {
  const charset = charsetOf(head)
  return charset === undefined ? bytes : transcoded(bytes, charset)
}

/** The beginning of a text, for a look at what it is; never throws. */
export function headText(head: Buffer): string {
  return decoderOf(charsetOf(head) ?? 'utf-8')(head).replace(/\r\n?/g, '\n')
}

async function* transcoded(bytes: Bytes, charset: string): AsyncGenerator<Uint8Array> {
  const decode = decoderOf(charset)
  for await (const chunk of bytes) yield Buffer.from(decode(chunk))
  yield Buffer.from(decode())
}

async function* checked(bytes: Bytes): AsyncGenerator<Uint8Array> {
  let begun: Buffer = Buffer.alloc(0)
  let position = 0
  for await (const chunk of bytes) {
    const joined = begun.length === 0 ? asBuffer(chunk) : Buffer.concat([begun, chunk])
    const whole = joined.subarray(0, joined.length - cutCharacter(joined))
    const fault = faultIn(whole)
    if (fault !== undefined) {
      yield whole.subarray(0, fault.at)
      throw notText(fault.what, position + fault.at)
    }
    yield whole
    position += whole.length
    begun = joined.subarray(whole.length)
  }
  if (begun.length > 0) throw notText('an invalid byte', position)
}

function faultIn(text: Buffer): { what: string; at: number } | undefined {
  const nul = text.indexOf(0)
  const invalid = isUtf8(text) ? -1 : invalidOffset(text)
  if (invalid !== -1 && (nul === -1 || invalid < nul)) return { what: 'an invalid byte', at: invalid }
  return nul === -1 ? undefined : { what: 'a NUL character', at: nul }
}

function notText(what: string, offset: number): PermanentError {
  return new PermanentError(
    `expected UTF-8 text, got ${what} at offset ${offset}: convert the file, or copy it again`,
  )
}

/** How many bytes at the end belong to a character that goes on in the next chunk (RFC 3629 §3). */
function cutCharacter(text: Buffer): number {
  for (let back = 1; back <= Math.min(3, text.length); back += 1) {
    const byte = text[text.length - back]!
    if (byte < 0x80) return 0
    if (byte >= 0xc0) return back < lengthByLead(byte) ? back : 0
  }
  return 0
}

/** How many bytes a character has, by its first. */
function lengthByLead(byte: number): number {
  if (byte >= 0xf0) return 4
  return byte >= 0xe0 ? 3 : 2
}
