import { describe, expect, test } from 'vitest'
import { PermanentError } from '../../../../src/errors.ts'
import { feed } from '../../../../src/sources/formats/feeds/feed.ts'
import { parsePage } from '../../../../src/sources/formats/formats.ts'
import { cuts, describeShared, listShared, readFixture, readShared } from '../../fixture.ts'

const FILES = ['feed-journal.rss.xml', 'feed-repository.atom.xml', 'feed-person.json']

test.each(FILES)('%s that breaks off is refused, wherever', (file) => {
  for (const cut of cuts(readFixture(file))) expect(() => feed.parse(cut)).toThrow(PermanentError)
})

function only(item: string) {
  const page = `<rss xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/" version="2.0"><channel><title>x</title><item>${item}</item></channel></rss>`
  const listing = feed.parse(page)
  return listing.entries[0] ?? listing.rejects[0]
}

describe('ids are found in links and guids', () => {
  test.each([
    ['a link to arXiv', '<link>http://www.arxiv.org/pdf/2611.00001v3.pdf</link>', { arxivId: '2611.00001' }],
    [
      'a link to Hugging Face',
      '<link>https://huggingface.co/papers/2611.00001</link>',
      { arxivId: '2611.00001' },
    ],
    ['a guid', '<guid>arXiv:hep-th/9901001</guid>', { arxivId: 'hep-th/9901001' }],
    [
      "arXiv's DOI",
      '<link>https://doi.org/10.48550/arXiv.2611.00001</link>',
      { arxivId: '2611.00001', doi: undefined },
    ],
    ['a DOI', '<guid>https://doi.org/10.1000%2FABC</guid>', { arxivId: undefined, doi: '10.1000/abc' }],
    ['an identifier', '<dc:identifier>doi:10.1000/x.1</dc:identifier>', { doi: '10.1000/x.1' }],
    [
      'a DOI that is stated, beside a link with the number of the article behind it',
      '<link>https://press.example/ink/article/doi/10.5555/ink/x7/8688746?rss=1</link><prism:doi>10.5555/ink/x7</prism:doi>',
      { doi: '10.5555/ink/x7' },
    ],
    [
      'an identifier, beside a link to one version of a preprint',
      '<link>https://www.biorxiv.org/content/10.64898/2026.09.18.999001v2?rss=1</link><dc:identifier>doi:10.64898/2026.09.18.999001</dc:identifier>',
      { doi: '10.64898/2026.09.18.999001' },
    ],
    [
      'a link to one version of a preprint',
      '<link>https://www.medrxiv.org/content/10.1101/2026.01.02.99001v3?rss=1</link>',
      { doi: '10.1101/2026.01.02.99001' },
    ],
    ['none', '<link>https://example.org/a</link>', { arxivId: undefined, doi: undefined }],
    ['a link that is no address', '<link>javascript:alert(1)</link>', { url: undefined }],
    [
      'two papers',
      '<link>https://arxiv.org/abs/2611.00001</link><guid>oai:arXiv.org:2611.00002</guid>',
      { where: 'item[0]', reason: 'expected one arXiv id, got 2611.00001 and 2611.00002' },
    ],
  ])('%s', (_name, xml, expected) => {
    expect(only(`<title>A Title</title>${xml}`)).toMatchObject(expected)
  })
})

describe('what an item says in its text', () => {
  const LONG =
    'A sentence of an abstract that is long enough to be one, since it has more than a hundred characters.'
  const described = (html: string) =>
    only(`<title>A Title</title><description><![CDATA[${html}]]></description>`)

  test.each([
    ['an abstract', `<p>${LONG}</p>`, { abstract: LONG }],
    ['a teaser is none', '<p>Volume 3, pages 4-5</p>', { abstract: undefined }],
    ['labels', `Abstract: ${LONG}<br>Authors: A. One, B. Two<br>Votes: 3`, { abstract: LONG, upvotes: 3 }],
    ['a label without a colon is a word', `Source code of ${LONG}`, { abstract: `Source code of ${LONG}` }],
    ['a count that is none', 'Upvotes: many', { upvotes: undefined }],
    ['scripts are not read', `<script>alert("${LONG}")</script>`, { abstract: undefined }],
    ['what is no tag stays', `${LONG} <think> & <0.5`, { abstract: `${LONG} <think> & <0.5` }],
    ['an absurd nesting', `${'<b>'.repeat(50_000)}${LONG}`, { abstract: undefined }],
  ])('%s', (_name, html, expected) => {
    expect(described(html)).toMatchObject(expected)
  })
})

describe('names', () => {
  test.each([
    ['one a field', '<dc:creator>A. One</dc:creator><dc:creator>B. Two</dc:creator>', ['A. One', 'B. Two']],
    [
      'family name first',
      '<dc:creator>One, A.</dc:creator><dc:creator>van Two, B.</dc:creator>',
      ['A. One', 'B. van Two'],
    ],
    ['all in one', '<dc:creator>A. One, B. Two</dc:creator>', ['A. One', 'B. Two']],
    ['one, family name first', '<dc:creator>One, A.</dc:creator>', ['A. One']],
  ])('%s', (_name, xml, authors) => {
    expect(only(`<title>A Title</title>${xml}`)).toMatchObject({ authors })
  })
})

test('what an Atom entry encloses is not the entry', () => {
  const entry =
    '<title>A Title</title><link rel="enclosure" href="https://arxiv.org/pdf/2611.00001"/><link href="https://x.example/"/>'
  const page = `<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><entry>${entry}</entry></feed>`
  expect(feed.parse(page).entries).toMatchObject([{ arxivId: undefined, url: 'https://x.example/' }])
})

test('a feed without items is valid', () => {
  const empty = '<rss version="2.0"><channel><title>x</title><link>https://x.example</link></channel></rss>'
  expect(feed.parse(empty)).toMatchObject({ format: 'feed', entries: [], rejects: [] })
})

test('JSON that is no feed is none of its own', () => {
  expect(feed.detect('{"version": 2, "items": []}')).toBe(false)
  expect(() => feed.parse('{"version": 2, "items": []}')).toThrow(/^expected an RSS, Atom or JSON feed/)
})

describeShared('the real feeds of a daily list', () => {
  test.each(listShared('fixtures/hf_feed_history/'))('%s: every item, with all it says', (file) => {
    const page = readShared(`fixtures/hf_feed_history/${file}`)
    const listing = parsePage(page, 'auto')
    expect([listing.format, listing.rejects]).toEqual(['feed', []])
    expect(listing.entries.map(({ arxivId }) => arxivId)).toEqual(
      Array.from(page.matchAll(/<guid [^>]*>https:\/\/arxiv\.org\/abs\/(.*?)<\/guid>/g), (match) => match[1]),
    )
    expect(listing.entries.length).toBe(page.split('<item>').length - 1)
    expect(
      listing.entries.every((e) => e.abstract && e.authors && e.upvotes !== undefined && e.publishedAt),
    ).toBe(true)
    expect(listing.observedAt?.toISOString().slice(0, 10)).toBe(file.slice(5, 15))
    expect(listing.listedOn).toBeUndefined()
  })

  test('twelve feeds have 358 items', () => {
    const counts = listShared('fixtures/hf_feed_history/').map(
      (file) => feed.parse(readShared(`fixtures/hf_feed_history/${file}`)).entries.length,
    )
    expect(counts).toEqual([19, 19, 29, 26, 45, 34, 33, 41, 19, 35, 31, 27])
  })
})
