import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { identityKeys, titleKey } from '../../../src/papers/keys/identityKeys.ts'
import { parsePage } from '../../../src/sources/formats/formats.ts'

describe('identityKeys', () => {
  const title = 'A Paper'
  test('canonical arXiv id and DOI', () => {
    const entry = { title, arxivId: 'arXiv:2401.00001v2', doi: 'https://doi.org/10.1145/ABC' }
    expect(identityKeys(entry)).toEqual(['arxiv:2401.00001', 'doi:10.1145/abc'])
  })

  test('the DOI that arXiv gives out is an arXiv id', () => {
    expect(identityKeys({ title, doi: '10.48550/arXiv.2401.00001' })).toEqual(['arxiv:2401.00001'])
  })

  test('none without ids', () => {
    expect(identityKeys({ title })).toEqual([])
  })

  test('none for ids that are none', () => {
    expect(identityKeys({ title, arxivId: '2401.1', doi: 'n/a' })).toEqual([])
  })
})

describe('titleKey is the same for', () => {
  test.each([
    ['case', 'Attention Is All You Need', 'ATTENTION IS ALL YOU NEED'],
    ['hyphens', 'Pre-training of Deep Networks', 'Pretraining of Deep Networks'],
    ['kinds of hyphens', 'Pre‐training of Deep Networks', 'Pre–training of Deep Networks'],
    ['hyphens and spaces', 'Pre-training of Deep Networks', 'Pre training of Deep Networks'],
    ['white space', 'Realistic and Comprehensive MCP\n  Use', 'Realistic and Comprehensive MCP Use'],
    ['punctuation', 'Why? A Study: of “Things”.', "Why - a study of 'things'"],
    ['TeX and Unicode', "Koll\\'ar's injectivity theorem", 'Kollár’s Injectivity Theorem'],
    ['accents', 'Gröbner Bases Revisited', 'Grobner bases revisited'],
    ['accents that do not decompose', 'Ørsted and Łukasiewicz', 'Orsted and Lukasiewicz'],
    ['ligatures', 'Eﬃcient ﬁne-tuning', 'Efficient Fine-Tuning'],
    ['full width', 'Ｄｅｅｐ　Ｌｅａｒｎｉｎｇ', 'Deep Learning'],
    ['formulas', '$p$-adic limits of $L^2$ spaces', 'p-adic Limits of L^{2} spaces'],
    ['Greek symbols', 'On the $\\alpha$-divergence', 'On the α-Divergence'],
    ['Greek spelled out', 'On the $\\alpha$-divergence', 'On the Alpha Divergence'],
    ['formulas that lost their TeX', 'A $3\\times3$ Grid World', 'A 3times3 Grid World'],
    ['an ampersand', 'Vision & Language Models', 'Vision and Language Models'],
    ['thousands', 'The 1,000 Genomes Project', 'The 1000 Genomes Project'],
    ['numbered parts', 'Deep Networks, Part II: Depth', 'Deep Networks – Part 2: Depth'],
    ['abbreviated parts', 'Collected Works, Vol. II', 'Collected Works – vol 2'],
    ['vowel signs', 'العَرَبِيَّة في التعلم', 'العربية في التعلم'],
  ])('%s', (_what, one, other) => {
    expect(titleKey(one)).toMatch(/^title:./)
    expect(titleKey(other)).toBe(titleKey(one))
  })
})

describe('titleKey differs for', () => {
  test.each([
    ['parts', 'Deep Networks, Part I', 'Deep Networks, Part II'],
    ['versions', 'Scaling YOLOv2 for Robots', 'Scaling YOLOv3 for Robots'],
    ['a survey and its update', 'Transfer Learning: A Survey', 'Transfer Learning: A Survey (2nd edition)'],
    ['an erratum', 'A Theorem on Groups', 'Erratum to: A Theorem on Groups'],
    ['C, C++ and C#', 'Fuzzing C++ Compilers', 'Fuzzing C Compilers'],
    ['C++ and C#', 'Fuzzing C++ Compilers', 'Fuzzing C# Compilers'],
    ['vowels of Devanagari', 'हिन्दी में गहन शिक्षण', 'हान्दा में गहन शिक्षण'],
    ['voiced and voiceless kana', 'ガイド付き学習について', 'カイト付き学習について'],
    ['long titles that end differently', `${'Very '.repeat(60)}Long`, `${'Very '.repeat(60)}Longer`],
  ])('%s', (_what, one, other) => {
    expect(titleKey(one)).not.toBe(titleKey(other))
  })
})

describe('titleKey keeps the letters of', () => {
  test.each([
    ['深度学习综述', 'title:深度学习综述'],
    ['딥러닝 서베이 논문', 'title:딥러닝서베이논문'],
    ['Глубокое обучение', 'title:глубокоеобучение'],
    ['Βαθιά μάθηση', 'title:βαθιαμαθηση'],
    ['למידה עמוקה', 'title:למידהעמוקה'],
    ['हिन्दी में गहन शिक्षण', 'title:हिन्दीमेंगहनशिक्षण'],
  ])('%s', (title, expected) => {
    expect(titleKey(title)).toBe(expected)
  })
})

test.each([
  '',
  '   ',
  '???',
  '😀😀😀😀😀😀😀😀😀',
  '12345678',
  'BERT',
  'Llama 2',
  '综述',
  'Introduction',
  'INTRODUCTION.',
  'An Introduction',
  'Editorial',
  'Editorial 12',
  'Preface',
  'Untitled',
  'Untitled (2)',
  'Erratum',
  'Reply',
  "Author's Reply",
  'Table of Contents',
  'Supplementary Material',
  'Supplementary Materials',
  'Front Matter',
  'Guest editorial',
])('titleKey is undefined for %j, which does not tell papers apart', (title) => {
  expect(titleKey(title)).toBeUndefined()
})

test('a title of digits takes time by its length, not by its square', () => {
  expect(titleKey(`${'2024'.repeat(100_000)}x`)).toBeUndefined()
})

test('titleKey is short enough for an index, whatever the title', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 5000 }), (title) => {
      const key = titleKey(title) ?? ''
      return Buffer.byteLength(key) < 1500 && !/[\s\0\p{Surrogate}]/u.test(key)
    }),
  )
})

const DUMP = '../shared/dumps/hf-papers-search-page.txt'
test.skipIf(!existsSync(DUMP))('the 228 titles of the search page have 228 keys', () => {
  const { entries } = parsePage(readFileSync(DUMP, 'utf8'), 'auto')
  const keys = entries.map((entry) => titleKey(entry.title))
  expect(keys).toHaveLength(228)
  expect(keys).not.toContain(undefined)
  expect(new Set(keys).size).toBe(228)
})
