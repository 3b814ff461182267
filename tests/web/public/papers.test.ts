import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Entry } from '../../../src/domain.ts'
import { papersOn, store } from '../../support/listings.ts'
import { openTestSite, type TestSite, visit } from '../../support/web.ts'

let site: TestSite
const me = () => visit(site.server)

beforeAll(async () => {
  site = await openTestSite()
})
afterAll(() => site.close())

const ODD: Entry = {
  title: '<script>alert("x")</script> $\\ell_1$ & "quotes" \u202Eevil',
  abstract: 'Bounds of $O(n \\log n)$ <img src=x onerror=alert(1)> hold.',
  authors: ["Bal\\'azs Nagy", '</p><b>Eve'],
  arxivId: '2611.90001',
  doi: '10.1234/a"b<c>',
  url: 'https://example.org/?a=1&b="2',
  codeUrl: 'javascript:alert(1)',
  organization: '<i>Lab</i>',
  upvotes: 7700,
}

test('before the first list there are pages that say so', async () => {
  expect((await me().get('/')).body).toContain('No list has been read yet')
  expect((await me().get('/trending')).body).toContain('No list has been read yet')
})

describe('with lists of three days', () => {
  beforeAll(async () => {
    await store(site.tools, '2026-11-17', papersOn('violins', 60))
    await store(site.tools, '2026-11-19', papersOn('whales', 2, 201))
    await store(site.tools, '2026-11-20', [...papersOn('glaciers', 5, 301), ODD])
  })

  test('the newest day is shown first, and the front page has its beginning', async () => {
    const trending = (await me().get('/trending')).body
    expect(trending).toContain('<h1>Papers of Friday, 20 November 2026</h1>')
    expect(trending).toContain('href="/trending?day=2026-11-19"')
    expect(trending).toContain('6 papers, the most upvoted first.')
    const front = (await me().get('/')).body
    expect([
      front.includes('The most upvoted of'),
      front.includes('See all papers of Friday, 20 November 2026'),
    ]).toEqual([true, true])
  })

  test('a list without votes does not claim an order by them', async () => {
    const listed = papersOn('tides', 3, 401).map((entry) => ({ ...entry, upvotes: undefined }))
    await store(site.tools, '2026-11-16', listed)
    const { body } = await me().get('/trending?day=2026-11-16')
    expect(body).toContain('3 papers, in the order of their lists.')
  })

  test('a browser finds an icon where it asks unasked', async () => {
    const answer = await me().get('/favicon.ico')
    expect(answer.statusCode).toBe(302)
    const icon = await me().get(answer.headers.location!)
    expect([icon.statusCode, icon.headers['content-type']]).toEqual([200, 'image/svg+xml'])
  })

  test('one goes from day to day over days without a list', async () => {
    const { body } = await me().get('/trending?day=2026-11-18')
    expect(body).toContain('No papers were listed on this day.')
    expect(days(body)).toEqual(['Fri 20 Nov', 'Thu 19 Nov', '[Wed 18 Nov]', 'Tue 17 Nov', 'Mon 16 Nov'])
  })

  test('a long day has pages', async () => {
    const first = (await me().get('/trending?day=2026-11-17')).body
    const second = (await me().get('/trending?day=2026-11-17&page=2')).body
    expect([first.match(/<li class="row"/g)?.length, second.match(/<li class="row"/g)?.length]).toEqual([
      50, 10,
    ])
    expect(first).toContain('href="/trending?day=2026-11-17&amp;page=2"')
    expect((await me().get('/trending?day=2026-11-17&page=9')).body).toContain('There is no page 9')
  })

  test.each(['2026-02-30', 'yesterday', '2026-11-20&day=2026-11-19', "2026-11-20'--"])(
    '%j is not a day: 400 with advice',
    async (day) => {
      const answer = await me().get(`/trending?day=${day}`)
      expect([answer.statusCode, answer.body.includes('Expected a day as year-month-day')]).toEqual([
        400,
        true,
      ])
    },
  )

  test('what sources say is text everywhere, TeX is readable, links are http(s) only', async () => {
    const { id } = await site.tools.db
      .selectFrom('papers')
      .select('id')
      .where('arxiv_id', '=', '2611.90001')
      .executeTakeFirstOrThrow()
    const page = (await me().get(`/papers/${id}`)).body
    for (const body of [page, (await me().get('/trending')).body, (await me().get('/')).body]) {
      expect(body).toContain(
        '&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; ℓ₁ &amp; &quot;quotes&quot; evil',
      )
      expect(body).not.toMatch(/<script(?! src="\/static\/)|<img src=x|<b>|<i>|javascript:|\u202E/)
    }
    expect(page).toMatch(/Bounds of <math>.*<mi>log<\/mi>.*<\/math>/)
    expect(page).toContain('Balázs Nagy')
    expect(page).toContain('href="https://arxiv.org/abs/2611.90001"')
  })

  test('a paper’s page tells where and when it was seen', async () => {
    await store(site.tools, '2026-11-21', [{ ...ODD, upvotes: 7800, rank: 1 }], {
      observedAt: new Date('2026-11-21T10:30:00Z'),
    })
    const { id } = await site.tools.db
      .selectFrom('papers')
      .select('id')
      .where('arxiv_id', '=', '2611.90001')
      .executeTakeFirstOrThrow()
    const { body, headers } = await me().get(`/papers/${id}`)
    const rows = [...body.matchAll(/<tr><td class="time">(.*?)<\/td>.*<\/tr>/g)].map(([row]) =>
      row.replace(/<[^>]+>/g, '|').replace(/\|+/g, '|'),
    )
    expect(rows).toEqual([
      '|21 Nov 2026|replay-hf-page|1|7800|–|21 Nov 2026, 10:30|',
      '|20 Nov 2026|replay-hf-page|–|7700|–|20 Nov 2026, 09:00|',
    ])
    expect(body).toContain('7,800 upvotes')
    expect(headers['cache-control']).toBe('public, max-age=60')
  })

  test('a paper’s page names near papers before anything was learned from stored papers', async () => {
    const titles = [
      'Tuning of clavichord strings',
      'Wear of clavichord strings',
      'Moraines of the last ice age',
    ]
    await store(
      site.tools,
      '2026-11-20',
      titles.map((title, at) => ({ title, arxivId: `2611.8000${at}`, authors: [`Author ${at}`] })),
    )
    const { id } = await site.tools.db
      .selectFrom('papers')
      .select('id')
      .where('title', '=', titles[0]!)
      .executeTakeFirstOrThrow()
    const { body } = await me().get(`/papers/${id}`)
    const near = /<h2 id="near-title">.*?<\/section>/s.exec(body)?.[0] ?? ''
    expect(titles.map((title) => near.includes(title))).toEqual([false, true, false])
  })
})

/** The days beside one another, the one that is shown in brackets. */
function days(html: string): string[] {
  const bar = /<nav class="daybar".*?<\/ol>/s.exec(html)?.[0] ?? ''
  return [...bar.matchAll(/<a [^>]*?(aria-current="date")?>(.*?)<\/a>/g)].map(([, here, label]) =>
    here === undefined ? label! : `[${label}]`,
  )
}
