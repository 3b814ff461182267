import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parsePage } from '../../src/sources/formats/formats.ts'
import { texToUnicode } from '../../src/text/texToUnicode.ts'
import { thorough } from '../support/thorough.ts'

describe('texToUnicode', () => {
  test.each([
    // accents, as arXiv writes names
    ['Bal\\\'azs, {\\O}bro, Gr\\"obner', 'Balázs, Øbro, Gröbner'],
    ["Rastislav \\v{S}r\\'amek, Tom\\'a\\v{s} Vina\\v{r}", 'Rastislav Šrámek, Tomáš Vinař'],
    ['R. Tom\\`as, Fran\\c{c}ois, Erd\\H{o}s, \\L{}ukasz', 'R. Tomàs, François, Erdős, Łukasz'],
    ["M\\o ller, Garc\\'\\i a, \\'{\\i}, \\aa, \\ss", 'Møller, García, í, å, ß'],
    ['\\~n \\^o \\=a \\.z \\k{a} \\r{a} \\u{g} \\d{h}', 'ñ ô ā ż ą å ğ ḥ'],
    // formulas
    ['From dyadic $\\Lambda_{\\alpha}$ to $\\Lambda_{\\beta}$', 'From dyadic Λ_α to Λᵦ'],
    ['$p$-adic Limits', 'p-adic Limits'],
    ['$H^{p,q}(R^n)$', 'H^(p,q)(Rⁿ)'],
    ['across $CO_2$ forcing', 'across CO₂ forcing'],
    ['$O(n\\log n)$, $\\log\\log n$, $\\sin\\theta$', 'O(n log n), log log n, sin θ'],
    ['$a\\leq b$, $a \\leq b$, $\\sim$5\\%', 'a ≤ b, a ≤ b, ~5%'],
    ['$\\mathbb{R}^d$, $\\mathbb R$, $\\mathcal{O}(N^2)$', 'ℝᵈ, ℝ, 𝒪(N²)'],
    ['$\\frac{1}{2}$, $\\frac{a+b}{c}$, $\\sqrt{5}$, $\\sqrt{x+1}$', '1/2, (a+b)/c, √5, √(x+1)'],
    ['$\\hat{x}$, $\\bar{b}$, $\\overline{AB}$, $\\not\\in$', 'x̂, b̄, AB, ∉'],
    ['$L_{\\text{CE}}$, $x_{ij}$, $30^\\circ$, $A^\\top$', 'L_CE, xᵢⱼ, 30°, Aᵀ'],
    ['$\\left( x \\right)$ and $\\{a, b\\}$', '( x ) and {a, b}'],
    ['$$E=mc^2$$ \\(x_1\\) \\[y\\]', 'E=mc² x₁ y'],
    ['$a$$b$', 'ab'],
    ['{\\Delta}E=-4.7 at 10{\\deg}', 'ΔE=-4.7 at 10°'],
    // TeX outside formulas
    ['10.9\\times faster, 98.3\\% of R\\&D', '10.9× faster, 98.3% of R&D'],
    ['DR^{3}-Eval and H_{2}O', 'DR³-Eval and H₂O'],
    ['\\emph{very} \\textbf{bold $x^2$} {\\it slanted}', 'very bold x² slanted'],
    ["``AR2Diff''", '“AR2Diff”'],
    ['Task~1, 14~MB, et al.~\\cite{foo}', 'Task 1, 14 MB, et al. [foo]'],
    ['(\\eg adapters, \\ie small ones), \\etc.', '(e.g. adapters, i.e. small ones), etc.'],
    ['\\href{https://example.org/}{here}', 'here (https://example.org/)'],
    ['100\\%', '100%'],
    ['about \\$400K', 'about $400K'],
    ["don\\'t, http:\\/\\/example.org", "don't, http://example.org"],
  ])('%j', (tex, expected) => {
    expect(texToUnicode(tex)).toBe(expected)
  })

  test.each([
    'costs $5 and $6',
    'US$5 vs US$6',
    '$5-$10, 5$-10$, from 5$ to 10$',
    'between $1,000 and $2,000 a month',
    'A$AP Rocky',
    'a mean cost of $0.000039 per task',
    'file_name and 10^5 and x_1 and a^b',
    '{this https URL} and {"a": 1}',
    'C:\\Users\\foo',
    '\\methodabbr improves \\foo{bar}',
    '5~10 items in ~/home, a ~ b',
    "5'' wide, it's `code` and ``more``",
    '50% off, R&D, #1',
    '100 % שלום 深度学习 😀',
    '<script>alert(1)</script>',
    '',
    '\\',
    '$',
    '$$',
    '{',
    '}{',
    '\\v{',
    '\\frac{1',
    '$\\',
    '\\unicode{xD800}',
  ])('leaves %j as it is', (text) => {
    expect(texToUnicode(text)).toBe(text)
  })

  test('leaves plain text as it is', () => {
    const plain = fc.string({ unit: 'grapheme' }).filter((text) => !/[\\$^_~`]/.test(text))
    fc.assert(fc.property(plain, (text) => texToUnicode(text) === text))
  })

  test('never throws, and makes no text much longer', () => {
    const signs = fc.constantFrom(
      ...'{}$\\^_~`\'"[]()&%|! \n',
      ...'abcvuHkrdbti01é',
      '\\frac',
      '\\sqrt',
      '\\hat',
      '\\alpha',
      '\\text{',
      '\\emph{',
      '$$',
      '``',
      "''",
    )
    fc.assert(
      fc.property(fc.array(signs, { maxLength: 60 }), (pieces) => {
        const tex = pieces.join('')
        return texToUnicode(tex).length <= 8 * tex.length
      }),
      { numRuns: thorough(500) },
    )
  })

  test.each(['{', '$', '\\v{', '\\frac{', '^{', '{\\a ', '$ {', '``', '\\hat '])(
    'survives 100,000 times %j',
    (piece) => {
      expect(() => texToUnicode(piece.repeat(100_000))).not.toThrow()
    },
  )
})

const DUMP = '../shared/dumps/hf-papers-search-page.txt'
test.skipIf(!existsSync(DUMP))('of 228 real papers nothing but TeX changes', () => {
  const { entries } = parsePage(readFileSync(DUMP, 'utf8'), 'auto')
  const texts = entries.flatMap(({ title, abstract }) => [title, abstract ?? ''])
  const changed = texts.filter((text) => texToUnicode(text) !== text)
  expect(changed.length).toBeGreaterThan(0)
  expect(changed.filter((text) => !/[\\$`~]|[\^_]\{/.test(text))).toEqual([])
  expect(texts.map(texToUnicode).filter((text) => /\$[^\d]|\\[%&]/.test(text))).toEqual([])
})
