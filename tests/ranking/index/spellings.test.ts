import { expect, test } from 'vitest'
import { selectDigest } from '../../../src/ranking/choose/selectDigest.ts'
import { buildIndex } from '../../../src/ranking/corpus/rankingIndex.ts'
import { spellingsOf } from '../../../src/ranking/index/spellings.ts'
import { parseQuery } from '../../../src/ranking/language/query.ts'
import { paper } from '../papers.ts'

const NAMES = [
  ['Nora Nießner'],
  ['N. Nießner', 'Otto Vogel'],
  ['Niessner, Nora'],
  ['Ned Niessner'],
  ['Otto Vogel'],
  ['Nora Nie{\\ss}ner'],
]
const papers = NAMES.map((authors, at) => paper(at + 1, `Study ${at + 1} of owls`, { authors }))
const index = buildIndex(papers)
const spelled = (query: string) => spellingsOf(index, parseQuery(query).clauses)

test('the spellings under which an author is found are told with their papers, the most frequent first', () => {
  expect(spelled('author:"Nora Niessner"')).toEqual([
    { name: 'Nora Nießner', papers: 2 },
    { name: 'N. Nießner', papers: 1 },
    { name: 'Niessner, Nora', papers: 1 },
  ])
  expect(spelled('owls')).toEqual([])
  expect(spelled('author:"Zoe Nobody"')).toEqual([])
})

test('one spelling can be ruled out or asked for alone, and no other goes with it', () => {
  expect(spelled('author:"Nora Niessner" -author:"=N. Nießner"').map(({ name }) => name)).toEqual([
    'Nora Nießner',
    'Niessner, Nora',
  ])
  const sent = (query: string) =>
    selectDigest(index, [{ name: 'Nora', query, quota: null }], { max: 10 })
      .items.map(({ paperId }) => paperId)
      .sort()
  expect(sent('author:"Nora Niessner"')).toEqual([1, 2, 3, 6])
  expect(sent('author:"Nora Niessner" -author:"=N. Nießner"')).toEqual([1, 3, 6])
  expect(sent('author:"=N. Niessner"')).toEqual([2])
})
