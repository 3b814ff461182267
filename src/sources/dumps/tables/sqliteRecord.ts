export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be'
export type SqliteValue = string | number | bigint | Uint8Array | null

/** The sizes of integers by their serial types. */
const INTEGER_BYTES = [0, 1, 2, 3, 4, 6, 8]

/**
 * The values of a record (https://www.sqlite.org/fileformat2.html#record_format). Those that reach behind its end are
 * left out.
 */
export function valuesOf(record: Buffer, encoding: TextEncoding): SqliteValue[] {
  const values: SqliteValue[] = []
  const header = varintAt(record, 0)
  let [at, body] = [header.length, header.value]
  while (at < header.value && at < record.length) {
    const type = varintAt(record, at)
    at += type.length
    const length = lengthOf(type.value)
    if (body + length > record.length) break
    values.push(valueAt(record, body, type.value, length, encoding))
    body += length
  }
  return values
}

function lengthOf(type: number): number {
  if (type >= 12) return (type - (type % 2 === 0 ? 12 : 13)) / 2
  return type === 7 ? 8 : (INTEGER_BYTES[type] ?? 0)
}

function valueAt(
  record: Buffer,
  at: number,
  type: number,
  length: number,
  encoding: TextEncoding,
): SqliteValue {
  if (type >= 12) {
    const bytes = record.subarray(at, at + length)
    return type % 2 === 0 ? bytes : textIn(bytes, encoding)
  }
  if (type === 7) return record.readDoubleBE(at)
  if (type === 6) return record.readBigInt64BE(at)
  if (type === 8 || type === 9) return type - 8
  return length === 0 ? null : record.readIntBE(at, length)
}

function textIn(bytes: Buffer, encoding: TextEncoding): string {
  if (encoding === 'utf-8') return bytes.toString()
  const whole = bytes.subarray(0, bytes.length - (bytes.length % 2))
  return (encoding === 'utf-16be' ? Buffer.from(whole).swap16() : whole).toString('utf16le')
}

/** A number of seven bits a byte, nine bytes at most, the last of which has eight. */
export function varintAt(bytes: Buffer, at: number): { value: number; length: number } {
  let value = 0
  for (let length = 1; length <= 9; length += 1) {
    const byte = bytes[at + length - 1] ?? 0
    if (length === 9) return { value: value * 256 + byte, length }
    value = value * 128 + (byte & 0x7f)
    if (byte < 0x80) return { value, length }
  }
  return { value, length: 9 }
}
