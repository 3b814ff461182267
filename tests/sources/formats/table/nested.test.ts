import { describe, expect, test } from 'vitest'
import { recordsIn } from '../../../../src/sources/formats/table/nested.ts'

const titles = (value: unknown) => recordsIn(value).map(({ record }) => record.title)
const paper = (title: string) => ({ title, arxiv_id: '2603.01234' })

describe('what is near a paper is no paper', () => {
  test.each([
    ['references', { ...paper('A'), references: [{ title: 'Cited', doi: '10.1234/x' }] }, ['A']],
    ['works that cite it', { title: 'A', url: 'https://a.example', citations: [paper('Later')] }, ['A']],
    [
      'sections',
      {
        sections: [
          { title: 'Light', papers: [paper('A')] },
          { title: 'Dark', papers: [paper('B')] },
        ],
      },
      ['A', 'B'],
    ],
    ['a list of sections', [{ title: 'Light', items: [paper('A')] }], ['A']],
    ["a feed's own title", { feed: { title: 'F', url: 'https://f.example' }, items: [paper('A')] }, ['A']],
    ["a list's name", { title: 'Starred', author: 'reader', items: [paper('A')] }, ['A']],
    [
      'tags and authors',
      {
        papers: [paper('A')],
        tags: [{ title: 'T', url: 'https://t.example' }],
        authors: [{ title: 'Prof' }],
      },
      ['A'],
    ],
    ['a neighbour without a sign of a paper', { results: [paper('A')], shelf: [{ title: 'Shelf' }] }, ['A']],
    ['the parts of a survey', { title: 'S', references: [paper('A')], sections: [{ title: 'Intro' }] }, []],
    [
      'a list of titles alone, named as papers are',
      { title: 'S', papers: [{ title: 'A' }, { title: 'B' }] },
      ['A', 'B'],
    ],
    ['an envelope', { message: { ...paper('A'), reference: [{ 'article-title': 'Cited' }] } }, ['A']],
  ])('%s', (_name, value, expected) => {
    expect(titles(value)).toEqual(expected)
  })

  test.each([
    ['a title alone', { title: 'A page', color: 'red' }],
    ['nothing', {}],
    ['numbers', [1, 2]],
    ['two objects, of which nobody knows which is meant', { left: paper('A'), right: paper('B') }],
  ])('%s is no known shape', (_name, value) => {
    expect(titles(value).filter(Boolean)).toEqual([])
  })

  test('papers beside or below a day are listed on it', () => {
    const days = { '2026-03-01': [paper('A')], later: { date: '2026-03-02', papers: [paper('B')] } }
    expect(recordsIn(days).map(({ record }) => [record.title, record.listedOn])).toEqual([
      ['A', '2026-03-01'],
      ['B', '2026-03-02'],
    ])
  })
})

describe('tables in one object', () => {
  const rows = [
    { title: 'A', abstract: 'a' },
    { title: 'B', abstract: 'b' },
  ]
  test.each([
    [
      'rows under the names of columns',
      {
        columns: ['title', 'abstract'],
        data: [
          ['A', 'a'],
          ['B', 'b'],
        ],
      },
    ],
    ['columns of numbered values', { title: { 0: 'A', 1: 'B' }, abstract: { 0: 'a', 1: 'b' } }],
    ['columns as lists', { title: ['A', 'B'], abstract: ['a', 'b'] }],
  ])('%s', (_name, value) => {
    expect(recordsIn(value).map(({ record }) => record)).toEqual(rows)
  })

  test('records by their ids, which are kept', () => {
    const value = { '2603.01234': rows[0], '2603.01235': rows[1] }
    expect(recordsIn(value).map(({ record }) => record)).toEqual([
      { id: '2603.01234', ...rows[0] },
      { id: '2603.01235', ...rows[1] },
    ])
  })

  test.each([
    ['one title in a list, as Crossref writes it', { title: ['A'], author: [{ family: 'Muster' }] }, [['A']]],
    ['a note of OpenReview', { title: { value: 'A' }, abstract: { value: 'a' } }, [{ value: 'A' }]],
    ['columns of unequal length', { title: ['A', 'B'], abstract: ['a'] }, [['A', 'B']]],
  ])('what only looks like one: %s', (_name, value, expected) => {
    expect(titles(value)).toEqual(expected)
  })
})
