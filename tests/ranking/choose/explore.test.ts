import { describe, expect, test } from 'vitest'
import type { DigestItem } from '../../../src/domain.ts'
import { EXPLORE } from '../../../src/ranking/choose/explore.ts'
import { type DigestOptions, selectDigest } from '../../../src/ranking/choose/selectDigest.ts'
import { buildIndex } from '../../../src/ranking/corpus/rankingIndex.ts'
import { trainCorpusModel } from '../../../src/ranking/corpus/trainCorpusModel.ts'
import { trainTaste } from '../../../src/ranking/score/taste.ts'
import { paper } from '../papers.ts'
import { papersOn } from '../subjects.ts'

const INSIDE = ['walk', 'cook', 'swim', 'climb', 'sing', 'dig'].map((verb, at) =>
  paper(at + 1, `Robots that ${verb}`, { abstract: `How to ${verb}, by machines.`, upvotes: at }),
)
const OUTSIDE = [
  paper(11, 'Volcanoes under ice', { upvotes: 30, upvotesPerDay: 25 }),
  paper(12, 'Prime gaps', { upvotes: 400 }),
  paper(13, 'Jazz harmony', { upvotes: 45, upvotesPerDay: 44 }),
  paper(14, 'Dutch painters', { upvotes: 90 }),
  paper(15, 'A survey of whales', { upvotes: 80, upvotesPerDay: 60 }),
  paper(16, 'Bread', { upvotes: 33, upvotesPerDay: 30 }),
  paper(17, 'Salt'),
]
const index = buildIndex([...INSIDE, ...OUTSIDE])

function chosen(query: string, options: Partial<DigestOptions> = {}, papers = index): DigestItem[] {
  const topics = [{ name: 'R', query, quota: null }]
  return selectDigest(papers, topics, { max: 5, explore: true, seed: '7/2026-11-20', ...options }).items
}

describe('the place for exploring', () => {
  test('goes to one paper from outside of the topics, last, and says so', () => {
    const items = chosen('robots')
    expect(items.slice(0, -1).map(({ topic }) => topic)).toEqual(['R', 'R', 'R', 'R'])
    const found = items.at(-1)!
    expect(found).toMatchObject({ topic: EXPLORE, explore: true })
    expect(found.reasons[0]!.text).toMatch(
      /^explore: outside of your topics, (?:rising: \d+ upvotes in a day|\d+ upvotes)$/,
    )
    expect(OUTSIDE.map(({ id }) => id)).toContain(found.paperId)
  })

  test('can be switched off, and is by default', () => {
    for (const explore of [false, undefined]) {
      const items = chosen('robots', { explore })
      expect(items).toHaveLength(5)
      expect(items.some((item) => item.explore || item.topic === EXPLORE)).toBe(false)
    }
  })

  test('is the same for one subscriber and day, and not for all', () => {
    const pick = (seed: string) => chosen('robots', { seed }).at(-1)!.paperId
    const picks = Array.from({ length: 30 }, (_, at) => pick(`${at}/2026-11-20`))
    expect(Array.from({ length: 30 }, (_, at) => pick(`${at}/2026-11-20`))).toEqual(picks)
    expect(new Set(picks).size).toBeGreaterThan(2)
  })

  test('never goes to what was sent before, is ruled out, or has nothing to say for it', () => {
    for (let subscriber = 0; subscriber < 40; subscriber++) {
      const options = { seed: `${subscriber}`, exclude: (id: number) => id === 13 }
      const id = chosen('robots -survey -author:Rembrandt', options).at(-1)!.paperId
      expect([11, 12, 14, 16]).toContain(id)
    }
  })

  test('never goes to a paper that the words match and a filter keeps away', () => {
    for (let subscriber = 0; subscriber < 40; subscriber++)
      expect(chosen('robots -climb min:2', { seed: `${subscriber}` }).at(-1)!.paperId).toBeGreaterThan(10)
  })

  test('stays with the topics where nothing outside is worth it', () => {
    const quiet = buildIndex([...INSIDE, paper(17, 'Salt'), paper(18, 'Pepper', { upvotes: 1 })])
    expect(chosen('robots', {}, quiet).map(({ topic }) => topic)).toEqual(['R', 'R', 'R', 'R', 'R'])
  })

  test('goes to no paper for its upvotes where the subscriber wants only their interests', () => {
    expect(chosen('robots', { trendWeight: 0 }).map(({ topic }) => topic)).toEqual(['R', 'R', 'R', 'R', 'R'])
  })

  test('is not there in a digest of two papers, without topics, or where nothing matched', () => {
    expect(chosen('robots', { max: 2 }).every(({ topic }) => topic === 'R')).toBe(true)
    expect(selectDigest(index, [], { max: 5, explore: true }).items.some(({ explore }) => explore)).toBe(
      false,
    )
    const none = selectDigest(index, [{ name: 'Z', query: 'zebra', quota: null }], { max: 5, explore: true })
    const why = 'None of 13 papers matched “Z”.'
    expect(none).toEqual({ items: [], reason: why, nothing: { why, misses: [] } })
  })
})

test('what nearly matches is explored with what it has of the topic', () => {
  const many = Array.from({ length: 60 }, (_, at) =>
    paper(100 + at, at < 30 ? `Methods for case ${at + 5000}` : `Number ${at + 5000}`),
  )
  const papers = buildIndex([paper(1, 'Robots with methods'), ...many])
  const items = chosen('robots methods^0.6', {}, papers)
  expect(items.map(({ paperId }) => paperId)[0]).toBe(1)
  expect(items.at(-1)).toMatchObject({ topic: EXPLORE, explore: true })
  expect(items.at(-1)!.reasons[0]).toMatchObject({
    kind: 'explore',
    text: 'explore: near “R”: matches “methods” in the title',
    because: { kind: 'near', topic: 'R' },
  })
})

test('a taste explores what is like the papers liked', () => {
  const papers = papersOn(15, 20)
  const corpus = trainCorpusModel(papers)
  const ofSubject = (subject: number) => papers.filter((_, at) => at % 15 === subject)
  const taste = trainTaste(corpus, ofSubject(3).slice(0, 4))!
  const topics = [{ name: 'Four', query: 's4w1x s4w2x s4w3x s4w4x', quota: null }]
  const today = buildIndex(papers.slice(150), corpus)
  const { items } = selectDigest(today, topics, { max: 6, explore: true, seed: 'a', taste })
  const found = items.find(({ explore }) => explore)!
  expect(ofSubject(3).map(({ id }) => id)).toContain(found.paperId)
  expect(found.reasons[0]!.text).toMatch(
    /^explore: outside of your topics, close to the 4 papers you liked: s3w\d+x/,
  )
})
