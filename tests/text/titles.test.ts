import fc from 'fast-check'
import { expect, test } from 'vitest'
import { foldTitle, lettersIn } from '../../src/text/titles.ts'
import { thorough } from '../support/thorough.ts'

/** Plain titles are folded in a shorter way; an accent makes any title take the long one. */
const titles = fc.oneof(
  fc.string({ unit: 'binary-ascii', maxLength: 120 }),
  fc
    .array(
      fc.constantFrom(
        'A',
        'part',
        'Vol',
        'iv',
        'II',
        '3.5',
        '1,234',
        '.5',
        'U.S.',
        '-',
        '&',
        'C++',
        '$x$',
        ',',
      ),
      { maxLength: 12 },
    )
    .map((words) => words.join(' ')),
)

test('a title folds the same beside a word that is not plain', () => {
  fc.assert(
    fc.property(titles, (title) => {
      fc.pre(!/[\\$`~^{&+#]/.test(title))
      expect(foldTitle(`${title} é`)).toBe(`${foldTitle(title)} e`.trim())
    }),
    { numRuns: thorough(500) },
  )
})

test('letters count the same beside one that is not plain', () => {
  fc.assert(
    fc.property(titles, (title) => {
      expect(lettersIn(`${title}é`)).toBe(lettersIn(title) + 1)
    }),
  )
})
