import { describe, expect, test } from 'vitest'
import type { Topic } from '../../../src/domain.ts'
import { selectDigest } from '../../../src/ranking/choose/selectDigest.ts'
import { TRENDING } from '../../../src/ranking/choose/topicDraft.ts'
import { buildIndex } from '../../../src/ranking/corpus/rankingIndex.ts'
import { paper } from '../papers.ts'

const index = buildIndex([
  paper(1, 'Robots that cook', { upvotes: 5 }),
  paper(2, 'Robots that walk'),
  paper(3, 'Robots that talk'),
  paper(4, 'Cats that cook'),
  paper(5, 'Cats that walk', { upvotes: 7 }),
  paper(6, 'Weather'),
])

function topic(name: string, query: string, quota: number | null = null): Topic {
  return { name, query, quota }
}

function chosen(topics: Topic[], max: number, exclude?: (id: number) => boolean): [string, number][] {
  return selectDigest(index, topics, { max, exclude }).items.map(({ topic, paperId }) => [topic, paperId])
}

describe('topics', () => {
  test('take turns, come in their own order, and never spend a paper twice', () => {
    expect(chosen([topic('R', 'robots'), topic('K', 'cook')], 4)).toEqual([
      ['R', 1],
      ['R', 2],
      ['R', 3],
      ['K', 4],
    ])
  })

  test('keep their quotas', () => {
    expect(chosen([topic('R', 'robots', 1), topic('C', 'cats')], 10)).toEqual([
      ['R', 1],
      ['C', 5],
      ['C', 4],
    ])
  })

  test('fill at most the digest', () => {
    expect(chosen([topic('R', 'robots'), topic('C', 'cats')], 3)).toHaveLength(3)
  })

  test('leave out what was sent before', () => {
    expect(chosen([topic('R', 'robots')], 2, (id) => id === 1)).toEqual([
      ['R', 2],
      ['R', 3],
    ])
  })

  test('none at all: the most upvoted, with the upvotes as reason', () => {
    const { items } = selectDigest(index, [], { max: 2 })
    expect(
      items.map(({ paperId, topic, reasons }) => [paperId, topic, reasons.map(({ text }) => text)]),
    ).toEqual([
      [5, TRENDING, ['7 upvotes']],
      [1, TRENDING, ['5 upvotes']],
    ])
  })

  test('one whose query cannot be read is named', () => {
    expect(() => selectDigest(index, [topic('Bad', '"open')], { max: 2 })).toThrow(
      /Topic “Bad”.*closing quote/,
    )
  })
})

describe('a digest without papers says why', () => {
  const robots = [topic('R', 'robots')]

  test('no new papers', () => {
    expect(selectDigest(buildIndex([]), robots, { max: 5 })).toEqual({
      items: [],
      reason: 'No new papers were listed.',
      nothing: { why: 'No new papers were listed.', misses: [] },
    })
  })

  test('all sent before', () => {
    expect(selectDigest(index, robots, { max: 5, exclude: () => true }).reason).toBe(
      'All 6 papers of this day had been sent or judged before.',
    )
  })

  test('what matched was sent before', () => {
    expect(selectDigest(index, robots, { max: 5, exclude: (id) => id <= 3 }).reason).toBe(
      'Nothing new matched “R”: 3 papers that did had been sent or judged before.',
    )
  })

  test('nothing matched', () => {
    expect(selectDigest(index, [topic('Z', 'zebra')], { max: 5 }).reason).toBe(
      'None of 6 papers matched “Z”.',
    )
  })

  test('nothing matched, with the nearest misses', () => {
    expect(selectDigest(index, [topic('R', 'robots min:20 -talk')], { max: 5 }).reason).toMatch(
      /^None of 6 papers matched “R”\. Nearest: .*“Robots that walk” \(fewer than 20 upvotes\).*“Robots that talk” \(ruled out: “talk”\)/,
    )
  })

  test('nothing reached the floor: how far the nearest came, and which words it lacks', () => {
    const day = buildIndex([
      paper(1, 'The gnu and the zebra'),
      ...Array.from({ length: 40 }, (_, at) => paper(at + 2, `Methods, case ${at + 700}`)),
    ])
    const sentFirst = { max: 5, exclude: (id: number) => id === 1 }
    expect(selectDigest(day, [topic('M', 'methods gnu zebra^2')], sentFirst).reason).toMatch(
      /^Nothing new matched “M”: the one paper that did had been sent or judged before\. Nearest: “.+” \(\d+% of what it takes: only “methods” in the title, without “gnu”, “zebra”\)/,
    )
  })

  test('several topics: the nearest of each, named', () => {
    const topics = [topic('R', 'robots min:20'), topic('C', 'cats min:30')]
    expect(selectDigest(index, topics, { max: 5 }).reason).toMatch(
      /Nearest: “Robots that .+” for “R” \(fewer than 20 upvotes\); “Cats that .+” for “C” \(fewer than 30 upvotes\)/,
    )
  })

  test('the nearest are told as papers too, each with what it lacked', () => {
    const topics = [topic('R', 'robots min:20'), topic('C', 'cats min:30')]
    const { nothing } = selectDigest(index, topics, { max: 5 })
    expect(nothing?.why).toBe('None of 6 papers matched “R”, “C”.')
    expect(nothing?.misses.slice(0, 2)).toEqual([
      {
        paperId: expect.any(Number),
        title: expect.stringMatching(/^Robots/),
        topic: 'R',
        missed: 'fewer than 20 upvotes',
      },
      {
        paperId: expect.any(Number),
        title: expect.stringMatching(/^Cats/),
        topic: 'C',
        missed: 'fewer than 30 upvotes',
      },
    ])
  })

  test('a filter that nothing passes: the most upvoted are the nearest', () => {
    expect(selectDigest(index, [topic('M', 'min:20')], { max: 5 }).reason).toMatch(
      /Nearest: “Cats that walk” \(fewer than 20 upvotes\); “Robots that cook”/,
    )
  })
})
