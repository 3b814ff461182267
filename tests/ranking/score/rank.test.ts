import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Ranked, type RankOptions, rankTopic } from '../../../src/ranking/choose/rankTopic.ts'
import { buildIndex } from '../../../src/ranking/corpus/rankingIndex.ts'
import type { RankablePaper } from '../../../src/ranking/index/paperIndex.ts'
import { EVERYTHING, parseQuery } from '../../../src/ranking/language/query.ts'
import { paper } from '../papers.ts'

const PAPERS: RankablePaper[] = [
  paper(1, 'Graph neural networks for molecules', {
    abstract: 'We study message passing on molecules.',
    authors: ['Yann LeCun', 'Ada B. Núñez'],
    categories: ['cs.LG', 'q-bio.BM'],
    organization: 'Google DeepMind',
    upvotes: 3,
  }),
  paper(2, 'A survey of molecules', { abstract: 'Graph methods; the neural kind too.', upvotes: 90 }),
  paper(3, 'Chest xray reading', {
    abstract: 'Radiology.',
    categories: ['cs.CV'],
    venue: 'ICLR 2026 Oral',
    upvotes: 41,
  }),
  paper(4, 'Reading X-rays of the chest', { abstract: 'The chest X-ray is common.', authors: ['Y. LeCun'] }),
  paper(5, 'Cooking', { abstract: null, keywords: ['pasta', 'chest X ray'], upvotes: 500 }),
  paper(6, 'Tumours 网络', { abstract: '图神经网络的研究' }),
]
const index = buildIndex(PAPERS)

function ids(query: string, options: RankOptions = {}): number[] {
  return rankTopic(index, parseQuery(query), { trendWeight: 0, ...options }).map(({ paperId }) => paperId)
}

describe('what matches', () => {
  test.each<[string, number[]]>([
    ['molecule', [1, 2]],
    ['"graph neural network"', [1]],
    ['"chest x-ray"', [3, 5, 4]],
    ['xray', [3, 4, 5]],
    ['"x ray"', [4, 5]],
    ['molecules -survey', [1]],
    ['molecules +survey', [2]],
    ['molecules -"message passing"', [2]],
    ['molecules min:20', [2]],
    ['author:LeCun', [1, 4]],
    ['author:"Y. LeCun"', [1, 4]],
    ['author:"LeCun, Yann"', [1, 4]],
    ['author:nunez', [1]],
    ['author:"Ada Núñez"', [1]],
    ['author:"Bob LeCun"', []],
    ['author:Y', []],
    ['cat:cs', [3, 1]],
    ['cat:cs.*', [3, 1]],
    ['cat:CS.cv', [3]],
    ['cat:cs.C', []],
    ['cat:cs.CV cat:q-bio', [3, 1]],
    ['org:deepmind', [1]],
    ['org:deep', []],
    ['venue:iclr', [3]],
    ['venue:"ICLR 2026"', [3]],
    ['venue:ICML', []],
    ['reading author:LeCun', [4]],
    ['molecules author:LeCun^2', [1, 4, 2]],
    ['-molecules', [5, 3, 4, 6]],
    ['图神经', [6]],
    ['pasta', [5]],
    ['unheardof', []],
    ['unheardof pasta', [5]],
  ])('%s', (query, expected) => {
    expect(ids(query)).toEqual(expected)
  })

  test('everything is ordered by upvotes', () => {
    expect(rankTopic(index, EVERYTHING).map(({ paperId }) => paperId)).toEqual([5, 2, 3, 1, 4, 6])
  })

  test('excluded papers do not come, and the limit holds', () => {
    expect(ids('"chest x-ray"', { exclude: (id) => id === 4, limit: 1 })).toEqual([3])
  })
})

describe('reasons', () => {
  test.each<[string, number, string[]]>([
    [
      '"graph neural network" molecules message',
      1,
      [
        'matches “graph neural networks” and “molecules” in the title',
        '“message” in the abstract',
        '3 upvotes',
      ],
    ],
    ['pasta', 5, ['“pasta” in the keywords', '500 upvotes']],
    ['author:"Yann LeCun" author:Bengio', 4, ['by Yann LeCun']],
    ['cat:cs.CV', 3, ['in cs.CV', '41 upvotes']],
    ['org:deepmind', 1, ['from deepmind', '3 upvotes']],
    ['-molecules', 6, ['listed on 2026-11-20']],
  ])('%s', (query, id, expected) => {
    const found = rankTopic(index, parseQuery(query)).find(({ paperId }) => paperId === id)
    expect(found?.reasons.map(({ text }) => text)).toEqual(expected)
  })
})

test('a title without its abstract is not a short paper: the same title with one comes first', () => {
  const abstract = `Packets find a way. ${'Routers forward them by tables of the roads ahead. '.repeat(8)}`
  const papers = [
    paper(1, 'Routing in radio networks'),
    paper(2, 'Routing in radio networks', { abstract: `${abstract} Routing in radio networks is measured.` }),
    ...Array.from({ length: 9 }, (_, at) => paper(10 + at, 'Bread', { abstract })),
  ]
  const ranked = rankTopic(buildIndex(papers), parseQuery('routing networks'))
  expect(ranked.map(({ paperId }) => paperId).slice(0, 2)).toEqual([2, 1])
})

describe('upvotes', () => {
  const twins = buildIndex([
    paper(1, 'Robots', { upvotes: 0 }),
    paper(2, 'Robots', { upvotes: 1_000_000 }),
    paper(3, 'Cats', { upvotes: 1_000_000 }),
    paper(4, 'Dogs'),
    paper(5, 'Birds'),
  ])
  const robots = parseQuery('robots')

  test('lift a paper by at most the trend weight, and never one that does not match', () => {
    const [best, second, ...others] = rankTopic(twins, robots, { trendWeight: 0.2 })
    expect([best?.paperId, second?.paperId, others]).toEqual([2, 1, []])
    expect(best!.score).toBeLessThanOrEqual(second!.score + 0.2)
  })

  test('do not count with weight 0', () => {
    const [first, second] = rankTopic(twins, robots, { trendWeight: 0 })
    expect(first?.score).toBe(second?.score)
  })

  test('a clearly better match stays ahead of a popular weak one', () => {
    const weak = paper(9, 'Something else', { abstract: `robots ${'word '.repeat(300)}`, upvotes: 9999 })
    const strong = paper(8, 'Robots and robots', { abstract: 'Robots.' })
    const [first] = rankTopic(buildIndex([weak, strong, paper(7, 'Dogs'), paper(6, 'Cats')]), robots)
    expect(first?.paperId).toBe(8)
  })
})

test('equal scores: more upvotes, then the later day, then the lower id', () => {
  const day = '2026-11-21'
  const twins = [
    paper(3, 'A robot'),
    paper(2, 'A robot'),
    paper(4, 'A robot', { day }),
    paper(1, 'Cat'),
    paper(5, 'Dog'),
  ]
  expect(rankTopic(buildIndex(twins), parseQuery('robot')).map(({ paperId }) => paperId)).toEqual([4, 2, 3])
})

describe('for any papers and query', () => {
  const word = fc.constantFrom(
    'graph',
    'neural',
    'x-ray',
    'xray',
    'GNNs',
    'the',
    '网络',
    'müller',
    'x',
    'ray',
  )
  const text = fc.array(word, { maxLength: 12 }).map((words) => words.join(' '))
  const anyPaper = fc.record({
    title: text,
    abstract: fc.option(text),
    authors: fc.array(text, { maxLength: 2 }),
    categories: fc.array(fc.constantFrom('cs.CL', 'cs.CV', 'math'), { maxLength: 2 }),
    organization: fc.option(text),
    keywords: fc.array(text, { maxLength: 2 }),
    upvotes: fc.option(fc.nat()),
    day: fc.option(fc.constantFrom('2026-01-01', '2026-01-02')),
  })
  const papers = fc.array(anyPaper, { maxLength: 12 }).map((all) => all.map((one, id) => ({ id, ...one })))
  const clause = fc.constantFrom(
    'graph',
    '"neural x-ray"',
    'xray^2',
    'gnn^0.1',
    '-ray',
    '+graph',
    'author:müller^3',
    'cat:cs',
    'min:1',
    'nowhere',
  )
  const query = fc.array(clause, { minLength: 1, maxLength: 5 }).map((all) => all.join(' '))
  const trendWeight = fc.double({ min: 0, max: 1, noNaN: true })

  test('parts add up to the score exactly, scores fall and are finite, every paper has a reason and comes once', () => {
    fc.assert(
      fc.property(papers, query, trendWeight, (all, typed, weight) => {
        const ranked = rankTopic(buildIndex(all), parseQuery(typed), { trendWeight: weight })
        expect(new Set(ranked.map(({ paperId }) => paperId)).size).toBe(ranked.length)
        ranked.forEach((item: Ranked, at) => {
          expect(item.parts.reduce((sum, part) => sum + part.value, 0)).toBe(item.score)
          expect(Number.isFinite(item.score)).toBe(true)
          expect(item.reasons.length).toBeGreaterThan(0)
          expect(item.score).toBeLessThanOrEqual(ranked[at - 1]?.score ?? Number.POSITIVE_INFINITY)
        })
      }),
    )
  })

  test('the order of the papers does not matter', () => {
    fc.assert(
      fc.property(papers, query, (all, typed) => {
        const forward = rankTopic(buildIndex(all), parseQuery(typed))
        const backward = rankTopic(buildIndex([...all].reverse()), parseQuery(typed))
        expect(backward.map(({ paperId }) => paperId)).toEqual(forward.map(({ paperId }) => paperId))
      }),
    )
  })
})

test.each([
  ['many words', Array.from({ length: 500 }, (_, at) => `word${at}`).join(' ')],
  ['many signs', '(a+)+$ [x]*? \\d{1,9} |||'],
  ['many hyphens', `${'a-'.repeat(1900)}a`],
  ['emoji', '🤖🤖 🎉'.repeat(50).concat(' robot')],
  ['Arabic', 'التعلم العميق'],
  ['Chinese', '图神经网络的研究方法与应用'.repeat(50)],
])('a query of %s is ranked', (_, query) => {
  for (const { score } of rankTopic(index, parseQuery(query))) expect(Number.isFinite(score)).toBe(true)
})

test.each([
  ['none', []],
  ['one without text', [paper(1, '!!!')]],
  ['all the same', [paper(1, 'Cat'), paper(2, 'Cat')]],
])('%s: ranked without failing', (_, papers) => {
  expect(() => rankTopic(buildIndex(papers), parseQuery('cat'))).not.toThrow()
})
