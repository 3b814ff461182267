import { isUtf8 } from 'node:buffer'
import { PermanentError } from '../../../errors.ts'
import { invalidOffset } from '../../reading/decode.ts'
import { asBuffer, type Bytes } from '../containers/bytes.ts'

/**
 * A stream of text in UTF-8, cut only between characters; UTF-16 with a byte-order mark is turned into it.
 * @throws PermanentError with the offset of the first byte that is no text; what came before was given out.
 */
export function checkedText(bytes: Bytes, head: Buffer): Bytes {
  return checked(asUtf8(bytes, head))
}

/** The stream in UTF-8 where its byte-order mark says UTF-16 (https://encoding.spec.whatwg.org/#bom-sniff), else as it is. */
export function asUtf8(bytes: Bytes, head: Buffer): Bytes {
  const charset = charsetByMark(head)
  return charset === undefined ? bytes : transcoded(bytes, charset)
}

/** The beginning of a text, for a look at what it is; never throws. */
export function headText(head: Buffer): string {
  return new TextDecoder(charsetByMark(head) ?? 'utf-8').decode(head).replace(/\r\n?/g, '\n')
}

function charsetByMark(head: Buffer): string | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  return head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : undefined
}

async function* transcoded(bytes: Bytes, charset: string): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder(charset)
  for await (const chunk of bytes) yield Buffer.from(decoder.decode(chunk, { stream: true }))
  yield Buffer.from(decoder.decode())
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
