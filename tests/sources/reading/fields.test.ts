import fc from 'fast-check'
import { expect, test } from 'vitest'
import { textOf } from '../../../src/sources/reading/fields.ts'
import { thorough } from '../../support/thorough.ts'

const WHITE = [
  ' ',
  ' ',
  ' ',
  '\n',
  '\t',
  '\r\n',
  '\u0000',
  '\u001F',
  '\u007F',
  '\u00A0',
  '\u2028',
  '\u3000',
  '\uFEFF',
]
const texts = fc.array(
  fc.oneof(
    fc.constantFrom(...WHITE, 'word', 'é', '漢', '\uD800', '\uDC00', '😀'),
    fc.string({ maxLength: 5 }),
  ),
)

test('a text has single spaces alone, no control characters, no lone surrogates, and all its words', () => {
  fc.assert(
    fc.property(texts, (parts) => {
      const text = parts.join('')
      const words = text.split(/[\s\u0000-\u001F\u007F]+/).filter((word) => word !== '')
      expect(textOf(text)).toBe(
        words.length === 0 ? undefined : words.join(' ').replace(/\p{Surrogate}/gu, '\uFFFD'),
      )
    }),
    { numRuns: thorough(500) },
  )
})

test.each(['\u200B', ' \u200B\u2060 ', '\u202E\u202C'])(
  'signs without a width alone are no text: %j',
  (text) => {
    expect(textOf(text)).toBeUndefined()
    expect(textOf(`${text}A`)).toBeDefined()
  },
)
