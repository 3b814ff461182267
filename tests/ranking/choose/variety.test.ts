import { describe, expect, test } from 'vitest'
import { type DigestOptions, selectDigest } from '../../../src/ranking/choose/selectDigest.ts'
import { buildIndex } from '../../../src/ranking/corpus/rankingIndex.ts'
import type { RankablePaper } from '../../../src/ranking/index/paperIndex.ts'
import { paper } from '../papers.ts'

const ROBOTS = 'Robots learn to cook by watching people in their kitchens, with cameras and patience.'
const GRIPPERS = 'A soft gripper picks strawberries; robots with it bruise fewer fruits than pickers do.'
const WALKERS = 'Robots on two legs climb stairs, fall, and stand up again after training in simulation.'
const OTHERS = [
  'Cats sleep all day',
  'Volcanoes under ice',
  'Prime gaps',
  'Jazz harmony',
  'Dutch painters',
].map((title, at) => paper(90 + at, title, { abstract: `${title}: what we know after ${at + 2} years.` }))

function idsFrom(papers: RankablePaper[], options: Partial<DigestOptions> = {}): number[] {
  const topics = [{ name: 'R', query: 'robots', quota: null }]
  const { items } = selectDigest(buildIndex([...papers, ...OTHERS]), topics, { max: 10, ...options })
  return items.map(({ paperId }) => paperId)
}

describe('near-copies', () => {
  const copies = [
    paper(1, 'Robots that cook robots', { abstract: ROBOTS, upvotes: 9 }),
    paper(2, 'Robots that cook robots', { abstract: `${ROBOTS} Second version.`, upvotes: 8 }),
    paper(3, 'Robots that cook robots.', { abstract: ROBOTS, upvotes: 7 }),
    paper(4, 'Picking strawberries', { abstract: GRIPPERS }),
    paper(5, 'Climbing stairs', { abstract: WALKERS }),
  ]

  test('one comes, and the others leave their places to other papers', () => {
    expect(idsFrom(copies).sort()).toEqual([1, 4, 5])
    expect(idsFrom(copies, { max: 2 })).toHaveLength(2)
  })

  test('of a paper sent before do not come the day after', () => {
    expect(idsFrom(copies, { exclude: (id) => id === 1 }).sort()).toEqual([4, 5])
  })

  test('on two topics come once', () => {
    const topics = [
      { name: 'A', query: 'cook', quota: null },
      { name: 'B', query: 'kitchens', quota: null },
    ]
    const { items } = selectDigest(buildIndex([...copies, ...OTHERS]), topics, { max: 10 })
    expect(items.map(({ topic, paperId }) => [topic, paperId])).toEqual([['A', 1]])
  })

  test('are all that is new: the digest says that it had been sent before', () => {
    const index = buildIndex([...copies.slice(0, 3), ...OTHERS])
    const topics = [{ name: 'R', query: 'robots', quota: null }]
    expect(selectDigest(index, topics, { max: 5, exclude: (id) => id === 1 })).toEqual({
      items: [],
      reason: expect.stringMatching(
        /^Nothing new matched “R”: 3 papers that did had been sent or judged before\./,
      ),
      nothing: {
        why: 'Nothing new matched “R”: 3 papers that did had been sent or judged before.',
        misses: [3, 2].map((paperId) => expect.objectContaining({ paperId, missed: expect.any(String) })),
      },
    })
  })
})

test('of two like papers the second yields to one that is less alike and nearly as good', () => {
  const papers = [
    paper(1, 'Robots cooking', { abstract: ROBOTS }),
    paper(2, 'Robots cooking more', {
      abstract: `${ROBOTS} They also wash plates, pans and glasses afterwards.`,
    }),
    paper(3, 'Robots picking', { abstract: GRIPPERS }),
  ]
  expect(idsFrom(papers, { max: 2 }).sort()).toEqual([1, 3])
  expect(idsFrom(papers, { max: 3 }).sort()).toEqual([1, 2, 3])
})

test('papers of one subject that share no more than its words all come', () => {
  const papers = Array.from({ length: 8 }, (_, at) => paper(at + 1, `Study ${at + 1000} of robots`))
  expect(idsFrom(papers)).toHaveLength(8)
})

test('thirty copies at the head of the list do not empty the digest', () => {
  const copies = Array.from({ length: 40 }, (_, at) =>
    paper(at + 1, 'Robots and robots', { abstract: ROBOTS, upvotes: 50 }),
  )
  const weak = paper(50, 'Stairs', { abstract: WALKERS })
  expect(idsFrom([...copies, weak], { max: 3 })).toEqual([1, 50])
})
