import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodePage } from '../../../src/sources/reading/decode.ts'

const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'utf8') : Buffer.from(part))),
  )

describe('charsets', () => {
  test.each<[string, Buffer, string | undefined, string]>([
    ['UTF-8', bytes('Çağla 🤖'), undefined, 'Çağla 🤖'],
    ['nothing', bytes(''), undefined, ''],
    ['UTF-8 with a byte-order mark', bytes([0xef, 0xbb, 0xbf], 'é'), undefined, 'é'],
    ['UTF-16, little end first', bytes([0xff, 0xfe], [0xe9, 0x00, 0x21, 0x00]), undefined, 'é!'],
    ['UTF-16, big end first', bytes([0xfe, 0xff], [0x00, 0xe9, 0x00, 0x21]), undefined, 'é!'],
    [
      'a byte-order mark is surer than the header',
      bytes([0xef, 0xbb, 0xbf], 'é'),
      'text/html; charset=iso-8859-1',
      'é',
    ],
    ['Latin-1 by the header', bytes([0xe9]), 'text/html; charset=ISO-8859-1', 'é'],
    ['a quoted charset', bytes([0xe9]), 'text/html;charset="latin1"; x=y', 'é'],
    [
      'windows-1252 by <meta>',
      bytes('<meta charset=windows-1252>', [0x80]),
      undefined,
      '<meta charset=windows-1252>€',
    ],
    [
      'Latin-1 by an old <meta>',
      bytes('<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">', [0xe9]),
      undefined,
      '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">é',
    ],
    [
      'the header is surer than <meta>',
      bytes('<meta charset=windows-1252>é'),
      'text/html; charset=utf-8',
      '<meta charset=windows-1252>é',
    ],
    [
      'Latin-1 by an XML declaration',
      bytes('<?xml version="1.0" encoding="ISO-8859-1"?>', [0xe9]),
      undefined,
      '<?xml version="1.0" encoding="ISO-8859-1"?>é',
    ],
    ['a charset that does not exist', bytes('é'), 'text/html; charset=klingon', 'é'],
    ['a type without charset', bytes('é'), 'application/json', 'é'],
    ['mojibake stays as it was received', bytes('WÃ¼bben'), undefined, 'WÃ¼bben'],
  ])('%s', (_name, page, contentType, expected) => {
    expect(decodePage(page, contentType)).toBe(expected)
  })
})

test('lines end in LF', () => {
  expect(decodePage(bytes('a\r\nb\rc\n\r\nd'))).toBe('a\nb\nc\n\nd')
})

describe('what is no text is refused with its place', () => {
  test.each<[string, Buffer, RegExp]>([
    [
      'an invalid byte',
      bytes('abc', [0xff], 'def'),
      /^expected UTF-8 text, got an invalid byte at offset 3: /,
    ],
    [
      'an invalid byte after many',
      bytes('é'.repeat(70_000), [0xc3, 0x28]),
      /invalid byte at offset 140000: /,
    ],
    ['a character cut in two at the end', bytes('abc', [0xe2, 0x82]), /invalid byte at offset 3: /],
    ['Latin-1 that does not say so', bytes('caf', [0xe9], '!'), /invalid byte at offset 3: /],
    ['gzip', bytes([0x1f, 0x8b, 0x08, 0x00]), /invalid byte at offset 1: /],
    ['a NUL', bytes('abé', [0], 'c'), /^expected text, got a NUL character at byte 4: /],
    ['UTF-16 without a byte-order mark', bytes([0x41, 0, 0x42, 0]), /NUL character at byte 1: /],
    [
      'half a surrogate pair in UTF-16',
      bytes([0xff, 0xfe, 0x41, 0x00, 0x00, 0xd8]),
      /^expected utf-16le text/,
    ],
  ])('%s', (_name, page, message) => {
    expect(() => decodePage(page)).toThrow(message)
  })
})

test('any UTF-8 text without NUL and CR comes back as it was', () => {
  const text = fc.string({ unit: 'grapheme' }).map((value) => `x${value.replace(/[\0\r]/g, '')}`)
  fc.assert(fc.property(text, (value) => decodePage(Buffer.from(value)) === value))
})
