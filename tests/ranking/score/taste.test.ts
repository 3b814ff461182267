import { describe, expect, test } from 'vitest'
import { rankTopic } from '../../../src/ranking/choose/rankTopic.ts'
import type { RankingIndex } from '../../../src/ranking/corpus/corpusModel.ts'
import { buildIndex } from '../../../src/ranking/corpus/rankingIndex.ts'
import { trainCorpusModel } from '../../../src/ranking/corpus/trainCorpusModel.ts'
import { parseQuery } from '../../../src/ranking/language/query.ts'
import { stem } from '../../../src/ranking/language/stem.ts'
import {
  closeLikes,
  type Taste,
  tasteScore,
  tasteScoresOf,
  trainTaste,
} from '../../../src/ranking/score/taste.ts'
import { paper } from '../papers.ts'
import { papersOn, SUBJECTS, subjectPapers, subjectWord } from '../subjects.ts'

const [liked, other] = SUBJECTS
const many = subjectPapers(400)
const corpus = trainCorpusModel(many)
/** What each paper of an index is to a taste. */
function tasteScores(index: RankingIndex, taste: Taste): number[] {
  const liking = tasteScoresOf(index, taste)
  return index.papers.map((_, doc) => tasteScore(liking, doc))
}
const ofSubject = (at: number) => many.filter((_, place) => place % SUBJECTS.length === at)
const title = (subject: string, ...words: number[]): string =>
  words.map((at) => subjectWord(subject, at)).join(' ')

describe('a taste', () => {
  const taste = trainTaste(corpus, ofSubject(0).slice(0, 10))!
  const today = buildIndex(
    [
      paper(1001, title(liked, 1, 2, 3, 4)),
      paper(1002, title(other, 1, 2, 3, 4)),
      paper(1003, 'Nothing known'),
    ],
    corpus,
  )

  test('prefers papers like those liked to others, and is below 0 for the others', () => {
    const [like, unlike] = tasteScores(today, taste)
    expect(like).toBeGreaterThan(0)
    expect(unlike).toBeLessThan(0)
  })

  test('is finite for a paper of which nothing is known', () => {
    expect(Number.isFinite(tasteScores(today, taste)[2])).toBe(true)
  })

  test('follows the meaning where no word is shared', () => {
    const half = ofSubject(0).slice(0, 10)
    const words = new Set(half.flatMap(({ title: text, abstract }) => `${text} ${abstract}`.split(' ')))
    const unused = Array.from({ length: 30 }, (_, at) => at).filter(
      (at) => !words.has(subjectWord(liked, at)),
    )
    const learned = trainTaste(corpus, half.slice(0, 1))!
    const first = new Set(`${half[0]!.title} ${half[0]!.abstract}`.split(' '))
    const apart = Array.from({ length: 30 }, (_, at) => at).filter((at) => !first.has(subjectWord(liked, at)))
    expect(unused.length).toBeLessThan(apart.length)
    const index = buildIndex(
      [paper(1, title(liked, ...apart.slice(0, 4))), paper(2, title(other, 1, 2, 3, 4))],
      corpus,
    )
    const [same, different] = tasteScores(index, learned)
    expect(same).toBeGreaterThan(different!)
  })

  test('is nothing without likes', () => {
    expect(trainTaste(corpus, [], ofSubject(1))).toBeUndefined()
  })

  test('likes a disliked kind less than before', () => {
    const corrected = trainTaste(corpus, ofSubject(0).slice(0, 10), ofSubject(1).slice(0, 10))!
    const [before, after] = [taste, corrected].map((one) => tasteScores(today, one))
    expect(after![1]! - after![0]!).toBeLessThan(before![1]! - before![0]!)
  })

  test('lets go of what words mean, too, when they are forgotten', () => {
    const both = [...ofSubject(0).slice(0, 5), ...ofSubject(1).slice(0, 5)]
    const words = new Set(Array.from({ length: 30 }, (_, at) => stem(subjectWord(liked, at))))
    const [before, after] = [new Set<string>(), words].map((forgotten) =>
      tasteScores(today, trainTaste(corpus, both, [], forgotten)!),
    )
    expect(before![0]!).toBeGreaterThan(0)
    expect(after![0]!).toBeLessThan(before![0]! / 2)
    expect(after![1]!).toBeGreaterThan(2 * after![0]!)
  })

  test('is the same each time', () => {
    expect(trainTaste(corpus, ofSubject(0).slice(0, 10))).toEqual(taste)
  })

  test('needs no corpus of many papers', () => {
    const small = trainCorpusModel(many.slice(0, 6))
    const scores = tasteScores(buildIndex(many.slice(0, 20), small), trainTaste(small, many.slice(0, 1))!)
    expect([...scores].every(Number.isFinite)).toBe(true)
  })
})

test('of two papers on a topic the better match comes first with one like, the one to the taste with ten', () => {
  const wanted = subjectWord(other, 0)
  const today = buildIndex(
    [
      paper(1, 'First', { abstract: `${wanted} and ${wanted} again, in short` }),
      paper(2, 'Second', { abstract: `${wanted} ${title(liked, 0, 1, 2, 3, 4, 5)}` }),
      ...subjectPapers(20, 5001),
    ],
    corpus,
  )
  const best = (likes: number) =>
    rankTopic(today, parseQuery(wanted), {
      trendWeight: 0,
      taste: trainTaste(corpus, ofSubject(0).slice(0, likes)),
      exclude: (id) => id > 2,
    })[0]?.paperId
  expect([best(0), best(1), best(10)]).toEqual([1, 1, 2])
})

test('teaches nothing of addresses, names of users and code', () => {
  const like = paper(1, 'Cellos', {
    abstract:
      'By @zorblat at https://github.com/quuxel/frobnic, wibble.io/splunk and `drangle`; snee_bix, blorp() --crumf.',
  })
  const { words } = trainTaste(corpus, [like])!
  expect(words.map(({ stem: one }) => one).sort()).toEqual(['cello'])
})

describe('papers that are close to some of those liked', () => {
  const pool = papersOn(17, 20)
  const learned = trainCorpusModel(pool)
  const like = (at: number, copies: number) =>
    Array.from({ length: copies }, (_, copy) => ({ ...pool[at]!, id: 5000 + 10 * at + copy }))
  const likes = [...like(3, 3), ...like(4, 1), ...like(5, 4)]
  const index = buildIndex(pool, learned)
  const taste = trainTaste(learned, likes)!

  test.each([
    ['2026-05-03', '2026-11-20', 'saved', /^close to “s6w.*”, which you saved on 3 May: s6w/],
    ['2025-12-31', '2026-01-02', 'liked', /^close to “s6w.*”, which you liked on 31 Dec 2025: s6w/],
    ['2026-05-03', null, 'example', /^close to “s6w.*”, one of your examples: s6w/],
  ] as const)('name the nearest, and what was said of it on %s', (at, day, as, expected) => {
    const said = { as, at: new Date(`${at}T12:00:00Z`) }
    const one = trainTaste(learned, [{ ...pool[6]!, id: 5060, liked: said }])!
    const listed = buildIndex([{ ...pool[6]!, day }], learned)
    const [first] = rankTopic(listed, parseQuery(pool[6]!.title), { taste: one })
    expect(first!.parts.find((part) => part.kind === 'taste')!.text).toMatch(expected)
  })

  test('count them; nobody knows without a space of meaning', () => {
    const liking = tasteScoresOf(index, taste)
    expect([3, 4, 5, 6].map((at) => closeLikes(liking, at)!.count)).toEqual([3, 1, 4, 0])
    const small = trainCorpusModel(pool.slice(0, 6))
    expect(closeLikes(tasteScoresOf(buildIndex(pool, small), trainTaste(small, likes)!), 0)).toBeUndefined()
  })

  test.each([
    [3, /^close to “s3w.*”, which you liked, and 2 more you liked: s3w/],
    [4, /^close to “s4w[^,]*”, which you liked: s4w/],
  ])('say so: paper %i', (at, expected) => {
    const ranked = rankTopic(index, parseQuery(pool[at]!.title), { taste })
    const own = ranked.find(({ paperId }) => paperId === pool[at]!.id)!
    expect(own.parts.find((part) => part.kind === 'taste')!.text).toMatch(expected)
  })
})
