import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Entry, Paper } from '../../src/domain.ts'
import { titleKey } from '../../src/papers/keys.ts'
import { samePaper } from '../../src/papers/match.ts'
import { paperFromEntry } from '../../src/papers/merge.ts'
import { parsePage } from '../../src/sources/formats.ts'

const SEEN = { format: 'hf-page', at: new Date('2026-01-01') }
const paper = (entry: Entry): Paper => ({ id: 1, ...paperFromEntry(entry, SEEN) })
const TITLE = 'Mapping the Deep Sea with Small Robots'
const year = (number: number) => new Date(Date.UTC(number, 5))

describe('ids decide', () => {
  test.each<[string, Entry, Entry]>([
    [
      'same arXiv id 2401.00001',
      { title: TITLE, arxivId: '2401.00001' },
      { title: 'Renamed since', arxivId: '2401.00001' },
    ],
    [
      'same arXiv id 2401.00001',
      { title: TITLE, arxivId: '2401.00001', doi: '10.1145/1' },
      { title: TITLE, arxivId: '2401.00001', doi: '10.1145/2' },
    ],
    [
      'same arXiv id 2401.00001',
      { title: TITLE, doi: '10.48550/arXiv.2401.00001' },
      { title: TITLE, arxivId: '2401.00001' },
    ],
    [
      'same DOI 10.1145/abc',
      { title: TITLE, doi: '10.1145/ABC' },
      { title: 'Renamed since', doi: '10.1145/abc' },
    ],
  ])('%s', (why, one, other) => {
    expect(samePaper(one, paper(other))).toEqual({ same: true, why })
    expect(samePaper(other, paper(one))).toEqual({ same: true, why })
  })

  test.each<[string, Entry, Entry]>([
    [
      'different arXiv ids 2401.00001 and 2401.00002',
      { title: TITLE, arxivId: '2401.00001', authors: ['Ann Ode'], doi: '10.1145/1' },
      { title: TITLE, arxivId: '2401.00002', authors: ['Ann Ode'], doi: '10.1145/1' },
    ],
    [
      'different DOIs 10.1145/1 and 10.1145/2',
      { title: TITLE, doi: '10.1145/1' },
      { title: TITLE, doi: '10.1145/2' },
    ],
  ])('%s', (why, one, other) => {
    expect(samePaper(one, paper(other))).toEqual({ same: false, why })
  })
})

describe('without ids in common, the same title is the same paper', () => {
  test.each<[string, Entry, Entry]>([
    ['same title', { title: TITLE }, { title: TITLE.toUpperCase() }],
    ['same title', { title: TITLE, arxivId: '2401.00001' }, { title: TITLE, doi: '10.1145/1' }],
    ['same title', { title: TITLE, authors: ['Ann Ode'] }, { title: TITLE }],
    ['same title', { title: TITLE, authors: ['DeepSea Team'] }, { title: TITLE, authors: ['Ann Ode'] }],
    ['same title', { title: TITLE, authors: ['王小明'] }, { title: TITLE, authors: ['Xiaoming Wang'] }],
    [
      'same title and author ode',
      { title: TITLE, authors: ['A. Ode'] },
      { title: TITLE, authors: ['Bo Li', 'Ann Ode'] },
    ],
    [
      'same title and author ode',
      { title: TITLE, authors: ['Ode, Ann'] },
      { title: TITLE, authors: ['Ann Ode Jr.'] },
    ],
    [
      'same title and author garcia',
      { title: TITLE, authors: ['Eva García'] },
      { title: TITLE, authors: ['E. García Márquez'] },
    ],
    [
      'same title and author muller',
      { title: TITLE, authors: ['K. M\\"uller'] },
      { title: TITLE, authors: ['Karl Müller'] },
    ],
    ['same title and author 李', { title: TITLE, authors: ['明 李'] }, { title: TITLE, authors: ['李, 明'] }],
    ['same title', { title: TITLE, publishedAt: year(2024) }, { title: TITLE, publishedAt: year(2026) }],
  ])('%s', (why, one, other) => {
    expect(samePaper(one, paper(other))).toEqual({ same: true, why })
  })
})

describe('unless something speaks against it', () => {
  test.each<[string, Entry, Entry]>([
    ['different titles', { title: TITLE }, { title: `${TITLE} Again` }],
    ['different titles', { title: `${TITLE}, Part I` }, { title: `${TITLE}, Part II` }],
    ['different titles', { title: `${TITLE} v2` }, { title: `${TITLE} v3` }],
    ['different numbers in the titles', { title: `${TITLE} 1.5` }, { title: `${TITLE} 15` }],
    [
      'same title, but no author in common',
      { title: TITLE, authors: ['Ann Ode'] },
      { title: TITLE, authors: ['Bo Li'] },
    ],
    [
      'same title, but published 3 years apart',
      { title: TITLE, authors: ['Ann Ode'], publishedAt: year(2023) },
      { title: TITLE, authors: ['Ann Ode'], publishedAt: year(2026) },
    ],
    ['the title is too general to tell papers apart', { title: 'Introduction' }, { title: 'Introduction' }],
  ])('%s', (why, one, other) => {
    expect(samePaper(one, paper(other))).toEqual({ same: false, why })
  })
})

describe('a short title alone', () => {
  const title = 'Deep Learning'
  const abstract = 'Deep learning discovers intricate structure in large data sets by backpropagation.'
  const other = 'We review methods that learn representations of speech, images, genomics.'

  test('is not enough', () => {
    const why = 'same short title, but nothing else in common'
    expect(samePaper({ title, abstract }, paper({ title, abstract: other }))).toEqual({ same: false, why })
    expect(samePaper({ title }, paper({ title, abstract }))).toEqual({ same: false, why })
  })

  test('is enough with an author or the abstract, or where there is nothing else', () => {
    const authors = ['Ann Ode']
    expect(samePaper({ title, authors }, paper({ title, authors })).same).toBe(true)
    expect(samePaper({ title, abstract }, paper({ title, abstract: `${abstract} And more.` })).same).toBe(
      true,
    )
    expect(samePaper({ title }, paper({ title })).same).toBe(true)
  })
})

const ARCHIVE = '../shared/fixtures/hf_daily_archive'
describe.skipIf(!existsSync(ARCHIVE))('real archives', () => {
  const entries = () =>
    readdirSync(ARCHIVE).flatMap(
      (name) => parsePage(readFileSync(`${ARCHIVE}/${name}`, 'utf8'), 'auto').entries,
    )

  test('each entry is its own paper, with its id and without', () => {
    const strangers = entries().filter((entry) => {
      const { arxivId: _, ...anonymous } = entry
      const known = titleKey(entry.title) !== undefined
      return !samePaper(entry, paper(entry)).same || samePaper(anonymous, paper(entry)).same !== known
    })
    expect(strangers.map((entry) => entry.title)).toEqual([])
  })

  test('no two papers share a title key', () => {
    const byKey = new Map<string, Set<string>>()
    for (const { title, arxivId } of entries()) {
      const key = titleKey(title) ?? title
      byKey.set(key, (byKey.get(key) ?? new Set()).add(arxivId!))
    }
    expect([...byKey].filter(([, ids]) => ids.size > 1)).toEqual([])
    expect(byKey.size).toBeGreaterThan(500)
  })
})
