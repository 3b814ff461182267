import { describe, expect, test } from 'vitest'
import { PermanentError } from '../../../../src/errors.ts'
import { arxivRdf } from '../../../../src/sources/formats/arxiv/rdf.ts'
import { arxivRss } from '../../../../src/sources/formats/arxiv/rss.ts'
import { parsePage } from '../../../../src/sources/formats/formats.ts'
import { cuts, describeShared, golden, readFixture, readShared } from '../../fixture.ts'

const rss2 = readFixture('arxiv-announcement.rss2.xml')
const rss1 = readFixture('arxiv-announcement.rss1.xml')

test('a weekend lists nothing, on its day', () => {
  const weekend = rss2.replace(/<item>[\s\S]*<\/item>/, '')
  expect(golden(arxivRss.parse(weekend))).toEqual({
    format: 'arxiv-rss',
    observedAt: '2026-11-03T05:00:14.000Z',
    listedOn: '2026-11-03',
    entries: [],
    rejects: [],
  })
})

describe('an RSS 2.0 item', () => {
  const parse = (item: string) =>
    arxivRss.parse(
      `<rss version="2.0"><channel><title>x updates on arXiv.org</title><item>${item}</item></channel></rss>`,
    )
  const LINK = '<link>https://arxiv.org/abs/2611.00101</link>'

  test.each([
    ['title and link alone', '', { title: 'T t', arxivId: '2611.00101' }],
    ['a description without its prefix', '<description>Plain.</description>', { abstract: 'Plain.' }],
    [
      'a prefix and nothing else',
      '<description>arXiv:2611.00101v1 Announce Type: new</description>',
      { abstract: undefined },
    ],
    ['one name', '<dc:creator>Solo</dc:creator>', { authors: ['Solo'] }],
    ['no names', '<dc:creator> , </dc:creator>', { authors: undefined }],
    ['a date in another form', '<pubDate>2026-11-03</pubDate>', { listedOn: undefined }],
  ])('%s', (_name, xml, expected) => {
    expect(parse(`<title>T t</title>${LINK}${xml}`).entries).toMatchObject([expected])
  })

  test.each([
    ['no link', '<title>T</title>', 'expected an arXiv id in the link, got nothing'],
    ['no title', LINK, 'expected a title, got nothing (paper 2611.00101)'],
  ])('%s', (_name, item, reason) => {
    expect(parse(item)).toMatchObject({ entries: [], rejects: [{ where: 'item[0]', reason }] })
  })

  test('a replacement is known by its description too', () => {
    const item = `<title>T</title>${LINK}<description>arXiv:2611.00101v2 Announce Type: replace-cross \nAbstract: x</description>`
    expect(parse(item)).toMatchObject({ entries: [], rejects: [] })
  })
})

test('RSS 1.0: an entity that was escaped twice is decoded twice and no more', () => {
  const thrice = rss1.replace('0 &amp;lt; t', '0 &amp;amp;lt; t')
  expect(arxivRdf.parse(thrice).entries[0]?.abstract).toContain('$0 &lt; t < 3$')
})

test('RSS 1.0: a title without the usual end is taken as it is', () => {
  const plain = rss1.replace('. (arXiv:1903.01111v2 [math-ph] CROSS LISTED)', ' (to appear)')
  expect(arxivRdf.parse(plain).entries[1]).toMatchObject({
    title: 'Crossing the Line (to appear)',
    arxivId: '1903.01111',
    categories: undefined,
  })
})

test.each([
  [arxivRss, rss2],
  [arxivRdf, rss1],
])('a feed that breaks off is refused, wherever (%#)', (format, page) => {
  for (const cut of cuts(page)) expect(() => format.parse(cut)).toThrow(PermanentError)
})

test('XML of another kind is refused, not read as an empty day', () => {
  expect(() => arxivRss.parse('<html></html>')).toThrow(/expected an arXiv RSS feed \(<rss>\), got .*<html>/)
  expect(() => arxivRss.parse('<rss/>')).toThrow('expected an arXiv RSS feed, got one without a channel')
  expect(() => arxivRdf.parse(rss2)).toThrow(PermanentError)
})

describeShared('real feeds', () => {
  test('an empty weekend', () => {
    const listing = parsePage(
      readShared('fixtures/arxiv_feeds/rss2-cs.CL-weekend-empty-2026-08-01.xml'),
      'auto',
    )
    expect(golden(listing)).toEqual({
      format: 'arxiv-rss',
      observedAt: '2026-08-01T04:00:14.000Z',
      listedOn: '2026-08-01',
      entries: [],
      rejects: [],
    })
  })

  test('RSS 1.0 of 2018: three items, one of them an update', () => {
    const listing = parsePage(readShared('fixtures/arxiv_feeds/rss1-rdf-hep-ex-2018-05-23.xml'), 'auto')
    expect(listing).toMatchObject({ format: 'arxiv-rdf', listedOn: '2018-05-23', rejects: [] })
    expect(listing.entries).toMatchObject([
      {
        title: 'Measurement of Transverse Single Spin Asymmetries',
        arxivId: '1805.08875',
        authors: ['Christopher Dilks'],
        categories: ['hep-ex'],
      },
      {
        title: 'Recent Top quark results from the Tevatron',
        arxivId: '1805.09166',
        authors: ['Boris Tuchming'],
      },
    ])
    expect(listing.entries[0]?.abstract).toMatch(/^In 2015 .* of \$2\.6<\\eta<4\$\.$/)
  })
})
