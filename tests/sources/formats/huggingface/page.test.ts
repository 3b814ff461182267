import { describe, expect, test } from 'vitest'
import { hfPage } from '../../../../src/sources/formats/huggingface/page.ts'
import { cuts, describeShared, readFixture, readShared } from '../../fixture.ts'

const page2026 = readFixture('hf-page-2026.html')

function pageWith(props: unknown): string {
  const json = JSON.stringify(props).replaceAll('&', '&amp;').replaceAll('"', '&quot;')
  return `<!doctype html><html><body><div data-target="DailyPapers" data-props="${json}"></div></body></html>`
}

const item = (id: string) => ({ paper: { id, title: `Paper ${id}` } })

test('a page saved through a DOM, other order, single quotes, pretty-printed, says the same', () => {
  expect(hfPage.parse(readFixture('hf-page-saved.html'))).toEqual(hfPage.parse(page2026))
})

describe('the day of the listing', () => {
  test.each([
    ['dateString', { dateString: '2026-09-28' }, '2026-09-28'],
    ['date, an instant', { date: '2024-08-01T00:00:00.000Z' }, '2024-08-01'],
    ['a day by its period', { periodType: 'day', dateString: '2026-09-28' }, '2026-09-28'],
    ['a week has none', { periodType: 'week', dateString: '2026-09-28' }, undefined],
    ['a month has none', { periodType: 'month', dateString: '2026-09' }, undefined],
    ['a week written as a date string', { dateString: '2026-W39' }, undefined],
    ['a search has none', { dateString: '2026-09-28', searchResults: [item('2609.00001')] }, undefined],
    ['a day that does not exist', { dateString: '2026-02-30' }, undefined],
    ['a number', { dateString: 20260928 }, undefined],
    ['no date at all', {}, undefined],
  ])('%s', (_name, props, expected) => {
    const listing = hfPage.parse(pageWith({ dailyPapers: [item('2609.00001')], ...props }))
    expect([listing.listedOn, listing.entries.length]).toEqual([expected, 1])
  })
})

describe('what is in a listing', () => {
  test('a day without papers is a valid, empty listing', () => {
    expect(hfPage.parse(pageWith({ dateString: '2026-09-27', dailyPapers: [] }))).toEqual({
      format: 'hf-page',
      listedOn: '2026-09-27',
      entries: [],
      rejects: [],
      ignored: [],
    })
  })

  test('an item that cannot be read is a reject, its neighbours stay, ranks count it', () => {
    const listing = hfPage.parse(
      pageWith({ dailyPapers: [item('2609.00001'), { paper: 5 }, item('2609.00003')] }),
    )
    expect(listing.entries.map((entry) => [entry.arxivId, entry.rank])).toEqual([
      ['2609.00001', 1],
      ['2609.00003', 3],
    ])
    expect(listing.rejects).toEqual([
      { where: 'dailyPapers[1]', reason: 'expected an object with a paper, got 5' },
    ])
  })

  test('entities are decoded exactly once', () => {
    const listing = hfPage.parse(
      pageWith({ dailyPapers: [{ paper: { id: '2609.00001', title: 'R&amp;D &lt;b&gt; & "x"' } }] }),
    )
    expect(listing.entries[0]?.title).toBe('R&amp;D &lt;b&gt; & "x"')
  })

  test('links to the trending page and to discussions are not papers', () => {
    const listing = hfPage.parse(
      '<html><article><h3><a href="/papers/trending">Trending</a></h3></article><article><a href="/papers/2609.00001#community">3</a></article>' +
        '<article><h3><a href="https://huggingface.co/papers/2609.00002#top">Real &amp; <i>one</i></a></h3></article></html>',
    )
    expect(listing.entries.map((entry) => [entry.arxivId, entry.title])).toEqual([
      ['2609.00002', 'Real & one'],
    ])
    expect(listing.rejects).toEqual([])
  })

  test('a card with a path for an id is a reject', () => {
    const listing = hfPage.parse('<article><h3><a href="/papers/../admin">X</a></h3></article>')
    expect(listing.rejects).toEqual([
      { where: 'card 1', reason: 'expected an arXiv id in the card\'s link, got "../admin"' },
    ])
  })

  test('two different dates on a page of cards say nothing about its day', () => {
    const card = '<article><h3><a href="/papers/2609.00001">X</a></h3></article>'
    const time = (day: string) => `<time datetime="${day}T00:00:00.000Z"></time>`
    expect(hfPage.parse(time('2026-09-28') + card).listedOn).toBe('2026-09-28')
    expect(hfPage.parse(time('2026-09-28') + time('2026-09-27') + card).listedOn).toBeUndefined()
  })

  test('a fragment, saved without its document, is read', () => {
    const fragment = /<main[\s\S]*<\/main>/.exec(page2026)?.[0] ?? ''
    expect(hfPage.parse(fragment)).toEqual(hfPage.parse(page2026))
  })
})

describe('pages that are refused', () => {
  test.each([
    [
      'listing data that is cut',
      page2026.replace(/&quot;prevDate[^"]*"/, '"'),
      /^expected JSON in the listing data \(data-props\), got truncated JSON at character \d+: /,
    ],
    [
      'listing data that is a list',
      pageWith([]),
      /^expected a list of papers in the listing data \(dailyPapers\), got nothing$/,
    ],
    ['papers that are no list', pageWith({ dailyPapers: { a: 1 } }), /got an object$/],
    [
      'a document without its end',
      page2026.replace('</html>', ''),
      /^expected a whole listing page, got truncated HTML/,
    ],
    [
      'a fragment that ends inside its data',
      '<div data-target="DailyPapers" data-props="{&quot;',
      /ends inside its listing data/,
    ],
    ['HTML without papers', '<html><p>Hello</p></html>', /got HTML without a paper listing$/],
    ['absurd nesting', `<html>${'<div>'.repeat(100_000)}</html>`, /^expected HTML nested at most 1000 deep/],
    ['a million elements', '<b></b>'.repeat(1_000_001), /^expected HTML of at most 1000000 elements/],
    ['a million attributes', `<b${' a=1'.repeat(1_000_001)}></b>`, /^expected HTML of at most 1000000/],
    ['a million comments', '<!---->'.repeat(1_000_001), /^expected HTML of at most 1000000/],
    [
      'absurdly many papers',
      pageWith({ dailyPapers: Array(100_001).fill(0) }),
      /^expected a page that lists at most 100000 papers, got 100001/,
    ],
  ])('%s', (_name, page, message) => {
    expect(() => hfPage.parse(page)).toThrow(message)
  })

  test.each(['hf-page-2026', 'hf-page-2024', 'hf-page-saved', 'hf-page-cards'])('%s cut anywhere', (file) => {
    for (const cut of cuts(readFixture(`${file}.html`))) expect(() => hfPage.parse(cut)).toThrow(/^expected /)
  })
})

describe('pages without nesting take time by their length, not by its square', () => {
  const filler = '<b></b>'.repeat(300_000)
  const card = (inside: string) =>
    `<article><h3><a href="/papers/2401.00001">A title</a></h3>${inside}</article>`

  test.each([
    ['elements side by side', filler + card('')],
    ['a card full of elements', card(filler)],
    ['cards inside of cards', `${'<article>'.repeat(900)}${filler}${card('')}${'</article>'.repeat(900)}`],
  ])('%s', (_name, page) => {
    expect(hfPage.parse(page).entries).toMatchObject([{ arxivId: '2401.00001', title: 'A title' }])
  })
})

describe('pages that are not claimed', () => {
  test.each([
    ["a paper's own page", '<html><div data-target="PaperContent" data-props="{}"></div></html>'],
    ['the banner alone', '<html><div data-target="DailyPapersBannerSubscribe" data-props="{}"></div></html>'],
    ['text about the target', 'data-target="DailyPapers" is what we look for'],
    ['a blog', '<html><article><h3><a href="/posts/1">Post</a></h3></article></html>'],
  ])('%s', (_name, page) => {
    expect(hfPage.detect(page)).toBe(false)
  })
})

describeShared('a real page of 2024', () => {
  const page = () => readShared('fixtures/hf_html/papers-date-2024-08-01.html')

  test('13 papers, listed on its own day, all with abstract and authors', () => {
    const listing = hfPage.parse(page())
    expect([listing.entries.length, listing.listedOn, listing.rejects]).toEqual([13, '2024-08-01', []])
    expect(listing.entries.filter((entry) => !entry.abstract || !entry.authors)).toEqual([])
    expect(listing.entries[0]).toMatchObject({
      title: 'The Llama 3 Herd of Models',
      arxivId: '2407.21783',
      upvotes: 94,
      comments: 5,
      rank: 1,
    })
  })

  test('its cards alone give the same papers, votes and day', () => {
    const listing = hfPage.parse(page())
    const cards = hfPage.parse(page().replace('data-target="DailyPapers"', ''))
    const seen = (from: typeof listing) =>
      from.entries.map(({ arxivId, title, upvotes, comments }) => ({ arxivId, title, upvotes, comments }))
    expect([seen(cards), cards.listedOn]).toEqual([seen(listing), listing.listedOn])
  })

  test('cut anywhere it is refused', () => {
    for (const cut of cuts(page())) expect(() => hfPage.parse(cut)).toThrow(/^expected /)
  })
})
