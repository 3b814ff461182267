import { describe, expect, test } from 'vitest'
import {
  arxivDaily,
  arxivSnapshot,
  parseArxivDailyRecord,
  parseArxivRecord,
} from '../../../../src/sources/formats/arxiv/record.ts'
import { parsePapersWithCodeRecord } from '../../../../src/sources/formats/catalogues/papersWithCode.ts'
import { recordFormats } from '../../../../src/sources/formats/recordFormats.ts'
import { describeShared, readShared } from '../../fixture.ts'

function lines(text: string): unknown[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

test('of absurdly many authors the first ten thousand', () => {
  const authors_parsed = Array.from({ length: 20_000 }, (_, n) => [`Family${n}`, 'Given', ''])
  const entry = parseArxivRecord({ id: '2611.00001', title: 'Crowds', authors_parsed })
  expect(entry).toMatchObject({ authors: { length: 10_000 } })
})

const ODD = [undefined, null, true, 5, 'text', [], {}, { id: {} }, { title: ['T'], id: '2611.00001' }]

test.each(recordFormats.map((format) => [format.name, format] as const))(
  '%s: odd values are rejects',
  (_name, format) => {
    for (const record of ODD) {
      expect(format.detect(record)).toBe(false)
      expect(format.parse(record, 'line 3')).toMatchObject({
        where: 'line 3',
        reason: expect.stringMatching(/^expected /),
      })
    }
  },
)

describe('a record of the snapshot', () => {
  const parse = (fields: object) => parseArxivRecord({ id: '2611.00001', title: 'T', ...fields })
  test.each([
    ['alone', {}, { title: 'T', arxivId: '2611.00001', url: 'https://arxiv.org/abs/2611.00001' }],
    ['an id with a version', { id: '2611.00001v2' }, { arxivId: '2611.00001' }],
    ['an old id', { id: 'math.CA/0611800' }, { arxivId: 'math/0611800' }],
    ['an id that lost its first zero', { id: 704.0001 }, { arxivId: '0704.0001' }],
    ['an id that lost its last', { id: '2503.0213' }, { arxivId: '2503.02130' }],
    ['wrapped lines', { title: 'A\n  B', abstract: '  C\nD\n' }, { title: 'A B', abstract: 'C D' }],
    ['TeX stays', { authors_parsed: [["Bal\\'azs", 'C.', '']] }, { authors: ["C. Bal\\'azs"] }],
    ['a suffix', { authors_parsed: [['Evans', 'Neal J.', 'II']] }, { authors: ['Neal J. Evans II'] }],
    ['a group', { authors_parsed: [['ATLAS Collaboration', '', '']] }, { authors: ['ATLAS Collaboration'] }],
    [
      'names in one string only',
      { authors: 'A. One (1 and 2) and B. Two (1) ((1) X, (2) Y)', authors_parsed: [] },
      { authors: ['A. One', 'B. Two'] },
    ],
    ['damaged names', { authors_parsed: [null, 5, ['', '', '']] }, { authors: undefined }],
    ['two DOIs', { doi: '10.1000/A 10.1000/b' }, { doi: '10.1000/a' }],
    ['no DOI', { doi: null }, { doi: undefined }],
    ['categories', { categories: 'math.CO cs.CG' }, { categories: ['math.CO', 'cs.CG'] }],
    [
      'the first version, wherever it stands',
      {
        versions: [
          { version: 'v2', created: 'Sat, 13 Dec 2008 17:26:00 GMT' },
          { version: 'v1', created: 'Sat, 31 Mar 2007 02:26:18 GMT' },
        ],
      },
      { publishedAt: new Date('2007-03-31T02:26:18Z') },
    ],
    ['an update is no publication', { update_date: '2008-12-13' }, { publishedAt: undefined }],
  ])('%s', (_name, fields, expected) => {
    expect(parse(fields)).toMatchObject(expected)
  })
})

test('a record with objects in the place of links is of another kind, also where they cannot become text', () => {
  const record = { title: 'T', authors: [], categories: [], abs: { toString: 0 }, pdf: { toString: 0 } }
  expect(arxivDaily.detect(record)).toBe(false)
})

test('a record whose id and links disagree is a reject', () => {
  const daily = { id: '2611.00001', abs: 'https://arxiv.org/abs/2611.00002', title: 'T' }
  expect(parseArxivDailyRecord(daily, 'line 1')).toEqual({
    where: 'line 1',
    reason: 'expected one arXiv id, got 2611.00001 and 2611.00002',
  })
  const pwc = { arxiv_id: '1905.00801', url_abs: 'https://arxiv.org/abs/1905.00802', title: 'T' }
  expect(parsePapersWithCodeRecord(pwc, '[0]')).toMatchObject({ where: '[0]' })
})

describeShared('real records', () => {
  const snapshot = () => lines(readShared('fixtures/arxiv_snapshot/arxiv-metadata-oai-snapshot.json'))
  const day = () => lines(readShared('fixtures/arxiv_daily_jsonl/2025-03-18.jsonl'))

  test('the first 100 lines of the snapshot: 100 papers, 50 with a DOI', () => {
    const entries = snapshot().map((record) => parseArxivRecord(record))
    expect(entries.filter((entry) => 'reason' in entry)).toEqual([])
    const whole = entries.filter(
      (e) => 'title' in e && e.abstract && e.authors && e.publishedAt && e.categories,
    )
    expect([whole.length, entries.filter((e) => 'title' in e && e.doi).length]).toEqual([100, 50])
    expect(entries[0]).toEqual({
      title: 'Calculation of prompt diphoton production cross sections at Tevatron and LHC energies',
      abstract: expect.stringMatching(
        /^A fully differential calculation .* judicious selection of events\.$/,
      ),
      authors: ['C. Balázs', 'E. L. Berger', 'P. M. Nadolsky', 'C. -P. Yuan'],
      arxivId: '0704.0001',
      doi: '10.1103/physrevd.76.013009',
      url: 'https://arxiv.org/abs/0704.0001',
      publishedAt: new Date('2007-04-02T19:18:42Z'),
      venue: 'Phys.Rev.D76:013009,2007',
      categories: ['hep-ph'],
    })
  })

  test('their names as one string and as parts are as many', () => {
    for (const record of snapshot() as { authors: string }[]) {
      const [parts, whole] = [
        parseArxivRecord(record),
        parseArxivRecord({ ...record, authors_parsed: undefined }),
      ]
      const count = (entry: object) => ('authors' in entry ? (entry.authors as string[]).length : 0)
      expect([record.authors, count(whole)]).toEqual([record.authors, count(parts)])
    }
  })

  test('a day of arXiv: 465 records of 328 papers', () => {
    const records = day()
    const entries = records.map((record) => parseArxivDailyRecord(record))
    expect([entries.length, entries.filter((entry) => 'reason' in entry).length]).toEqual([465, 0])
    expect(new Set(entries.map((entry) => ('arxivId' in entry ? entry.arxivId : undefined))).size).toBe(328)
    expect(records.every((record) => arxivDaily.detect(record) && !arxivSnapshot.detect(record))).toBe(true)
  })
})
