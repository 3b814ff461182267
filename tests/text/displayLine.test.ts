import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cleanLine, displayLine, shorten } from '../../src/text/displayLine.ts'

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

describe('displayLine', () => {
  test.each([
    ['A title\r\nBcc: all@example.org', 'A title Bcc: all@example.org'],
    ['tab\tNUL\0bell\u0007C1\u0085end', 'tab NUL bell C1 end'],
    ['line\u2028paragraph\u2029no-break\u00A0space', 'line paragraph no-break space'],
    ['\u202Etxt.exe\u202C and \u2066x\u2069\u200F', 'txt.exe and x'],
    ['zero\u200Bwidth\uFEFF soft\u00ADhyphen jo\u200Din', 'zerowidth softhyphen join'],
    ['tag\u{E0041}\u{E007F} lone \uD800.', 'tag lone \uFFFD.'],
    ['  spaces   around  ', 'spaces around'],
    ['می\u200Cخواهم 👩\u200D🔬', 'می\u200Cخواهم 👩\u200D🔬'],
    ['שלום <b> "x"', 'שלום <b> "x"'],
  ])('%j is safe as %j', (text, expected) => {
    expect(displayLine(text)).toBe(expected)
  })

  test.each([
    ['The quick brown fox jumps', 25, 'The quick brown fox jumps'],
    ['The quick brown fox jumps', 24, 'The quick brown fox…'],
    ['The quick brown fox jumps', 20, 'The quick brown fox…'],
    ['The quick, brown fox', 12, 'The quick…'],
    ['Donaudampfschifffahrt', 10, 'Donaudamp…'],
    ['深度学习综述与展望', 5, '深度学习…'],
    ['👩\u200D🔬👩\u200D🔬👩\u200D🔬', 2, '👩\u200D🔬…'],
    ['e\u0301e\u0301e\u0301', 2, 'e\u0301…'],
    ['two words', 1, '…'],
    ['two words', 0, ''],
  ])('%j in %d characters', (text, max, expected) => {
    expect(displayLine(text, max)).toBe(expected)
  })

  test('is one well-formed line within the limit, and stays it', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 80 }),
        fc.integer({ min: 1, max: 40 }),
        (text, max) => {
          const line = displayLine(text, max)
          expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u)
          expect(line).not.toMatch(/\p{Surrogate}/u)
          expect([...new Intl.Segmenter('en').segment(line)].length).toBeLessThanOrEqual(max)
          expect(displayLine(line, max)).toBe(line)
        },
      ),
    )
  })
})
