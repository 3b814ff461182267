import { describe, expect, test } from 'vitest'
import { PermanentError } from '../../../../src/errors.ts'
import { arxivAtom } from '../../../../src/sources/formats/arxiv/atom.ts'
import { parsePage } from '../../../../src/sources/formats/formats.ts'
import { cuts, describeShared, golden, listShared, readFixture, readShared } from '../../fixture.ts'

const query = readFixture('arxiv-query.xml')
const announcement = readFixture('arxiv-announcement.atom.xml')

const HEAD =
  '<feed xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom"><updated>2026-11-02T06:15:09Z</updated>'

function feedOf(...entries: string[]): string {
  return `${HEAD}${entries.map((entry) => `<entry>${entry}</entry>`).join('')}</feed>`
}

const ID = '<id>http://arxiv.org/abs/2610.01234v1</id>'

function only(entry: string) {
  return arxivAtom.parse(feedOf(`${ID}<title>T t</title>${entry}`)).entries[0]
}

describe('an entry', () => {
  test('has title and id at least', () => {
    expect(golden(arxivAtom.parse(feedOf(`${ID}<title>A  title\n  wraps</title>`)))).toEqual({
      format: 'arxiv-atom',
      observedAt: '2026-11-02T06:15:09.000Z',
      entries: [{ title: 'A title wraps', arxivId: '2610.01234', url: 'https://arxiv.org/abs/2610.01234' }],
      rejects: [],
    })
  })

  test.each([
    ['entities are decoded once', '<summary>a &amp;lt; b &#x3b1;</summary>', { abstract: 'a &lt; b α' }],
    ['HTML entities are left as they are', '<summary>a&nbsp;b</summary>', { abstract: 'a&nbsp;b' }],
    ['CDATA is text', '<summary><![CDATA[a < b &amp; c]]></summary>', { abstract: 'a < b &amp; c' }],
    ['white space is nothing', '<summary> \n </summary><published> </published>', { abstract: undefined }],
    ['a date that is none', '<published>2026-02-30T00:00:00Z</published>', { publishedAt: undefined }],
    [
      'an affiliation is no part of a name',
      '<author><name>A B</name><arxiv:affiliation>C</arxiv:affiliation></author><author></author>',
      { authors: ['A B'] },
    ],
    [
      'the primary category leads',
      '<category term="b"/><category term="a"/><category/><arxiv:primary_category term="a"/>',
      { categories: ['a', 'b'] },
    ],
    ['a DOI in lower case', '<arxiv:doi>10.1000/AbC</arxiv:doi>', { doi: '10.1000/abc' }],
    ['a DOI that is none', '<arxiv:doi>soon</arxiv:doi>', { doi: undefined }],
    ["arXiv's own DOI is an id", '<arxiv:doi>10.48550/arXiv.2610.01234</arxiv:doi>', { doi: undefined }],
    [
      'any prefix of the namespace',
      '<x:doi xmlns:x="http://arxiv.org/schemas/atom">10.1/2</x:doi>',
      { doi: undefined },
    ],
    [
      'any prefix of the namespace, with a DOI',
      '<x:doi xmlns:x="http://arxiv.org/schemas/atom">10.1000/2</x:doi>',
      { doi: '10.1000/2' },
    ],
  ])('%s', (_name, xml, expected) => {
    expect(only(xml)).toMatchObject(expected)
  })

  test.each([
    ['no id', '<title>T</title>', 'expected an arXiv id, got nothing'],
    ['another id', '<id>urn:x</id><title>T</title>', 'expected an arXiv id, got "urn:x"'],
    ['no title', ID, 'expected a title, got nothing (paper 2610.01234)'],
    [
      'two papers',
      `${ID}<title>T</title><link href="https://arxiv.org/abs/2610.01235"/>`,
      'expected one arXiv id, got 2610.01234 and 2610.01235',
    ],
  ])('with %s is rejected and the others stay', (_name, entry, reason) => {
    const listing = arxivAtom.parse(feedOf(entry, `${ID}<title>T</title>`))
    expect(listing.entries.map(({ title }) => title)).toEqual(['T'])
    expect(listing.rejects).toEqual([{ where: 'entry[0]', reason }])
  })
})

describe('an announcement', () => {
  test('lists on the day in its own zone, not that of UTC', () => {
    const late = announcement.replaceAll('T00:00:00-05:00', 'T23:30:00-05:00')
    expect(arxivAtom.parse(late).listedOn).toBe('2026-11-03')
  })

  test('of several days keeps the day with each entry', () => {
    const listing = arxivAtom.parse(
      announcement.replace('2026-11-03T00:00:00-05:00', '2026-11-02T00:00:00-05:00'),
    )
    expect([listing.listedOn, listing.entries.map((entry) => entry.listedOn)]).toEqual([
      undefined,
      ['2026-11-02', '2026-11-03'],
    ])
  })

  test('a replacement lists nothing anew: neither entry nor reject', () => {
    const listing = arxivAtom.parse(announcement)
    expect(listing.entries.map(({ arxivId }) => arxivId)).toEqual(['2611.00101', '2611.00077'])
    expect(listing.rejects).toEqual([])
  })
})

describe('an answer without papers', () => {
  test('is valid where there are none', () => {
    const none = `${HEAD}<itemsPerPage>10</itemsPerPage><totalResults>0</totalResults><startIndex>0</startIndex></feed>`
    expect(arxivAtom.parse(none).entries).toEqual([])
    const beyond = none.replace('Results>0<', 'Results>30<').replace('Index>0<', 'Index>30<')
    expect(arxivAtom.parse(beyond).entries).toEqual([])
  })

  test('is refused where there should be some', () => {
    const emptied = `${HEAD}<itemsPerPage>10</itemsPerPage><totalResults>30</totalResults><startIndex>20</startIndex></feed>`
    expect(() => arxivAtom.parse(emptied)).toThrow(
      'expected papers from the arXiv API (30 in all, from 20), got an answer without any: fetch it again later',
    )
  })
})

test('the error feed is refused with the words of the API', () => {
  const error = feedOf(
    '<id>https://arxiv.org/api/errors#incorrect_id_format_for_abc</id><title>Error</title><summary>incorrect id format for abc</summary>',
  )
  expect(() => arxivAtom.parse(error)).toThrow(
    'expected papers from the arXiv API, got its error "incorrect id format for abc": correct the query',
  )
})

test.each([
  [
    'an Atom feed from elsewhere',
    '<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="https://arxiv.org/abs/2610.01234"/></entry></feed>',
  ],
  ['an RSS feed of arXiv', readFixture('arxiv-announcement.rss2.xml')],
  ['a page about feeds', `<html><body>${HEAD}</body></html>`],
  ['text', 'feed of arxiv.org/api'],
])('%s is none of its own', (_name, page) => {
  expect(arxivAtom.detect(page)).toBe(false)
})

test.each([query, announcement])('a feed that breaks off is refused, wherever (%#)', (page) => {
  for (const cut of cuts(page)) expect(() => arxivAtom.parse(cut)).toThrow(PermanentError)
})

describeShared('real answers', () => {
  test.each(listShared('fixtures/arxiv_atom/').filter((file) => !file.startsWith('id_abc')))(
    '%s: every entry it has',
    (file) => {
      const page = readShared(`fixtures/arxiv_atom/${file}`)
      const listing = parsePage(page, 'auto')
      expect([listing.format, listing.rejects]).toEqual(['arxiv-atom', []])
      expect(listing.entries.length).toBe(page.split('<entry>').length - 1)
      expect(listing.entries.map(({ arxivId }) => arxivId)).toEqual(
        Array.from(page.matchAll(/<id>http:\/\/arxiv\.org\/abs\/(.*?)v\d+<\/id>/g), (match) => match[1]),
      )
      expect(listing.entries.flatMap(({ authors }) => authors ?? []).length).toBe(
        page.split('<author>').length - 1,
      )
      expect(listing.entries.filter(({ doi }) => doi !== undefined).length).toBe(
        page.split('<arxiv:doi>').length - 1,
      )
    },
  )

  test('one hundred papers', () => {
    const page = readShared('fixtures/arxiv_atom/q_testing_s0_m100_cfe7536492ca.xml')
    expect(arxivAtom.parse(page).entries.length).toBe(100)
  })

  test('an old id', () => {
    const page = readShared('fixtures/arxiv_atom/id_astro-ph_0601001_s0_m100_3150dca9dc76.xml')
    expect(arxivAtom.parse(page).entries).toMatchObject([
      {
        title:
          'Frequency of Hot Jupiters and Very Hot Jupiters from the OGLE-III Transit Surveys Toward the Galactic Bulge and Carina',
        arxivId: 'astro-ph/0601001',
        authors: ['Andrew Gould', 'Susan Dorsher', 'B. Scott Gaudi', 'Andrzej Udalski'],
        categories: ['astro-ph'],
        publishedAt: new Date('2006-01-02T14:57:58Z'),
      },
    ])
  })

  test('the error feed', () => {
    const page = readShared('fixtures/arxiv_atom/id_abc_s0_m100_b79c8dcf6bc3.xml')
    expect(() => parsePage(page, 'auto')).toThrow('got its error "incorrect id format for abc"')
  })

  test('the feed that was cut off at its source is refused; made whole, it has 86 papers of one day', () => {
    const page = readShared('fixtures/arxiv_feeds/atom-cs.AI-2025-08-20-truncated.xml')
    expect(() => parsePage(page, 'auto')).toThrow(/got truncated XML at line 1233 \(<entry> is not closed\)/)
    const whole = `${page.slice(0, page.lastIndexOf('<entry>'))}</feed>`
    const listing = arxivAtom.parse(whole)
    expect([listing.entries.length, listing.listedOn, listing.rejects]).toEqual([86, '2025-08-20', []])
    expect(listing.entries.filter(({ abstract }) => /Announce Type|^Abstract:/.test(abstract ?? ''))).toEqual(
      [],
    )
  })
})
