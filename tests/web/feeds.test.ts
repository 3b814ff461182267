import { parseFeed as parseElsewhere } from '@rowanmanning/feed-parser'
import { parseFeed, parseOpml } from 'feedsmith'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { papersOn, store } from '../support/listings.ts'
import { dumpRows, enlist, openTestSite, type TestSite, visit } from '../support/web.ts'

let site: TestSite
const me = () => visit(site.server)

beforeAll(async () => {
  site = await openTestSite()
  await store(site.tools, '2026-11-19', papersOn('violins', 3, 201))
  await store(site.tools, '2026-11-20', [
    ...papersOn('glaciers', 3),
    { title: 'A <b>bold</b> & $\\ell_1$ claim', abstract: 'x < y', arxivId: '2611.90001', upvotes: 1 },
  ])
})
afterAll(() => site.close())

test.each(['rss', 'atom', 'json'])(
  'the feed of all papers as %s can be read back, newest day first',
  async (kind) => {
    const { body, headers } = await me().get(`/feeds/papers.${kind}`)
    const { format, feed } = parseFeed(body)
    expect(format).toBe(kind)
    const items = ('entries' in feed ? feed.entries : 'items' in feed ? feed.items : []) as {
      title?: unknown
    }[]
    expect(items).toHaveLength(7)
    expect(JSON.stringify(items)).toContain('A <b>bold</b> & ℓ₁ claim')
    expect(headers['content-type']).toContain(kind)
  },
)

test.each(['rss', 'atom'])(
  'a parser that is not the one we write feeds with reads the %s alike',
  async (kind) => {
    const { items } = parseElsewhere((await me().get(`/feeds/papers.${kind}`)).body)
    expect(items.map(({ title }) => title)).toContain('A <b>bold</b> & ℓ₁ claim')
    expect(new Set(items.map(({ id }) => id)).size).toBe(7)
    for (const { url, published } of items) {
      expect(url).toMatch(/^https:\/\/digest\.example\.org\/papers\/\d+$/)
      expect(published?.toISOString()).toMatch(/^2026-11-/)
    }
  },
)

// https://www.jsonfeed.org/version/1.1/
test('the JSON feed has what the format demands', async () => {
  const feed = (await me().get('/feeds/papers.json')).json()
  expect(feed).toMatchObject({
    version: 'https://jsonfeed.org/version/1.1',
    title: expect.stringMatching(/./),
  })
  for (const item of feed.items) {
    expect(item).toMatchObject({ id: expect.stringMatching(/./), url: expect.stringMatching(/^https:/) })
    expect(item.content_html ?? item.content_text).toEqual(expect.stringMatching(/./))
    expect(item.date_published).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/)
  }
})

test('a search is a feed of its matches, each with its reasons', async () => {
  const { body } = await me().get('/feeds/papers.atom?q=glaciers')
  expect(body.match(/Study \d+ of glaciers/g)).toHaveLength(3)
  expect(body).not.toContain('violins')
  expect(body).toContain('Why: ')
})

test('who has the newest is told so, with the same bytes each time', async () => {
  const first = await me().get('/feeds/papers.rss')
  const again = await me().get('/feeds/papers.rss', { 'if-none-match': `W/${first.headers.etag}` })
  expect([again.statusCode, again.body]).toEqual([304, ''])
  await store(site.tools, '2026-11-20', papersOn('tides', 1, 401))
  const later = await me().get('/feeds/papers.rss', { 'if-none-match': `${first.headers.etag}` })
  expect(later.statusCode).toBe(200)
})

test('a query that cannot be read gets one line', async () => {
  const answer = await me().get('/feeds/papers.atom?q=%22x')
  expect([answer.statusCode, answer.json().position]).toEqual([400, 0])
})

test('my digest is a feed by a secret address, which a new one ends', async () => {
  const { manage } = await enlist(site, 'feeds@example.org', {
    topics: [{ name: 'Ice', query: 'glaciers', quota: null }],
  })
  site.enqueued.push({ name: 'planDigests', payload: { tick: site.tools.now().toISOString() } })
  await site.runJobs()
  const make = async (feed: string) =>
    /\/feeds\/[\w-]{43}\/digest\.atom/.exec(
      (await me().post(`/preferences/${manage}/feed`, { feed })).body,
    )?.[0]
  const address = await make('new')
  const before = await dumpRows(site)
  const { body } = await me().get(address!)
  expect(body.match(/Study \d+ of glaciers/g)).toHaveLength(3)
  expect(body).toContain('in the title')
  expect(await dumpRows(site)).toEqual(before)
  const next = await make('new')
  expect([(await me().get(address!)).statusCode, (await me().get(next!)).statusCode]).toEqual([404, 200])
  expect([await make('none'), (await me().get(next!)).statusCode]).toEqual([undefined, 404])
  const { body: opml } = await me().get(`/preferences/${manage}/topics.opml`)
  expect(parseOpml(opml).body?.outlines?.[0]).toMatchObject({
    text: 'Ice',
    xmlUrl: 'https://digest.example.org/feeds/papers.atom?q=glaciers',
  })
})
