import { describe, expect, test } from 'vitest'
import { rankTopic } from '../../../src/ranking/choose/rankTopic.ts'
import { selectDigest } from '../../../src/ranking/choose/selectDigest.ts'
import { buildIndex } from '../../../src/ranking/corpus/rankingIndex.ts'
import { parseQuery } from '../../../src/ranking/language/query.ts'
import { paper } from '../papers.ts'

const index = buildIndex([
  paper(1, 'Robot navigation', { abstract: 'By maps.' }),
  paper(2, 'Robot arms', { abstract: 'Grasping, filmed on video.' }),
  paper(3, 'Video diffusion', { abstract: 'Frames.', categories: ['cs.CV'] }),
  paper(4, 'Diffusion of proteins', { abstract: 'Folding.', authors: ['Ada Byron'] }),
  paper(5, 'Bird navigation', { abstract: 'By stars; a robot follows.' }),
  paper(6, 'Bread'),
])

const dated = buildIndex([
  paper(1, 'Maps', { publishedAt: new Date('2026-04-15T10:00:00Z'), year: 2025 }),
  paper(2, 'Maps', { year: 2024 }),
  paper(3, 'Maps', { day: '2026-03-31' }),
  paper(4, 'Maps', { day: null }),
])

describe('years and days', () => {
  test.each<[string, number[]]>([
    ['maps year:2026', [1, 3]],
    ['maps year:2024', [2]],
    ['maps year:2024 year:2026', [1, 2, 3]],
    ['maps year:2020-2024', [2]],
    ['maps -year:2026', [2, 4]],
    ['maps since:2026-04', [1]],
    ['maps since:2026-04-16', []],
    ['maps since:2024', [1, 2, 3]],
    ['since:2026-03-31', [1, 3]],
  ])('%s', (query, expected) => {
    const ranked = rankTopic(dated, parseQuery(query), { trendWeight: 0 })
    expect(ranked.map(({ paperId }) => paperId).sort()).toEqual(expected)
  })
})

describe('a query does what it says', () => {
  test.each<[string, number[]]>([
    ['robot AND navigation', [1, 5]],
    ['+robot +navigation', [1, 5]],
    ['robot OR diffusion', [1, 2, 3, 4, 5]],
    ['robot NOT video', [1, 5]],
    ['diffusion ANDNOT video', [4]],
    ['NOT video', [1, 4, 5, 6]],
    ['NOT (video OR robot)', [4, 6]],
    ['(robot OR diffusion) AND video', [2, 3]],
    ['(robot AND navigation) OR (diffusion AND proteins)', [1, 4, 5]],
    ['navigation AND NOT (robot AND maps)', [5]],
    ['title:robot', [1, 2]],
    ['abs:robot', [5]],
    ['navigation -title:robot', [5]],
    ['title:navigation AND abstract:robot', [5]],
    ['diffusion AND (cat:cs.CV OR author:Byron)', [3, 4]],
    ['robots AND (arms OR birds) AND NOT video', [5]],
  ])('%s', (query, expected) => {
    const ranked = rankTopic(index, parseQuery(query), { trendWeight: 0 })
    expect(ranked.map(({ paperId }) => paperId).sort()).toEqual(expected)
  })
})

test('what is missing is told in the words of the query', () => {
  const topic = { name: 'T', query: 'bread AND (robot OR cat:cs.CV)', quota: null }
  const { reason } = selectDigest(index, [topic], { max: 3 })
  expect(reason).toContain('“Bread” (not (“robot” or in cs.CV))')
})
