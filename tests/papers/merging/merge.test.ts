import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Entry } from '../../../src/domain.ts'
import {
  mergeEntry,
  type NewPaperFields,
  paperFromEntry,
  type Seen,
} from '../../../src/papers/merging/merge.ts'
import { parsePage } from '../../../src/sources/formats/formats.ts'
import { thorough } from '../../support/thorough.ts'

const on = (day: number, format = 'hf-page'): Seen => ({ format, at: new Date(Date.UTC(2026, 0, day)) })
const undated = (format = 'hf-page'): Seen => ({ format, at: null })
const TITLE = 'Mapping the Deep Sea'

type Observation = [Partial<Entry>, Seen]

/** The paper after these entries in this order. */
function mergeAll([first, ...rest]: Observation[]): NewPaperFields {
  let paper = paperFromEntry({ title: TITLE, ...first![0] }, first![1])
  for (const [entry, seen] of rest) {
    const merged = mergeEntry({ id: 1, ...paper }, { title: TITLE, ...entry }, seen)
    if (merged) paper = { ...paper, ...merged.changes, provenance: merged.provenance }
  }
  return paper
}

const FULL: Entry = {
  title: TITLE,
  abstract: 'Robots map it.',
  authors: ['Ann Ode', 'Bo Li'],
  arxivId: '2401.00001',
  doi: '10.1145/1',
  url: 'https://arxiv.org/abs/2401.00001',
  publishedAt: new Date('2024-01-01'),
  year: 2024,
  venue: 'Proc. of ICRA',
  categories: ['cs.RO', 'cs.AI'],
  organization: 'Sea Lab',
  codeUrl: 'https://example.org/code',
  projectUrl: 'https://example.org/',
  thumbnailUrl: 'https://example.org/a.png',
  aiSummary: 'Robots.',
  keywords: ['robots', 'sea'],
  upvotes: 0,
  comments: 2,
  stars: 3,
}

test('paperFromEntry takes every field and says where it came from', () => {
  const { provenance, ...fields } = paperFromEntry(FULL, on(1))
  expect(fields).toEqual({ ...FULL, categories: ['cs.RO', 'cs.AI'], keywords: ['robots', 'sea'] })
  const origin = { format: 'hf-page', at: '2026-01-01T00:00:00.000Z' }
  expect(provenance).toEqual(Object.fromEntries(Object.keys(FULL).map((field) => [field, origin])))
})

test('paperFromEntry of a title alone', () => {
  expect(paperFromEntry({ title: TITLE }, undated())).toEqual({
    title: TITLE,
    abstract: null,
    authors: [],
    arxivId: null,
    doi: null,
    url: null,
    publishedAt: null,
    year: null,
    venue: null,
    categories: [],
    organization: null,
    codeUrl: null,
    projectUrl: null,
    thumbnailUrl: null,
    aiSummary: null,
    keywords: [],
    upvotes: null,
    comments: null,
    stars: null,
    provenance: { title: { format: 'hf-page', at: null } },
  })
})

describe('mergeEntry', () => {
  const full = { id: 1, ...paperFromEntry(FULL, on(5)) }

  test('changes nothing for the same entry, an older one or an undated one', () => {
    const other = {
      ...FULL,
      title: 'Old',
      abstract: 'Old.',
      authors: ['Ann Ode'],
      upvotes: 9,
      url: 'https://old.org/',
    }
    expect(mergeEntry(full, FULL, on(5))).toBeUndefined()
    expect(mergeEntry(full, other, on(4))).toBeUndefined()
    expect(mergeEntry(full, other, undated('arxiv-snapshot'))).toBeUndefined()
  })

  test('changes nothing for what an entry does not say', () => {
    const entry = {
      title: TITLE,
      abstract: '',
      authors: [],
      upvotes: Number.NaN,
      publishedAt: new Date('never'),
    }
    expect(mergeEntry(full, entry, on(5))).toBeUndefined()
  })

  test('fills what was not known, also from an older, undated or humbler source', () => {
    for (const seen of [on(1), on(9), undated(), undated('unknown')]) {
      const paper = { id: 1, ...paperFromEntry({ title: TITLE }, on(5)) }
      const { title: _, ...rest } = FULL
      expect(mergeEntry(paper, FULL, seen)?.changes).toEqual(rest)
    }
  })

  test('a confirmation alone is no change, but it is remembered', () => {
    expect(mergeEntry(full, { title: TITLE }, on(6))).toEqual({
      changes: {},
      provenance: { ...full.provenance, title: { format: 'hf-page', at: '2026-01-06T00:00:00.000Z' } },
    })
  })

  test('leaves what it was given as it was', () => {
    const before = structuredClone(full)
    mergeEntry(full, { ...FULL, title: 'New', keywords: ['new'] }, on(9))
    expect(full).toEqual(before)
  })
})

describe('title and abstract', () => {
  test('the newer of one format wins', () => {
    expect(
      mergeAll([
        [{ title: 'One' }, on(1)],
        [{ title: 'Two' }, on(2)],
      ]).title,
    ).toBe('Two')
    expect(
      mergeAll([
        [{ title: 'Two' }, on(2)],
        [{ title: 'One' }, on(1)],
      ]).title,
    ).toBe('Two')
  })

  test.each([
    ['arxiv-atom', 'hf-page'],
    ['arxiv-atom', 'hf-daily-api'],
    ['hf-daily-api', 'text-dump'],
    ['hf-day-archive', 'text-dump'],
    ['text-dump', 'something-new'],
  ])('%s wins over %s, however old', (better, worse) => {
    const observations: Observation[] = [
      [{ title: 'Better', abstract: 'Better.' }, on(1, better)],
      [{ title: 'Worse', abstract: 'Worse.' }, on(2, worse)],
    ]
    expect(mergeAll(observations)).toMatchObject({ title: 'Better', abstract: 'Better.' })
    expect(mergeAll(observations.reverse())).toMatchObject({ title: 'Better', abstract: 'Better.' })
  })

  const whole = 'We map the sea. Robots do it.'
  test.each(['We map the…', 'We map the...', 'We map the [...]', 'We map the sea.'])(
    'an abstract that breaks off (%j) never takes the place of the whole',
    (part) => {
      const observations: Observation[] = [
        [{ abstract: whole }, on(1, 'text-dump')],
        [{ abstract: part }, on(2, 'arxiv-rss')],
      ]
      expect(mergeAll(observations).abstract).toBe(whole)
      expect(mergeAll(observations.reverse()).abstract).toBe(whole)
    },
  )

  test('of two that break off the longer stays', () => {
    const observations: Observation[] = [
      [{ abstract: 'We map the sea. Robots…' }, on(1)],
      [{ abstract: 'We map…' }, on(2)],
    ]
    expect(mergeAll(observations).abstract).toBe('We map the sea. Robots…')
  })

  test('a title may become shorter', () => {
    const observations: Observation[] = [
      [{ title: 'Sea Maps: A Study' }, on(1)],
      [{ title: 'Sea Maps' }, on(2)],
    ]
    expect(mergeAll(observations).title).toBe('Sea Maps')
  })
})

describe('authors', () => {
  const all = ['Ann Ode', 'Bo Li', 'Cy Day']
  test('a part of the list never takes the place of the whole, nor keeps it out', () => {
    const observations: Observation[] = [
      [{ authors: all }, on(1, 'hf-page')],
      [{ authors: ['Ann Ode', 'Bo Li'] }, on(2, 'arxiv-atom')],
    ]
    expect(mergeAll(observations).authors).toEqual(all)
    expect(mergeAll(observations.reverse()).authors).toEqual(all)
  })

  test('of formats that are as good the longer list stays', () => {
    const observations: Observation[] = [
      [{ authors: all }, on(1)],
      [{ authors: ['A. Ode', 'B. Li'] }, on(2)],
    ]
    expect(mergeAll(observations).authors).toEqual(all)
  })

  test('a better format corrects them', () => {
    const observations: Observation[] = [
      [{ authors: ['Ann Ode', 'Bo Li', 'Cy D.'] }, on(2, 'text-dump')],
      [{ authors: ['Ann Ode', 'Cy Day'] }, on(1, 'arxiv-atom')],
    ]
    expect(mergeAll(observations).authors).toEqual(['Ann Ode', 'Cy Day'])
  })
})

describe('counts and links', () => {
  test('the newest observation wins, whatever its format, also where it fell', () => {
    const observations: Observation[] = [
      [{ upvotes: 9, codeUrl: 'https://old.org/' }, on(1, 'hf-daily-api')],
      [{ upvotes: 0, codeUrl: 'https://new.org/' }, on(2, 'text-dump')],
      [{ upvotes: 99, codeUrl: 'https://none.org/' }, undated('arxiv-snapshot')],
    ]
    const expected = { upvotes: 0, codeUrl: 'https://new.org/' }
    expect(mergeAll(observations)).toMatchObject(expected)
    expect(mergeAll(observations.reverse())).toMatchObject(expected)
  })
})

describe('categories and keywords', () => {
  test('are united; the first of the better list leads, the others follow by the alphabet', () => {
    const observations: Observation[] = [
      [{ categories: ['cs.RO', 'stat.ML'] }, on(2, 'hf-page')],
      [{ categories: ['cs.LG', 'cs.AI'] }, on(1, 'arxiv-atom')],
    ]
    const expected = ['cs.LG', 'cs.AI', 'cs.RO', 'stat.ML']
    expect(mergeAll(observations).categories).toEqual(expected)
    expect(mergeAll(observations.reverse()).categories).toEqual(expected)
  })

  test('spellings that differ in case alone are one', () => {
    const observations: Observation[] = [
      [{ keywords: ['llm', 'Agents'] }, on(1)],
      [{ keywords: ['LLM', 'agents'] }, on(2)],
    ]
    expect(mergeAll(observations).keywords).toEqual(['LLM', 'Agents'])
  })
})

describe('ids', () => {
  test('an arXiv id stays, and comes out of the DOI that arXiv gave out', () => {
    expect(mergeAll([[{ doi: '10.48550/arXiv.2401.00001' }, on(1)]])).toMatchObject({
      arxivId: '2401.00001',
      doi: null,
    })
  })
})

const text = fc.constantFrom('Alpha', 'Beta rays', 'Gamma…', 'Delta and more…', 'Epsilon', 'Zeta')
const names = fc.subarray(['Ann Ode', 'Bo Li', 'Cy Day', 'Di Fox', 'Ed Gray'])
const words = fc.subarray(['llm', 'LLM', 'robots', 'sea', 'maps'])
const count = fc.nat({ max: 5 })
const entries: fc.Arbitrary<Entry> = fc.record(
  {
    title: text,
    abstract: text,
    authors: names,
    arxivId: fc.constant('2401.00001'),
    doi: fc.constantFrom('10.1145/1', '10.1145/2'),
    url: fc.constantFrom('https://a.org/', 'https://b.org/'),
    publishedAt: fc.constantFrom(new Date('2024-01-01'), new Date('2024-02-02')),
    categories: words,
    organization: text,
    codeUrl: text,
    projectUrl: text,
    thumbnailUrl: text,
    aiSummary: text,
    keywords: words,
    upvotes: count,
    comments: count,
    stars: count,
  },
  { requiredKeys: ['title'] },
)
const dated = fc.integer({ min: 1, max: 4 }).map((day) => on(day))
const anySeen = fc.record({
  format: fc.constantFrom('arxiv-atom', 'hf-page', 'text-dump', 'unknown'),
  at: fc.option(fc.integer({ min: 1, max: 4 }).map((day) => new Date(Date.UTC(2026, 0, day)))),
})

describe('for any observations', () => {
  test('the same again changes nothing', () => {
    const observations = fc.array(fc.tuple(entries, anySeen), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(observations, (observations) => {
        const [entry, seen] = observations.at(-1)!
        const paper = { id: 1, ...mergeAll(observations) }
        expect(mergeEntry(paper, entry, seen)).toBeUndefined()
      }),
    )
  })

  test('a whole dump replayed changes nothing', () => {
    const format = fc.constantFrom('arxiv-atom', 'hf-page')
    const dump = fc.tuple(fc.array(fc.tuple(entries, dated), { minLength: 1, maxLength: 6 }), format)
    fc.assert(
      fc.property(dump, ([observations, format]) => {
        const listed = observations.map(([entry, seen]): [Entry, Seen] => [entry, { ...seen, format }])
        expect(mergeAll([...listed, ...listed])).toEqual(mergeAll(listed))
      }),
    )
  })

  test('dated observations of one format come to the same in any order', () => {
    const shuffled = fc
      .array(fc.tuple(entries, dated), { minLength: 1, maxLength: 6 })
      .chain((list) =>
        fc.tuple(
          fc.constant(list),
          fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length }),
        ),
      )
    fc.assert(
      fc.property(shuffled, ([list, shuffled]) => {
        expect(mergeAll(shuffled)).toEqual(mergeAll(list))
      }),
      { numRuns: thorough(100) },
    )
  })

  test('no value that was known is ever lost', () => {
    const isKnown = (value: unknown) => value !== null && !(Array.isArray(value) && value.length === 0)
    fc.assert(
      fc.property(fc.array(fc.tuple(entries, anySeen), { minLength: 2, maxLength: 6 }), (observations) => {
        const before = mergeAll(observations.slice(0, -1))
        const after = mergeAll(observations)
        const lost = Object.entries(before).filter(
          ([field, value]) => isKnown(value) && !isKnown(after[field as keyof NewPaperFields]),
        )
        expect(lost).toEqual([])
        expect(after.keywords.map((word) => word.toLowerCase())).toEqual(
          expect.arrayContaining(before.keywords.map((word) => word.toLowerCase())),
        )
      }),
    )
  })
})

const DAY = '../shared/fixtures/hf_api/daily_papers-2026-05-08.json'
test.skipIf(!existsSync(DAY))('a real page merged twice changes nothing', () => {
  const { entries: listed, format } = parsePage(readFileSync(DAY, 'utf8'), 'auto')
  const seen = on(1, format)
  const changed = listed.filter((entry) => mergeEntry({ id: 1, ...paperFromEntry(entry, seen) }, entry, seen))
  expect(listed).toHaveLength(37)
  expect(changed).toEqual([])
})
