import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildIndex } from '../../../src/ranking/corpus/rankingIndex.ts'
import { fieldTest } from '../../../src/ranking/index/fieldMatch.ts'
import type { FieldClause } from '../../../src/ranking/language/clauses.ts'
import { foldName, isAuthor, isCategory } from '../../../src/ranking/language/fields.ts'
import { paper } from '../papers.ts'

const name = fc
  .array(fc.constantFrom('Yann', 'Y.', 'LeCun', 'lecun,', 'M', 'Zoë', 'van', 'der', '李'), { maxLength: 3 })
  .map((words) => words.join(' '))
const category = fc.constantFrom('cs', 'cs.CL', 'CS.cl', 'cs.*', 'math', 'hep-th', '*', '')
const clauseOf = (kind: FieldClause['kind'], text: string): FieldClause => ({
  ...{ kind, text, occurrence: 'should', weight: 1, prefers: false, position: 0 },
})
const holders = (index: ReturnType<typeof buildIndex>, clause: FieldClause) =>
  [...index.papers.keys()].filter(fieldTest(index, clause))

describe('a field is held by', () => {
  test('the papers one of whose authors it names', () => {
    fc.assert(
      fc.property(fc.array(fc.array(name, { maxLength: 3 }), { maxLength: 6 }), name, (all, wanted) => {
        const index = buildIndex(all.map((authors, at) => paper(at, 'Title', { authors })))
        const expected = [...all.keys()].filter((at) =>
          all[at]!.some((author) => isAuthor(foldName(wanted), foldName(author))),
        )
        expect(holders(index, clauseOf('author', wanted))).toEqual(expected)
      }),
    )
  })

  test('the papers in the category or below it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(category, { maxLength: 3 }), { maxLength: 6 }),
        category,
        (all, wanted) => {
          const index = buildIndex(all.map((categories, at) => paper(at, 'Title', { categories })))
          const expected = [...all.keys()].filter((at) => all[at]!.some((one) => isCategory(wanted, one)))
          expect(holders(index, clauseOf('category', wanted))).toEqual(expected)
        },
      ),
    )
  })

  test.each([
    ['deepmind', [0, 2]],
    ['Google DeepMind', [0]],
    ['mind', []],
    ['universities of oslo', [3]],
    ['…', []],
  ])('the papers of an organization with these words: %s', (wanted, expected) => {
    const names = ['Google DeepMind', 'Google Research', 'DeepMind', 'University of Oslo', null]
    const index = buildIndex(names.map((organization, at) => paper(at, 'Title', { organization })))
    expect(holders(index, clauseOf('organization', wanted))).toEqual(expected)
  })
})

test('however many fields a query names, each paper is read as often as for one', () => {
  const readsFor = (count: number): number => {
    let reads = 0
    const papers = Array.from({ length: 50 }, (_, at) => {
      const one = paper(at, 'Title', { authors: ['Ann Lee'], categories: ['cs.CL'] })
      Object.defineProperty(one, 'organization', { get: () => ++reads && 'Institute of Something' })
      return one
    })
    const index = buildIndex(papers)
    for (let at = 0; at < count; at++) holders(index, clauseOf('organization', `institute ${at}`))
    return reads
  }
  expect(readsFor(400)).toBe(readsFor(1))
})

test.each([
  ['Matthias Niessner', 'Matthias Nießner'],
  ['Nießner', 'Niessner, Matthias'],
  ['Lukasz Flis', 'Łukasz Flis'],
  ['Łukasz Flis', 'Lukasz Flis'],
  ['Emre Ardic', 'Emre Ardıç'],
  ['ATAKAN IŞIK', 'Atakan Isik'],
  ['Moller', 'Ann Møller'],
  ['Moller', 'Ann M\\o{}ller'],
  ['Moeller', 'Ann Møller'],
  ['Mueller', 'J{\\"u}rgen M{\\"u}ller'],
  ['Jürgen Müller', 'Juergen Mueller'],
  ['Gudmundsson', 'Jon Gu{\\dh}mundsson'],
  ['山田 太郎', '山田太郎'],
  ['山田太郎', '山田 太郎'],
  ['山田', '山田太郎'],
  ['太郎', '山田 太郎'],
  ['山田, 太郎', '山田 太郎'],
  ['王小明', '王 小明'],
  ['김철수', '김 철수'],
  ['김 철수', '김철수'],
  ['Kyunghyun Cho', 'Kyung-Hyun Cho'],
  ['Kyung Hyun Cho', 'Cho, Kyunghyun'],
  ['Kyunghyun', 'Kyung-Hyun Cho'],
  ['Wübben', 'W&uuml;bben, Bo'],
  ['Wubben', 'Bo WÃ¼bben'],
])('author:"%s" finds %s', (wanted, author) => {
  const index = buildIndex([
    paper(0, 'Title', { authors: ['Somebody Else'] }),
    paper(1, 'Title', { authors: [author] }),
  ])
  expect(holders(index, clauseOf('author', wanted))).toEqual([1])
})

test.each([
  ['Muller', 'Ann Mueller'],
  ['Michal Novak', 'Michael Novak'],
  ['王小', '李王小明'],
  ['小明', '王小明月'],
  ['Cho Kyunghyun', 'Kyunghyun Choi'],
])('author:"%s" does not find %s', (wanted, author) => {
  const index = buildIndex([paper(0, 'Title', { authors: [author] })])
  expect(holders(index, clauseOf('author', wanted))).toEqual([])
})
