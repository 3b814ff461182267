import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stem } from '../../../src/ranking/language/stem.ts'
import { analyse } from '../../../src/ranking/language/text.ts'

test.each<[string, string]>([
  ['Networks network', 'network network'],
  ['GNNs gnns GNN LLMs', 'gnn gnn gnn llm'],
  ['GPS css', 'gps css'],
  ['naïve Naive na\\"{i}ve', 'naiv naiv naiv'],
  ['ﬁne ｆｉｎｅ', 'fine fine'],
  ['X-ray X‑ray X ray', 'x ray x ray x ray'],
  ["Alzheimer's Alzheimer’s", 'alzheim alzheim'],
  ['$k$-means $\\mathcal{O}(n)$ \\emph{graph}', 'k mean o n graph'],
  ['\\alpha-divergence', 'alpha diverg'],
  ["Erd\\H{o}s R\\'enyi", 'erdo renyi'],
  ['Straßenplanung Strassenplanung', 'strassenplanung strassenplanung'],
  ['M\\o{}ller Møller Moller', 'moller moller moller'],
  ['α-synuclein $\\alpha$-synuclein alpha-synuclein', 'alpha synuclein alpha synuclein alpha synuclein'],
  ['$\\epsilon$-greedy ε-greedy', 'epsilon greedi epsilon greedi'],
  ['图神经网络 deep学习', '图神 神经 经网 网络 deep 学习'],
  ['深', '深'],
  ['¹-⻳ 深-', '1 龟 深'],
  ['하나 нейронная сеть', '하나 неиронная сеть'],
  ['शिक्षा', 'शिक्षा'],
  ['😀 — … !', ''],
])('%s → %s', (text, stems) => {
  expect(analyse(text).stems.join(' ')).toBe(stems)
})

test('a hyphenated word is also known as written in one', () => {
  expect(analyse('pre-training of X-rays').compounds).toEqual([
    { joined: 'pretrain', parts: ['pre', 'train'] },
    { joined: 'xray', parts: ['x', 'ray'] },
  ])
})

test('stems stay the same however often asked, and hold no white space', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const { stems } = analyse(text)
      expect(analyse(text).stems).toEqual(stems)
      for (const word of stems) expect(word).toMatch(/^\S+$/)
    }),
  )
})

test.each([
  ['generalizations', 'general'],
  ['running', 'run'],
  ['studies', 'studi'],
  ['dying', 'die'],
])('stem(%s) = %s', (word, expected) => {
  expect(stem(word)).toBe(expected)
})
