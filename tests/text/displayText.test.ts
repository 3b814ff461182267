import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cleanLine, displayLine, shorten } from '../../src/text/displayText.ts'

const FAMILY = '👨‍👩‍👧‍👦'

describe('cleanLine', () => {
  test.each([
    ['leaves plain text', 'Attention Is All You Need', 'Attention Is All You Need'],
    ['makes line breaks spaces', 'a\r\nBcc: evil@x.test\n\n b', 'a Bcc: evil@x.test b'],
    ['makes controls spaces', 'a\0b\u0007c\u0085d\u009Be', 'a b c d e'],
    ['makes line separators spaces', 'a\u2028b\u2029c', 'a b c'],
    ['makes odd spaces plain', 'a\u00A0\u3000b', 'a b'],
    ['takes bidi controls away', 'a\u202Eb\u2066c\u200Fd\u061Ce', 'abcde'],
    ['takes hidden text away', 'a\u{E0041}\u{E0042}b\u200B\uFEFFc', 'abc'],
    ['keeps right-to-left letters', 'שלום عليكم', 'שלום عليكم'],
    ['keeps joined emoji', `x ${FAMILY} y`, `x ${FAMILY} y`],
    ['replaces half surrogates', 'a\uD83Db\uDE00c', 'a\uFFFDb\uFFFDc'],
    ['bounds stacked marks', `a${'\u0301'.repeat(50)}b`, `a${'\u0301'.repeat(4)}b`],
    ['gives nothing for nothing', ' \n\t\0 ', ''],
  ])('%s', (_name, text, expected) => {
    expect(cleanLine(text)).toBe(expected)
  })

  test('leaves no control, bidi control or unpaired surrogate, whatever comes, and is stable', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const line = cleanLine(text)
        expect(line).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029\u200E\u200F\u202A-\u202E\u2066-\u2069]/u)
        expect(cleanLine(line)).toBe(line)
      }),
    )
  })
})

describe('shorten', () => {
  test.each([
    ['leaves what fits', 'four', 4, 'four'],
    ['cuts between words', 'one two three four', 10, 'one two…'],
    ['cuts a long word', 'abcdefghij', 5, 'abcd…'],
    ['drops punctuation before the cut', 'one two three, four five', 15, 'one two three…'],
    ['counts a joined emoji once', FAMILY.repeat(3), 3, FAMILY.repeat(3)],
    ['does not split a joined emoji', FAMILY.repeat(4), 3, `${FAMILY.repeat(2)}…`],
    ['counts a letter with marks once', 'e\u0301'.repeat(4), 3, `${'e\u0301'.repeat(2)}…`],
    ['gives nothing for no room', 'abc', 0, ''],
  ])('%s', (_name, text, max, expected) => {
    expect(shorten(text, max)).toBe(expected)
  })

  test('never exceeds its limit, nor what ordinary text of that length takes', () => {
    const graphemes = new Intl.Segmenter('en')
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.integer({ min: 0, max: 60 }),
        (text, max) => {
          const short = shorten(cleanLine(text), max)
          expect([...graphemes.segment(short)].length).toBeLessThanOrEqual(Math.max(max, 0))
          expect(short.length).toBeLessThanOrEqual(4 * max + 61)
          expect(short).not.toMatch(/\p{Cs}/u)
        },
      ),
    )
  })
})

test('displayLine cleans and shortens a text of any length', () => {
  expect(displayLine(' one\ntwo  three ', 9)).toBe('one two…')
  expect(displayLine('a\u202E'.repeat(1_000_000), 5)).toBe('aaaa…')
})
