import { expect, test } from 'vitest'
import type { Entry } from '../../src/domain.ts'
import { texToUnicode } from '../../src/text/texToUnicode.ts'
import { describeShared, listShared, readShared } from './fixture.ts'
import { batchesUntilError } from './formats/goldenPairs.ts'

/** Files as people have them, each with the values that its folder's README calls right. */

const LIGHT = 'We light lanterns, and they keep their light for hours after the attic has gone dark'
const ADA_AND_BJORN = ['Ada Example', 'Björn Muster']
/** 05:00 UTC, where no zone stands. */
const OLD = '2019-03-02T05:00:00.000Z'
const FROM_MAIL = [
  {
    arxivId: '2603.01234',
    abstract: `${LIGHT}.`,
    authors: ADA_AND_BJORN,
    categories: ['cs.CL', 'cs.LG'],
  },
  { arxivId: '2603.01235' },
]

interface Right {
  listedOn?: string
  entries: Record<string, unknown>[]
}

/** For each file: its papers in order, with those fields that its README names. */
const RIGHT: Record<string, Right> = {
  '01-names-family-first-in-one-string/catalogue.csv': entriesOf(
    { authors: ['E.N. Muster', 'B.Q. Beispiel'] },
    { authors: ['B.Q. Beispiel'] },
    { authors: ['Eva Muster', 'Bob Beispiel'] },
    { authors: ['E. Muster', 'B. Beispiel'] },
  ),
  '01-names-family-first-in-one-string/feed.rdf': entriesOf({
    authors: ['E. Muster', 'B. Q. van der Beispiel', "D. O'Sample"],
  }),
  '02-doi-with-more-behind-it-in-the-link/feed.rdf': entriesOf(
    { doi: '10.64898/2026.09.18.999654' },
    { doi: '10.1101/2024.01.02.999899' },
  ),
  '02-doi-with-more-behind-it-in-the-link/journal.rss': entriesOf({ doi: '10.1093/lan/gkzz494' }),
  '02-doi-with-more-behind-it-in-the-link/versions.csv': entriesOf(
    { doi: '10.1101/2024.01.02.999899' },
    { doi: '10.1101/2024.01.02.999899' },
  ),
  '03-timestamps-of-pandas-sql-python/feed.rss': entriesOf({ publishedAt: OLD }, { publishedAt: OLD }),
  '03-timestamps-of-pandas-sql-python/old.csv': entriesOf(
    { publishedAt: OLD },
    { publishedAt: OLD },
    { publishedAt: OLD },
    { publishedAt: OLD },
  ),
  '04-what-is-near-a-paper-is-stored-as-one/crossref-work.json': entriesOf({
    title: 'Lanterns that light themselves',
    doi: '10.1234/lan.1',
    authors: ['Ada Example'],
    publishedAt: '2026-03-01T00:00:00.000Z',
  }),
  '04-what-is-near-a-paper-is-stored-as-one/rss2json.json': entriesOf({
    title: 'Lanterns that light themselves',
  }),
  '05-day-file-with-other-names/2026-08-25-a.json': {
    listedOn: '2026-08-25',
    entries: [
      {
        arxivId: '2608.01234',
        abstract: 'We light lanterns and keep them lit.',
        publishedAt: '2026-08-24T19:39:01.000Z',
        categories: ['cs.CL'],
        url: expect.stringMatching(/^https?:\/\/arxiv\.org\//),
      },
    ],
  },
  '05-day-file-with-other-names/2026-08-25-b.json': {
    listedOn: '2026-08-25',
    entries: [{ arxivId: '2608.01234' }],
  },
  '06-markdown-that-begins-with-html/align.md': entriesOf({ arxivId: '2603.01234' }),
  '06-markdown-that-begins-with-html/comment.md': entriesOf({ arxivId: '2603.01234' }),
  '06-markdown-that-begins-with-html/div.md': entriesOf({ arxivId: '2603.01234' }),
  '07-listing-digest/2026-03-03.md': {
    listedOn: '2026-03-03',
    entries: [
      { arxivId: '2603.01234', authors: ADA_AND_BJORN, abstract: 'We light lanterns, and keep them lit.' },
      { arxivId: '2603.01235' },
    ],
  },
  '08-titles-of-one-word/cjk.md': entriesOf({ arxivId: '2603.01234' }, { arxivId: '2603.01235' }),
  '08-titles-of-one-word/list.md': entriesOf({ title: 'LanternNet++', arxivId: '2603.01234' }),
  '08-titles-of-one-word/table.md': entriesOf({ title: 'LanternNet', arxivId: '2603.01234' }),
  '09-markup-in-a-table-cell/README-table.md': entriesOf({
    abstract: 'We light lanterns, and keep them lit.',
  }),
  '10-what-publishers-put-around-an-abstract/feed.rss': entriesOf(
    {
      abstract: `${LIGHT}, in three kinds of attics and two kinds of cellars.`,
      url: 'https://pubmed.ncbi.nlm.nih.gov/39999999/?utm_source=Some%20Reader/1.0&utm_medium=rss',
    },
    { abstract: expect.stringMatching(/^Dark it is/) },
    { doi: '10.1234/lan.3', abstract: 'A third lantern is hung in the cellar, and all is well.' },
  ),
  '14-arxiv-doi-in-a-doi-column/openalex.jsonl': entriesOf({
    arxivId: '2603.01236',
    authors: ['Ada Example'],
    abstract: 'We light',
  }),
  '14-arxiv-doi-in-a-doi-column/table.csv': entriesOf({ arxivId: '2603.01234' }, { arxivId: '2603.01235' }),
  '15-authors-as-objects/bbt.json': entriesOf({ authors: ['C. Beispiel'] }),
  '15-authors-as-objects/csl.json': entriesOf({
    authors: ADA_AND_BJORN,
    publishedAt: '2026-03-01T00:00:00.000Z',
  }),
  '15-authors-as-objects/semantic-scholar.json': entriesOf({ arxivId: '2603.01236', doi: '10.1234/lan.3' }),
  '16-arxiv-listing-page/list-new.html': {
    listedOn: '2026-03-03',
    entries: [
      {
        arxivId: '2603.01234',
        authors: ADA_AND_BJORN,
        categories: ['cs.CL', 'cs.LG'],
        abstract: `${LIGHT}.`,
      },
      { arxivId: '2603.01111' },
    ],
  },
  '17-arxiv-daily-mail/mail.txt': entriesOf(...FROM_MAIL),
  '17-arxiv-daily-mail/mail.eml': { listedOn: '2026-03-03', entries: FROM_MAIL },
}

describeShared('files as people have them', () => {
  test('each has its right values here', () => {
    const files = listShared('cases/sources/').flatMap((folder) =>
      listShared(`cases/sources/${folder}/`).map((file) => `${folder}/${file}`),
    )
    expect(files.filter((file) => !file.endsWith('/README')).sort()).toEqual(Object.keys(RIGHT).sort())
  })

  test.each(Object.entries(RIGHT))('%s', async (file, right) => {
    const { batches, error } = await batchesUntilError(readShared(`cases/sources/${file}`))
    expect(error).toBeUndefined()
    const listings = batches.map((batch) => (batch.kind === 'page' ? batch.listing : batch))
    expect(listings.flatMap(({ rejects }) => rejects)).toEqual([])
    const listedOn = batches.flatMap((batch) => (batch.kind === 'page' ? batch.listing.listedOn : undefined))
    if (right.listedOn !== undefined) expect(listedOn).toEqual([right.listedOn])
    const entries = listings.flatMap((listing) => listing.entries.map(shown))
    expect(entries).toHaveLength(right.entries.length)
    expect(entries).toMatchObject(right.entries)
  })
})

function entriesOf(...entries: Record<string, unknown>[]): Right {
  return { entries }
}

/** An entry as JSON, with TeX in names as people see it. */
function shown(entry: Entry): object {
  return JSON.parse(JSON.stringify({ ...entry, authors: entry.authors?.map(texToUnicode) }))
}
