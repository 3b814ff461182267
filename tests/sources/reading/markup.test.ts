import { describe, expect, test } from 'vitest'
import { markupLines, plainText } from '../../../src/sources/reading/markup.ts'
import { abstractIn } from '../../../src/sources/reading/prose/abstracts.ts'

describe('markup goes, text stays', () => {
  test.each([
    ['<details><summary>Show</summary><p>We light.</p></details>', 'We light.'],
    ['H<sub>2</sub>O and <i>E. coli</i>', 'H2O and E. coli'],
    ['R&amp;amp;D &amp;lt; 3', 'R&D < 3'],
    ['&lt;p&gt;We light.&lt;/p&gt;', 'We light.'],
    [
      '<jats:sec><jats:title>Aim</jats:title><jats:p>We <jats:italic>light</jats:italic>.</jats:p></jats:sec>',
      'Aim We light.',
    ],
    ['if a<b and c>d', 'if a<b and c>d'],
    ['the token <tool_call> and <x>', 'the token <tool_call> and <x>'],
    ['AT&T', 'AT&T'],
    ['a<!-- hidden -->b<script>alert(1)</script>', 'a b'],
    [
      'of <mml:math><mml:msup><mml:mi>x</mml:mi><mml:mn>10</mml:mn></mml:msup></mml:math> lamps',
      'of x^(10) lamps',
    ],
    [
      '<math><semantics><mi>x</mi><annotation encoding="application/x-tex">x_1</annotation></semantics></math>',
      '$x_1$',
    ],
    ['<math alttext="\\alpha"><mi>α</mi></math>', '$\\alpha$'],
    ['', undefined],
    ['<p></p>', undefined],
    [5, undefined],
  ])('%j', (text, expected) => {
    expect(plainText(text)).toBe(expected)
  })

  test.each([
    '<math>'.repeat(20_000),
    '<!--'.repeat(20_000),
    '<script>'.repeat(10_000),
    '<p '.repeat(30_000),
    '&amp;'.repeat(20_000),
  ])('hostile text is read like other text: %s', (text) => {
    expect(markupLines(text).length).toBeLessThanOrEqual(1)
  })
})

describe('what stands around an abstract goes', () => {
  test.each([
    [
      [
        'Lantern Lett. 2026 Mar 1:114425. doi: 10.1234/lan.1. Online ahead of print.',
        'ABSTRACT',
        'We light.',
        'PMID:39999999 | DOI:10.1234/lan.1',
      ],
    ],
    [['Lanterns, Published online: 03 May 2026; doi:10.1038/s41586-026-00000-0', 'We light.']],
    [['Journal of Lanterns, Volume 12, Issue 3, Page 1-9, May 2026.', 'Abstract', 'We light.']],
    [['Journal of Lanterns, EarlyView.', 'Abstract', 'We light.', 'Read more']],
    [['LanternKeys 1: 1-9', 'Abstract: We light.', 'HTML', 'XML', 'PDF']],
    [['【摘要】We light.']],
    [['摘要：We light.', '© 2026 The Lantern Society. All rights reserved.']],
    [['We light.', 'The post Lanterns appeared first on Lantern Blog.']],
    [['A title', 'Abstract', 'We light.']],
  ])('%j', (lines) => {
    expect(abstractIn(lines, 'A title')).toBe('We light.')
  })

  test.each([
    'Abstract Meaning Representation is a graph.',
    'Abstract interpretation finds faults.',
    'Summary statistics are told apart.',
    'Read more papers, says a study of 2026.',
  ])('first words stay: %s', (text) => {
    expect(abstractIn([text, 'It ends.'])).toBe(`${text} It ends.`)
  })
})
