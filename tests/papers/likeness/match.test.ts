import { existsSync, readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Entry, Paper } from '../../../src/domain.ts'
import { entryKeys } from '../../../src/papers/keys/entryKeys.ts'
import { titleKey } from '../../../src/papers/keys/identityKeys.ts'
import { samePaper } from '../../../src/papers/likeness/match.ts'
import { paperFromEntry } from '../../../src/papers/merging/merge.ts'
import { parsePage } from '../../../src/sources/formats/formats.ts'

const SEEN = { format: 'hf-page', at: new Date('2026-01-01') }
const paper = (entry: Entry): Paper => ({ id: 1, ...paperFromEntry(entry, SEEN) })
const TITLE = 'Mapping the Deep Sea with Small Robots'
const AUTHORS = ['Ann Ode', 'Bo Li']
/** The judgement without its number, the same whichever comes first. */
function judge(one: Entry, other: Entry): { same: boolean; why: string } {
  const { same, why } = samePaper(one, paper(other))
  expect(samePaper(other, paper(one)).same).toBe(same)
  return { same, why }
}
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
    expect(judge(one, other)).toEqual({ same: true, why })
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
    expect(judge(one, other)).toEqual({ same: false, why })
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
      'same title, author ode',
      { title: TITLE, authors: ['A. Ode'] },
      { title: TITLE, authors: ['Bo Li', 'Ann Ode'] },
    ],
    [
      'same title, author ode',
      { title: TITLE, authors: ['Ode, Ann'] },
      { title: TITLE, authors: ['Ann Ode Jr.'] },
    ],
    [
      'same title, author garcia',
      { title: TITLE, authors: ['Eva García'] },
      { title: TITLE, authors: ['E. García Márquez'] },
    ],
    [
      'same title, author muller',
      { title: TITLE, authors: ['K. M\\"uller'] },
      { title: TITLE, authors: ['Karl Müller'] },
    ],
    ['same title, author 李', { title: TITLE, authors: ['明 李'] }, { title: TITLE, authors: ['李, 明'] }],
    [
      'same title, 2 years apart',
      { title: TITLE, publishedAt: year(2024) },
      { title: TITLE, publishedAt: year(2026) },
    ],
  ])('%s', (why, one, other) => {
    expect(judge(one, other)).toEqual({ same: true, why })
  })
})

describe('spellings of one title are one title', () => {
  test.each<[string, string, string]>([
    [
      'TeX and Unicode',
      'Bounds of $O(n \\log n)$ for $\\ell_1$ Regression',
      'Bounds of O(n log n) for ℓ₁ Regression',
    ],
    ['TeX accents', 'W\\"armeleitung und $\\alpha$-Zerfall', 'Wärmeleitung und α-Zerfall'],
    ['UTF-8 read as Latin-1', 'WÃ¤rmeleitung in FestkÃ¶rpern', 'Wärmeleitung in Festkörpern'],
    [
      'entities that were left',
      'Search &amp; Rescue with W&auml;rmebildern',
      'Search & Rescue with Wärmebildern',
    ],
    [
      'hyphens',
      'Self-Supervised Pre-Training of Multi-Modal Encoders',
      'Self Supervised Pretraining of Multimodal Encoders',
    ],
    [
      'hyphens at line ends',
      'Mapping the Deep Sea with Autono- mous Robots',
      'Mapping the Deep Sea with Autonomous Robots',
    ],
    ['a slip of the pen', 'Maping the Deep Sea with Smal Robots', TITLE],
    ['a subtitle that is left out', `${TITLE}: A Case Study in the Pacific`, TITLE],
    ['a name in front that is left out', `DeepMapper: ${TITLE}`, TITLE],
    [
      'a title that breaks off',
      `${TITLE} and Sonar: A Case Study in the Pacific`,
      `${TITLE} and Sonar: A Ca…`,
    ],
    ['part numbers', `${TITLE}, Part II`, `${TITLE}: Part 2`],
  ])('%s', (_name, one, other) => {
    expect(judge({ title: one, authors: AUTHORS }, { title: other, authors: AUTHORS })).toMatchObject({
      same: true,
    })
  })

  test('all of them are found without comparing with every paper', () => {
    const keys = (title: string) => entryKeys({ title, authors: AUTHORS })
    const held = new Set(keys(TITLE).held)
    const found = [
      `${TITLE}: A Case Study`,
      'Mapping the Deep Sea with Smal Robots',
      `DeepMapper: ${TITLE}`,
      `${TITLE.slice(0, 30)}…`,
    ]
    expect(found.filter((title) => !keys(title).asked.some((key) => held.has(key)))).toEqual([])
  })
})

describe('unless something speaks against it', () => {
  test.each<[string, Entry, Entry]>([
    ['one is about the other, or takes its place', { title: TITLE }, { title: `${TITLE} Again` }],
    [
      'one is about the other, or takes its place',
      { title: TITLE, authors: AUTHORS },
      { title: `Erratum to: ${TITLE}`, authors: AUTHORS },
    ],
    [
      'different numbers in the titles (1 and 2)',
      { title: `${TITLE}, Part I` },
      { title: `${TITLE}, Part II` },
    ],
    [
      'different numbers in the titles (2 and none)',
      { title: TITLE, authors: AUTHORS },
      { title: `${TITLE} II`, authors: AUTHORS },
    ],
    ['different numbers in the titles (2 and 3)', { title: `${TITLE} v2` }, { title: `${TITLE} v3` }],
    ['different numbers in the titles (1.5 and 15)', { title: `${TITLE} 1.5` }, { title: `${TITLE} 15` }],
    [
      'different numbers in the titles (2 and 2.5)',
      { title: 'Qwen2 Technical Report' },
      { title: 'Qwen2.5 Technical Report' },
    ],
    [
      'different numbers in the titles (2 and none)',
      { title: 'Qwen Technical Report' },
      { title: 'Qwen2 Technical Report' },
    ],
    [
      'one is about the other, or takes its place',
      { title: 'A Survey of Deep Sea Mapping', authors: AUTHORS, publishedAt: year(2022) },
      { title: 'A Survey of Deep Sea Mapping: An Update', authors: AUTHORS, publishedAt: year(2024) },
    ],
    [
      'different numbers in the titles (2019 and 2023)',
      { title: 'A Survey of Deep Sea Mapping in 2019', authors: AUTHORS },
      { title: 'A Survey of Deep Sea Mapping in 2023', authors: AUTHORS },
    ],
    [
      'same title, no author in common',
      { title: TITLE, authors: ['Ann Ode'] },
      { title: TITLE, authors: ['Bo Li'] },
    ],
    [
      'same title, author ode, 3 years apart',
      { title: TITLE, authors: ['Ann Ode'], publishedAt: year(2023) },
      { title: TITLE, authors: ['Ann Ode'], publishedAt: year(2026) },
    ],
    [
      'same title, author ode, 4 years apart',
      { title: TITLE, authors: AUTHORS, year: 2019, venue: 'Proc. of ICRA' },
      { title: TITLE, authors: AUTHORS, year: 2023, venue: 'Journal of Field Robotics' },
    ],
    [
      'titles alike, no author in common',
      { title: 'Attention Is All You Need', authors: ['Ashish Vaswani'] },
      { title: 'Attention Is Not All You Need', authors: ['Yihe Dong'] },
    ],
    ['the title is too general to tell papers apart', { title: 'Introduction' }, { title: 'Introduction' }],
    [
      'the title is too general to tell papers apart',
      { title: 'Editorial', authors: AUTHORS },
      { title: 'Editorial', authors: AUTHORS },
    ],
  ])('%s', (why, one, other) => {
    expect(judge(one, other)).toEqual({ same: false, why })
  })

  test('an article that sources date a year apart is one paper', () => {
    const online = { title: TITLE, authors: AUTHORS, year: 2019, venue: 'Journal of Field Robotics' }
    expect(judge(online, { ...online, year: 2020, venue: 'J. Field Robotics 37(2)' }).same).toBe(true)
  })

  test('a talk and its article a year later are two', () => {
    const talk = { title: TITLE, authors: AUTHORS, year: 2019, venue: 'Proc. of ICRA' }
    const article = { title: TITLE, authors: AUTHORS, year: 2020, venue: 'Journal of Field Robotics' }
    expect(judge(talk, article).same).toBe(false)
  })

  test('an article of three years later in the same journal is another one', () => {
    const article = { title: TITLE, authors: AUTHORS, year: 2019, venue: 'Journal of Field Robotics' }
    expect(judge(article, { ...article, year: 2022 }).same).toBe(false)
  })

  test('a preprint and its publication a year later are one paper', () => {
    const preprint = { title: TITLE, authors: AUTHORS, arxivId: '1901.00001', publishedAt: year(2019) }
    const published = { title: TITLE, authors: AUTHORS, doi: '10.1109/1', year: 2020, venue: 'Proc. of ICRA' }
    expect(judge(preprint, published)).toEqual({ same: true, why: 'same title, author ode, 1 year apart' })
  })
})

describe('a year that stands in the venue or the title', () => {
  const venue = 'Proc. of the Workshop on Robots'
  test.each<[string, Partial<Entry>, Partial<Entry>]>([
    ['a workshop that is named by its year', { venue: 'Proc. of the 1991 Workshop on Robots' }, { venue }],
    ['a meeting known by its letters', { venue: 'ICRA-91' }, { venue: 'Proc. of ICRA' }],
    ['a meeting with an apostrophe', { venue: "ICRA '91" }, { venue: 'Proc. of ICRA' }],
    ['a reference that was cut wrongly', { title: `Ode (1991a). ${TITLE}`, venue }, { venue }],
  ])('tells as much as one of its own: %s', (_name, one, other) => {
    const entry: Entry = { title: TITLE, authors: AUTHORS }
    expect(judge({ ...entry, ...one }, { ...entry, ...other, year: 1991 }).same).toBe(true)
    expect(judge({ ...entry, ...one }, { ...entry, ...other, year: 1996 }).why).toContain('5 years apart')
  })

  test.each<[string, Entry]>([
    ['the number of a report', { title: TITLE, venue: 'Technical Report TR-2001-104' }],
    ['the number of a meeting', { title: TITLE, venue: 'FOCS 36' }],
    ['several years', { title: TITLE, venue: 'Selected Papers of 1990 and 1991' }],
  ])('is not %s', (_name, entry) => {
    expect(judge(entry, { title: TITLE, year: 2010 }).why).toBe('same title')
  })
})

describe('an editorial', () => {
  const authors = ['Ann Ode', 'Bo Li']
  const editorial: Entry = {
    title: 'Guest Editorial',
    authors,
    venue: 'Journal of Field Robotics',
    year: 2021,
  }

  test('is one with another that the same people signed for one journal in one year', () => {
    const other = { ...editorial, title: 'Guest editorial.', authors: ['Li, B.', 'A. Ode'] }
    expect(judge(editorial, other)).toEqual({ same: true, why: 'same title, author ode' })
    const held = entryKeys(other).held
    expect(entryKeys(editorial).asked.some((key) => held.includes(key))).toBe(true)
  })

  test.each<[string, Entry]>([
    ['another year', { ...editorial, year: 2022 }],
    ['no year', { ...editorial, year: undefined }],
    ['another journal', { ...editorial, venue: 'Sea Mapping Quarterly' }],
    ['no journal', { ...editorial, venue: undefined }],
    ['one of the people only', { ...editorial, authors: ['Ann Ode'] }],
    ['nobody', { ...editorial, authors: [] }],
  ])('is another one with %s', (_name, other) => {
    expect(judge(editorial, other).same).toBe(false)
  })

  test.each(['Editorial', "Editor's Notes", "Chair's Message", 'Book Reviews', 'Erratum'])(
    'of one who writes several a year is its own: %s',
    (title) => {
      const column = { ...editorial, title, authors: ['Ann Ode'] }
      expect(judge(column, column).same).toBe(false)
    },
  )

  test('is told from an erratum, of which the same people may have several a year', () => {
    const erratum = { ...editorial, title: 'Erratum' }
    expect(judge(erratum, erratum).same).toBe(false)
  })
})

describe('abstracts', () => {
  const abstract =
    'We map the sea with robots that dive for many hours and carry sonar devices built from cheap parts.'
  const other =
    'Violins are older than pianos; their makers lived in small Italian towns, where wood was dried slowly.'

  test.each<[string, string | undefined, boolean]>([
    ['the same', abstract, true],
    ['one that breaks off', `${abstract.slice(0, 50)}…`, true],
    ['none', undefined, true],
    ['another one', other, false],
  ])('beside the same title and authors, %s', (_name, theirs, same) => {
    const entry = { title: TITLE, authors: AUTHORS, abstract }
    expect(judge(entry, { title: TITLE, authors: AUTHORS, abstract: theirs }).same).toBe(same)
  })

  test('alike, they outweigh a list of authors that names others', () => {
    const one = { title: TITLE, authors: ['Ann Ode'], abstract }
    expect(judge(one, { title: TITLE, authors: ['Sea Paper Digest', 'Bo Li'], abstract }).same).toBe(true)
  })
})

describe('a short title alone', () => {
  const title = 'Deep Learning'
  const abstract = 'Deep learning discovers intricate structure in large data sets by backpropagation.'
  const other = 'We review methods that learn representations of speech, images, genomics.'

  test('is not enough', () => {
    expect(judge({ title, abstract }, { title, abstract: other }).same).toBe(false)
    expect(judge({ title }, { title, abstract })).toEqual({
      same: false,
      why: 'same title, but the title is short and nothing else agrees',
    })
  })

  test('is enough with an author or the abstract, or where there is nothing else', () => {
    const authors = ['Ann Ode']
    expect(judge({ title, authors }, { title, authors }).same).toBe(true)
    expect(judge({ title, abstract }, { title, abstract: `${abstract} And more.` }).same).toBe(true)
    expect(judge({ title }, { title }).same).toBe(true)
  })
})

test('which of two comes first makes no difference to how likely they are one', () => {
  const titles = [TITLE, `${TITLE}: A Study`, 'Maping the Deep Sea', 'Ballads of the Alps']
  const entry = fc.record<Entry>({
    title: fc.constantFrom(...titles),
    authors: fc.subarray(['Ann Ode', 'Bo Li', 'C. Day', 'Ode, A.']),
    year: fc.option(fc.integer({ min: 2018, max: 2024 }), { nil: undefined }),
    venue: fc.constantFrom(undefined, 'Proc. of ICRA', 'J. of Robotics', 'arXiv'),
  })
  fc.assert(
    fc.property(entry, entry, (one, other) => {
      const [there, back] = [samePaper(one, other), samePaper(other, one)]
      expect(back.same).toBe(there.same)
      if (Number.isFinite(there.score)) expect(back.score).toBeCloseTo(there.score, 9)
      else expect(back.score).toBe(there.score)
    }),
  )
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
