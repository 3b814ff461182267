import { describe, expect, test } from 'vitest'
import type { Entry, Reject } from '../../../src/domain.ts'
import { formatNames } from '../../../src/sources/dumps/dumpKind.ts'
import { arxivCases } from './checklist/arxiv.ts'
import { feedCases } from './checklist/feeds.ts'
import { emptyValues, type FormatCase, type Raw, wrongValues } from './checklist/formatCase.ts'
import { hfCases } from './checklist/hf.ts'
import { libraryCases } from './checklist/libraries.ts'
import { recordCases } from './checklist/records.ts'
import { textCases } from './checklist/texts.ts'
import { batchesUntilError } from './goldenPairs.ts'

/**
 * The edge checklist, the same for every format: all fields, each alone, entities, empty, white space, wrong type. Each
 * page is read as a dump of unknown name, so that it is also recognised with the one field that is there.
 */

const cases = [...hfCases, ...arxivCases, ...feedCases, ...libraryCases, ...recordCases, ...textCases]

test('every format is held to the checklist', () => {
  const held = cases.map(({ format }) => format)
  // A search of PubMed lists numbers alone.
  const others = ['auto', 'pubmed-search']
  expect(formatNames().filter((name) => !others.includes(name) && !held.includes(name))).toEqual([])
})

describe.each(cases)('$name', (format) => {
  const texts = Object.entries(format.fields).filter(
    ([, { kind, good }]) => kind === 'text' && typeof good === 'string',
  )
  const fields = Object.entries(format.fields)

  test('all fields', async () => {
    const paper = { ...format.base, ...Object.fromEntries(fields.map(([name, { good }]) => [name, good])) }
    const entry = Object.assign({}, format.entry, ...fields.map(([, one]) => one.entry))
    expect(await read(format, paper)).toEqual({ entries: [entry], rejects: [] })
  })

  test('each alone: what every paper must have', async () => {
    expect(await read(format, format.base)).toEqual({ entries: [format.entry], rejects: [] })
  })

  test.each(fields)('each alone: %s', async (name, { good, entry }) => {
    const found = await read(format, { ...format.base, [name]: good })
    expect(found).toEqual({ entries: [{ ...format.entry, ...entry }], rejects: [] })
  })

  test('entities: signs in the title come back as they are', async () => {
    const found = await read(format, { ...format.base, title: format.signs })
    expect(found.entries).toEqual([{ ...format.entry, title: format.signsRead ?? format.signs }])
  })

  test.each(texts)('entities: signs in %s come back as they are', async (name, { good, entry }) => {
    const value = `${good} ${format.signs}.`
    const found = await read(format, { ...format.base, [name]: value })
    const key = Object.keys(entry)[0]!
    const read_ = `${good} ${format.signsRead ?? format.signs}.`
    expect(found.entries).toEqual([{ ...format.entry, ...entry, [key]: read_ }])
  })

  test.each(fields)('empty: %s', async (name, field) => {
    for (const value of emptyValues(format, field)) {
      const found = await read(format, { ...format.base, [name]: value })
      expect([value, found]).toEqual([value, { entries: [format.entry], rejects: [] }])
    }
  })

  test('empty: no papers', async () => {
    if (format.none === undefined) return
    const { entries, rejects, error } = await read(format)
    expect([entries, rejects, error === undefined ? 'empty' : 'refused']).toEqual([[], [], format.none])
  })

  test('white space in a title is collapsed', async () => {
    const { space } = format
    const found = await read(format, { ...format.base, title: `A${space}White${space}Space Title${space}` })
    expect(found).toEqual({ entries: [{ ...format.entry, title: 'A White Space Title' }], rejects: [] })
  })

  test.each(texts)('white space in %s is collapsed, and alone is nothing', async (name, { good, entry }) => {
    const key = Object.keys(entry)[0]!
    const wide = `${good}`.replace(' ', format.space)
    const found = await read(format, { ...format.base, [name]: `${format.space}${wide}${format.space}` })
    expect(found).toEqual({ entries: [{ ...format.entry, ...entry, [key]: good }], rejects: [] })
    expect(await read(format, { ...format.base, [name]: format.space })).toEqual({
      entries: [format.entry],
      rejects: [],
    })
  })

  test.each(fields)('wrong type: %s is left out, the paper stays', async (name, field) => {
    for (const value of wrongValues(format, field)) {
      const { entries, rejects } = await read(format, { ...format.base, [name]: value })
      expect([value, entries.map(withoutRemark), rejects]).toEqual([value, [format.entry], []])
    }
  })

  test.each(
    fields.filter(
      ([, { good, entry, bySpelling }]) => typeof good === 'string' && 'publishedAt' in entry && !bySpelling,
    ),
  )('wrong type: %s that is no date is quoted', async (name) => {
    const { entries } = await read(format, { ...format.base, [name]: 'soon' })
    expect(entries).toMatchObject([{ unreadDate: '"soon"' }])
  })

  test.each(Object.entries(format.required))(
    'wrong type: without %s there is no paper, and that is said',
    async (name, wrong) => {
      for (const value of wrong) {
        const found = await read(format, { ...format.base, [name]: value })
        const said = found.error?.message ?? found.rejects.map(({ reason }) => reason).join('\n')
        expect([value, found.entries]).toEqual([value, []])
        expect([value, said]).toEqual([value, expect.stringMatching(/^expected [^\n]*$/)])
      }
    },
  )
})

/** What a page with these papers says, as JSON: of the paper that was asked about, where there are others around it. */
async function read(
  format: FormatCase,
  ...papers: Raw[]
): Promise<{ entries: object[]; rejects: Reject[]; error?: Error }> {
  const { batches, error } = await batchesUntilError(format.write(papers))
  const listings = batches.map((batch) =>
    batch.kind === 'page' ? batch.listing : { ...batch, listedOn: undefined },
  )
  const entries = listings
    .flatMap(({ entries, listedOn }) =>
      entries.map((entry) => ({ ...entry, listedOn: entry.listedOn ?? listedOn })),
    )
    .filter(({ title }) => title !== 'Another')
  for (const listing of listings) expect(listing.format).toBe(format.format)
  return {
    entries: entries.map(asJson),
    rejects: listings.flatMap(({ rejects }) => rejects),
    ...(error && { error }),
  }
}

/** An entry without what it says of a date that could not be read. */
function withoutRemark({ unreadDate: _, ...entry }: Partial<Entry>): Partial<Entry> {
  return 'publishedAt' in entry ? entry : { ...entry, year: undefined }
}

function asJson(entry: Entry): object {
  return JSON.parse(JSON.stringify(entry))
}
