import { describe, expect, test } from 'vitest'
import { parseQuery } from '../../../src/ranking/language/query.ts'
import { searchWordsOf } from '../../../src/ranking/propose/searchWords.ts'
import { conditionsQuery } from '../../../src/ranking/propose/textQuery.ts'
import { paper } from '../papers.ts'

describe('the words of a paper', () => {
  test('are its stems with the level of their weight, and its other fields behind a letter', () => {
    const words = searchWordsOf(
      {
        ...paper(1, 'Whale songs', {
          abstract: 'Whales sing; x-ray machines do not.',
          authors: ['Ada Lovelace'],
        }),
        categories: ['cs.SD'],
        organization: 'Deep Sea Lab',
        venue: 'ICLR 2026',
        year: 2026,
      },
      100,
    )
    expect(words).toEqual(
      expect.arrayContaining([
        '6whale',
        '4song',
        'a:lovelace',
        'c:cs',
        'c:cs.sd',
        'o:sea',
        'v:iclr',
        'y:2026',
      ]),
    )
    expect(words.filter((word) => /^\d(?:x|ray|xray)$/.test(word))).toHaveLength(3)
    expect(new Set(words).size).toBe(words.length)
  })

  test('hold no word that PostgreSQL refuses', () => {
    const words = searchWordsOf(paper(1, `${'long'.repeat(900)} short`, {}), 0)
    expect(words.every(({ length }) => length <= 100)).toBe(true)
    expect(words.some((word) => word.endsWith('short'))).toBe(true)
  })
})

test.each([
  ['owl', undefined],
  ['author:"Ada Lovelace"', "('a:ada') | ('a:lovelace') | ('a:adalovelace')"],
  ['cat:cs.*', "'c:cs'"],
  ['year:2024-2026', "('y:2024') | ('y:2025') | ('y:2026')"],
  ['cat:cs venue:ICLR', "('c:cs') & ('v:iclr')"],
  ['owl -newt', undefined],
  ['since:2026-04', undefined],
  ["org:O'Reilly", "'o:o''reilli'"],
])('what %s demands of a paper is asked of full-text search', (query, expected) => {
  expect(conditionsQuery(parseQuery(query))).toBe(expected)
})
