import { describe, expect, test } from 'vitest'
import type { Paper } from '../../../src/domain.ts'
import {
  bibtexOf,
  citationTags,
  coinsOf,
  csvOf,
  markdownOf,
  risOf,
} from '../../../src/web/papers/citations.ts'
import { showTex } from '../../../src/web/papers/formulas.ts'

const PAPER = {
  id: 7,
  title: 'A 50% Faster $\\ell_1$ Lantern & Its {Light',
  abstract: 'We write\nin one step.',
  authors: ['Ada van der Lovelace', 'Bo'],
  arxivId: '2611.00001',
  doi: null,
  url: null,
  publishedAt: new Date('2026-11-20T00:00:00Z'),
  year: null,
  venue: null,
  categories: ['cs.CV'],
  keywords: ['light'],
} as unknown as Paper

describe('a paper for reference managers', () => {
  test('BibTeX: formulas stay, signs of TeX are escaped, braces are in pairs', () => {
    expect(bibtexOf(PAPER)).toBe(`@misc{lovelace2026faster,
  title = {{A 50\\% Faster $\\ell_1$ Lantern \\& Its Light}},
  author = {Ada van der Lovelace and Bo},
  year = {2026},
  eprint = {2611.00001},
  archivePrefix = {arXiv},
  primaryClass = {cs.CV},
  url = {https://arxiv.org/abs/2611.00001},
  abstract = {We write in one step.}
}
`)
  })

  test('RIS: text in Unicode, one value a line', () => {
    expect(risOf({ ...PAPER, venue: 'Light J.', doi: '10.1/x' }).split('\r\n')).toEqual([
      'TY  - JOUR',
      'TI  - A 50% Faster ℓ₁ Lantern & Its {Light',
      'AU  - Lovelace, Ada van der',
      'AU  - Bo',
      'PY  - 2026',
      'DA  - 2026/11/20',
      'JO  - Light J.',
      'DO  - 10.1/x',
      'AN  - arXiv:2611.00001',
      'UR  - https://arxiv.org/abs/2611.00001',
      'AB  - We write in one step.',
      'KW  - light',
      'ER  - ',
      '',
    ])
  })

  test('Markdown: a list whose signs are text, whatever a title holds', () => {
    const odd = {
      ...PAPER,
      title: '[Stars] *and* `stripes` <b>',
      aiSummary: null,
      abstract: 'Line one.\nLine two.',
    }
    expect(markdownOf([odd])).toBe(`# Saved papers

- **[\\[Stars\\] \\*and\\* \\\`stripes\\\` \\<b\\>](<https://arxiv.org/abs/2611.00001>)**\\
  Ada van der Lovelace, Bo, 2026\\
  > Line one. Line two.
`)
  })

  test('CSV: quoted where it must be, and no cell is a formula', () => {
    const odd = { ...PAPER, title: '=HYPERLINK("http://evil.example")', abstract: 'One, two' }
    expect(csvOf([odd])).toBe(
      'title,authors,year,arxivId,doi,url,categories,abstract\r\n' +
        '"\'=HYPERLINK(""http://evil.example"")","Ada van der Lovelace; Bo",2026,2611.00001,,https://arxiv.org/abs/2611.00001,cs.CV,"One, two"\r\n',
    )
  })

  test('tags and COinS name the same paper', () => {
    expect(citationTags(PAPER).map(([name]) => name)).toEqual([
      'citation_title',
      'citation_author',
      'citation_author',
      'citation_publication_date',
      'citation_arxiv_id',
      'citation_pdf_url',
    ])
    const coins = new URLSearchParams(coinsOf(PAPER))
    expect([coins.getAll('rft.au'), coins.get('rft.date'), coins.getAll('rft_id')]).toEqual([
      ['Ada van der Lovelace', 'Bo'],
      '2026-11-20',
      ['info:arxiv/2611.00001', 'https://arxiv.org/abs/2611.00001'],
    ])
  })
})

describe('formulas on a page', () => {
  test.each([
    ['bounds of $O(n)$ hold', ['bounds of ', true, ' hold']],
    ['costs $5 and $6', ['costs $5 and $6']],
    ['a $\\frac{1}{$ b', ['a ', '\\frac{1}{', ' b']],
    ['$\\href{javascript:alert(1)}{x}$', ['x (javascript:alert(1))']],
    ['<img> & $x<y$', ['<img> & ', true]],
  ])('%s', (text, expected) => {
    expect(showTex(text).map((part) => (part.mathml === undefined ? part.text : true))).toEqual(expected)
  })

  test('carry no styles, links or scripts', () => {
    const html = showTex('$\\color{red}{x}\\href{javascript:alert(1)}{y} \\text{<script>}$')
      .map(({ mathml }) => mathml)
      .join('')
    expect(html).not.toMatch(/style=|href=|<script/)
  })
})
