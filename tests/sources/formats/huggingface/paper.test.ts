import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Entry } from '../../../../src/domain.ts'
import { parseDailyItem } from '../../../../src/sources/formats/huggingface/paper.ts'

const least = { paper: { id: '2609.00001', title: 'T' } }
const leastEntry = {
  title: 'T',
  arxivId: '2609.00001',
  url: 'https://huggingface.co/papers/2609.00001',
  rank: 1,
}

function parsed(outer: object, paper: object = {}): unknown {
  const item = { ...least, ...outer, paper: { ...least.paper, ...paper } }
  return JSON.parse(JSON.stringify(parseDailyItem(item, 'here', 1)))
}

describe('ids', () => {
  test.each([
    ['2401.00001', '2401.00001'],
    ['2401.00001v12', '2401.00001'],
    [' 0704.0001 ', '0704.0001'],
    ['hep-th/9901001', 'hep-th/9901001'],
    ['math.CA/0611800v2', 'math/0611800'],
    ['../x', undefined],
    ['trending', undefined],
    ['2413.00001', undefined],
    ['2401.001', undefined],
    ['2401.00001/../../admin', undefined],
    ['2401.00001v', undefined],
    ['javascript:alert(1)', undefined],
    ['', undefined],
    [2401.00001, undefined],
    [null, undefined],
  ])('%j is %j', (value, expected) => {
    expect(parsed({}, { id: value })).toHaveProperty(
      expected === undefined ? 'reason' : 'arxivId',
      expected ?? expect.any(String),
    )
  })
})

describe('one field at a time', () => {
  test.each<[string, object, object, Partial<Entry> | Record<string, unknown>]>([
    ['nothing more', {}, {}, {}],
    ['summary', {}, { summary: ' a\n  b ' }, { abstract: 'a b' }],
    ['summary of the outer object only', { summary: 'outer' }, {}, { abstract: 'outer' }],
    [
      'authors',
      {},
      { authors: [{ name: 'A B' }, { name: ' ' }, { hidden: true, name: 'C D' }] },
      { authors: ['A B', 'C D'] },
    ],
    [
      'publishedAt',
      {},
      { publishedAt: '2026-09-24T00:00:00.000Z' },
      { publishedAt: '2026-09-24T00:00:00.000Z' },
    ],
    ['organization by its short name', {}, { organization: { name: 'acme' } }, { organization: 'acme' }],
    [
      'organization of the outer object',
      { organization: { fullname: 'ACME' } },
      {},
      { organization: 'ACME' },
    ],
    ['githubRepo', {}, { githubRepo: 'https://g.example/x' }, { codeUrl: 'https://g.example/x' }],
    ['projectPage', {}, { projectPage: 'http://p.example' }, { projectUrl: 'http://p.example' }],
    ['thumbnail', { thumbnail: 'https://t.example/x.png' }, {}, { thumbnailUrl: 'https://t.example/x.png' }],
    ['ai_summary', {}, { ai_summary: 'S' }, { aiSummary: 'S' }],
    ['ai_keywords', {}, { ai_keywords: ['a', 'b'] }, { keywords: ['a', 'b'] }],
    ['upvotes', {}, { upvotes: 0 }, { upvotes: 0 }],
    ['numComments', { numComments: 3 }, {}, { comments: 3 }],
    ['githubStars', {}, { githubStars: 7 }, { stars: 7 }],
    ['a title of the outer object only', { title: 'Outer' }, { title: undefined }, { title: 'Outer' }],
  ])('%s', (_name, outer, paper, expected) => {
    expect(parsed(outer, paper)).toEqual({ ...leastEntry, ...expected })
  })
})

describe('values that are not what they should be are left out', () => {
  test.each<[string, object, object]>([
    [
      'null everywhere',
      { numComments: null, thumbnail: null, organization: null },
      { summary: null, authors: null, publishedAt: null, upvotes: null, githubRepo: null, ai_keywords: null },
    ],
    [
      'other types',
      { numComments: '3', thumbnail: 5, organization: 'x' },
      { summary: 5, authors: 'A', upvotes: '5', githubRepo: {}, ai_keywords: {} },
    ],
    ['absurd numbers', { numComments: -1 }, { upvotes: 1e308, githubStars: 1.5 }],
    ['numbers no database holds', { numComments: 2 ** 31 }, { upvotes: Number.MAX_SAFE_INTEGER }],
    [
      'links that run',
      { thumbnail: 'data:text/html,x' },
      { githubRepo: 'javascript:alert(1)', projectPage: 'file:///etc/passwd' },
    ],
    [
      'links that mislead',
      { thumbnail: '//t.example/x' },
      { githubRepo: 'https://good.example@evil.example/', projectPage: 'https://a b' },
    ],
    [
      'empty lists and texts',
      {},
      { authors: [], ai_keywords: ['', 5, null], summary: ' \n ', ai_summary: '' },
    ],
    ['prototype names', {}, JSON.parse('{"__proto__":{"summary":"x"},"constructor":{"name":"x"}}')],
  ])('%s', (_name, outer, paper) => {
    expect(parsed(outer, paper)).toEqual(leastEntry)
  })
})

test('a date that is none is quoted; one without a zone is in UTC', () => {
  const none = '2026-02-30T00:00:00.000Z'
  expect(parsed({}, { publishedAt: none })).toEqual({ ...leastEntry, year: 2026, unreadDate: `"${none}"` })
  const publishedAt = '2026-02-20T05:00:00.000Z'
  expect(parsed({}, { publishedAt: '2026-02-20 05:00:00' })).toEqual({ ...leastEntry, publishedAt })
})

describe('what no database keeps is replaced in text', () => {
  test.each([
    ['NUL', 'a\u0000b', 'a b'],
    ['control characters', 'a\u0007\u001bb', 'a b'],
    ['lone surrogates', 'a\ud800b\udc00', 'a\ufffdb\ufffd'],
    ['white space of all kinds', '\u00a0a \t\r\n\u2028b\ufeff', 'a b'],
    [
      'and nothing else',
      '<b>ع & "q" $x$ \\times 🤖 &amp; Ã¼\u0083</b>',
      '<b>ع & "q" $x$ \\times 🤖 &amp; Ã¼\u0083</b>',
    ],
  ])('%s', (_name, title, expected) => {
    expect(parsed({}, { title })).toEqual({ ...leastEntry, title: expected })
  })
})

describe('rejects say what came instead', () => {
  test.each<[string, unknown, string]>([
    ['no object', 5, 'expected an object with a paper, got 5'],
    ['a list', [], 'expected an object with a paper, got a list'],
    ['no paper', { title: 'T' }, 'expected an object with a paper, got nothing'],
    ['a paper that is a list', { paper: [] }, 'expected an object with a paper, got a list'],
    ['no id', { paper: { title: 'T' } }, 'expected an arXiv id, got nothing'],
    ['a path as id', { paper: { id: '../x', title: 'T' } }, 'expected an arXiv id, got "../x"'],
    [
      'a number as title',
      { paper: { id: '2609.00001', title: 5 } },
      'expected a title, got 5 (paper 2609.00001)',
    ],
    [
      'an empty title',
      { paper: { id: '2609.00001', title: ' ' } },
      'expected a title, got "" (paper 2609.00001)',
    ],
    [
      'an endless title',
      { paper: { id: '2609.00001', title: 'x'.repeat(200_000) } },
      `expected a title, got "${'x'.repeat(60)}…" (paper 2609.00001)`,
    ],
  ])('%s', (_name, item, reason) => {
    expect(parseDailyItem(item, 'dailyPapers[3]', 4)).toEqual({ where: 'dailyPapers[3]', reason })
  })
})

test('any item gives a reject or a sound entry, and never throws', () => {
  const value = fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' }), fc.double())
  const paper = fc.record(
    {
      id: fc.constantFrom<unknown>('2609.00001', 'x', 5),
      title: value,
      summary: value,
      authors: value,
      upvotes: value,
      githubRepo: fc.oneof(value, fc.webUrl()),
      publishedAt: value,
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(fc.oneof(value, fc.record({ paper, numComments: value, thumbnail: value })), (item) => {
      const result = parseDailyItem(item, 'here', 1)
      if ('reason' in result) return result.where === 'here' && result.reason.length > 0
      const isSoundText =
        result.title.trim() === result.title && result.title !== '' && !/[\u0000-\u001f]/.test(result.title)
      const isSoundCount =
        result.upvotes === undefined || (Number.isInteger(result.upvotes) && result.upvotes >= 0)
      return isSoundText && isSoundCount && /^https?:/.test(result.codeUrl ?? 'http:')
    }),
  )
})
