import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rankTopic } from '../../../src/ranking/choose/rankTopic.ts'
import { buildIndex } from '../../../src/ranking/corpus/rankingIndex.ts'
import { EVERYTHING, parseQuery } from '../../../src/ranking/language/query.ts'
import { trendOf } from '../../../src/ranking/score/trend.ts'
import { paper } from '../papers.ts'

const anyCount = fc.option(fc.oneof(fc.integer(), fc.constant(Number.NaN)))

describe('how a paper is doing', () => {
  test('is bounded, and more upvotes or more speed never make it less', () => {
    fc.assert(
      fc.property(anyCount, anyCount, fc.nat(), fc.nat(), (upvotes, upvotesPerDay, more, faster) => {
        const sum = (...[u, s]: (number | null)[]) => {
          const { popular, rising } = trendOf(paper(1, 'Cat', { upvotes: u, upvotesPerDay: s }))
          expect(popular).toBeGreaterThanOrEqual(0)
          expect(rising).toBeGreaterThanOrEqual(0)
          return popular + rising
        }
        const now = sum(upvotes!, upvotesPerDay!)
        expect(now).toBeLessThanOrEqual(1)
        expect(sum((upvotes || 0) + more, upvotesPerDay!)).toBeGreaterThanOrEqual(now - 1e-12)
        expect(sum(upvotes!, (upvotesPerDay || 0) + faster)).toBeGreaterThanOrEqual(now - 1e-12)
      }),
    )
  })

  test('lost upvotes, and less than one a day, are no rise', () => {
    for (const upvotesPerDay of [null, undefined, 0, 0.4, -12])
      expect(trendOf(paper(1, 'Cat', { upvotes: 9, upvotesPerDay })).rising).toBe(0)
  })
})

describe('what a subscriber sets', () => {
  const index = buildIndex([
    paper(1, 'Robots and robots', { abstract: 'Robots.', upvotes: 2 }),
    paper(2, 'Walking', { abstract: 'A robot walks.', upvotes: 60, upvotesPerDay: 41 }),
    paper(3, 'Robots that talk', { upvotes: 100 }),
    paper(4, 'Cats', { upvotes: 9000, upvotesPerDay: 800 }),
    paper(5, 'Dogs'),
    paper(6, 'Birds'),
    paper(7, 'Fish'),
  ])
  const order = (trendWeight: number) =>
    rankTopic(index, parseQuery('robots'), { trendWeight }).map(({ paperId }) => paperId)

  test('only my interests: the best match first', () => {
    expect(order(0)).toEqual([1, 3, 2])
  })

  test("only what's trending: of what matches, the papers that do best first", () => {
    expect(order(1)).toEqual([2, 3, 1])
  })

  test('no weight brings a paper that does not match', () => {
    for (const weight of [0, 0.3, 0.7, 1]) expect(order(weight)).not.toContain(4)
  })

  test('the speed is said as a reason, where it counts', () => {
    const reasonsOf = (trendWeight: number) =>
      rankTopic(index, parseQuery('robots'), { trendWeight })
        .find(({ paperId }) => paperId === 2)
        ?.reasons.map(({ text }) => text)
    expect(reasonsOf(0.2)).toEqual(['“robot” in the abstract', '60 upvotes', 'rising: 41 upvotes in a day'])
    expect(reasonsOf(0)).toEqual(['“robot” in the abstract'])
  })

  test('without interests the risen come first', () => {
    const twins = [paper(1, 'Cat', { upvotes: 50 }), paper(2, 'Dog', { upvotes: 50, upvotesPerDay: 30 })]
    expect(rankTopic(buildIndex(twins), EVERYTHING).map(({ paperId }) => paperId)).toEqual([2, 1])
  })
})
