import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { SourceRow } from '../../src/db/engine/schema.ts'
import { ensureSource, findSource } from '../../src/db/fetching/sources.ts'
import { fetchPage } from '../../src/jobs/fetchPage.ts'
import { ingestPage } from '../../src/jobs/ingestPage.ts'
import { runToEnd } from '../../src/jobs/pipeline.ts'
import { openPageServer, type PageServer } from '../support/pageServer.ts'
import { openTestTools, type TestTools } from '../support/tools.ts'

let test_: TestTools
let server: PageServer
let page: { status: number; body: string; etag?: string; type?: string }
let sources = 0

beforeAll(async () => {
  test_ = await openTestTools()
  server = await openPageServer((request, response) => {
    if (page.etag !== undefined && request.headers['if-none-match'] === page.etag) {
      response.writeHead(304).end()
      return
    }
    response.writeHead(page.status, {
      'content-type': page.type ?? 'application/json',
      ...(page.etag === undefined ? {} : { etag: page.etag }),
    })
    response.end(page.body)
  })
})
afterAll(async () => {
  await server.close()
  await test_.close()
})
beforeEach(() => {
  server.requests.length = 0
  test_.setNow('2026-11-20T09:00:00Z')
})

const item = (id: string, title: string, upvotes: number, day = '2026-11-20') => ({
  paper: {
    id,
    title,
    summary: `About ${title}.`,
    authors: [{ name: 'A. Writer' }],
    upvotes,
    submittedOnDailyAt: `${day}T00:00:00.000Z`,
  },
  title,
  numComments: 0,
})
const listing = (...items: ReturnType<typeof item>[]) => ({ status: 200, body: JSON.stringify(items) })
const slot = () => test_.tools.now().toISOString()

async function newSource(path = '/api/daily_papers', lookback = 0): Promise<SourceRow> {
  const name = `source-${++sources}`
  return ensureSource(test_.tools.db, { name, address: `${server.url}${path}`, lookback_days: lookback })
}
const fetchAndIngest = (source: SourceRow) =>
  runToEnd([{ name: 'fetchPage', payload: { sourceId: source.id, slot: slot() } }], test_.tools)
const outcomeOf = async (source: SourceRow) => {
  const row = await findSource(test_.tools.db, source.id)
  return { outcome: row?.outcome, detail: row?.outcome_detail, failures: row?.failures }
}
const sightingsOf = (source: SourceRow) =>
  test_.tools.db
    .selectFrom('sightings')
    .innerJoin('papers', 'papers.id', 'sightings.paper_id')
    .select(['arxiv_id', 'sightings.upvotes', 'day', 'papers.upvotes as latest'])
    .where('source_id', '=', source.id)
    .orderBy('sightings.id')
    .execute()

test('a listing is fetched, stored and read; the same again is unchanged', async () => {
  page = listing(item('2611.00101', 'Owls at night', 3))
  const source = await newSource()
  await fetchAndIngest(source)
  expect(await outcomeOf(source)).toMatchObject({ outcome: 'stored', failures: 0 })
  test_.setNow('2026-11-20T10:00:00Z')
  await fetchAndIngest(source)
  expect(await outcomeOf(source)).toMatchObject({ outcome: 'unchanged' })
  expect(await sightingsOf(source)).toEqual([
    { arxiv_id: '2611.00101', upvotes: 3, day: '2026-11-20', latest: 3 },
  ])
})

test('the server’s validator is sent back, and its 304 taken for an answer', async () => {
  page = { ...listing(item('2611.00102', 'Swifts in rain', 1)), etag: '"v1"' }
  const source = await newSource()
  await fetchAndIngest(source)
  await fetchAndIngest(source)
  expect(await outcomeOf(source)).toMatchObject({ outcome: 'unchanged' })
})

test('upvotes that grow are observations added, and the paper shows the latest', async () => {
  const source = await newSource()
  page = listing(item('2611.00103', 'Larks at dawn', 3))
  await fetchAndIngest(source)
  test_.setNow('2026-11-20T12:00:00Z')
  page = listing(item('2611.00103', 'Larks at dawn', 9))
  await fetchAndIngest(source)
  expect((await sightingsOf(source)).map((sighting) => [sighting.upvotes, sighting.latest])).toEqual([
    [3, 9],
    [9, 9],
  ])
})

test('a shorter list later deletes nothing; an empty one where papers were is said loudly', async () => {
  const source = await newSource()
  page = listing(item('2611.00104', 'Herons', 3), item('2611.00105', 'Storks', 2))
  await fetchAndIngest(source)
  page = listing()
  await expect(fetchAndIngest(source)).rejects.toThrow(/had 2 papers and now none; what was stored stays$/)
  expect(await outcomeOf(source)).toMatchObject({ outcome: 'layout changed', failures: 1 })
  expect(await sightingsOf(source)).toHaveLength(2)
})

test('a weekend’s empty list is empty, no failure', async () => {
  page = listing()
  const source = await newSource()
  await fetchAndIngest(source)
  expect(await outcomeOf(source)).toMatchObject({ outcome: 'empty', failures: 0 })
})

test('a challenge page with status 200 is blocked, keeps the page and stores no paper', async () => {
  page = {
    status: 200,
    type: 'text/html',
    body: '<!doctype html><html><head><script src="https://x.edge.sdk.awswaf.com/challenge.js"></script></head><body><h1>Verify you are human</h1></body></html>',
  }
  const source = await newSource()
  await expect(fetchAndIngest(source)).rejects.toThrow()
  expect(await outcomeOf(source)).toMatchObject({ outcome: 'blocked', failures: 1 })
  const pages = await test_.tools.db
    .selectFrom('pages')
    .selectAll()
    .where('source_id', '=', source.id)
    .execute()
  expect(pages).toMatchObject([{ ingested_at: null, error: expect.stringMatching(/challenge/i) }])
})

test('a server that is away fails the fetch with its reason, and the next good one sets it right', async () => {
  const source = await newSource()
  page = { status: 500, body: 'oops' }
  await expect(fetchAndIngest(source)).rejects.toThrow(/500/)
  expect(await outcomeOf(source)).toMatchObject({ outcome: 'failed', detail: expect.stringContaining('500') })
  page = listing(item('2611.00106', 'Geese', 1))
  await fetchAndIngest(source)
  expect(await outcomeOf(source)).toMatchObject({ outcome: 'stored', failures: 0 })
})

test('a dated address is fetched for each day that is due, the recent ones again', async () => {
  page = listing(item('2611.00107', 'Terns', 1))
  const source = await newSource('/api/daily_papers?date={date}', 2)
  await fetchAndIngest(source)
  expect([...server.requests].sort()).toEqual(
    ['2026-11-18', '2026-11-19', '2026-11-20'].map((day) => `/api/daily_papers?date=${day}`),
  )
  server.requests.length = 0
  test_.setNow('2026-11-20T09:30:00Z')
  await fetchAndIngest(source)
  expect(server.requests).toEqual(['/api/daily_papers?date=2026-11-20'])
})

test('an address that gives another day’s list is kept under the list’s own day, and told', async () => {
  page = listing(item('2611.00108', 'Gulls', 1, '2026-11-19'))
  const source = await newSource('/api/daily_papers?date={date}')
  await fetchAndIngest(source)
  expect((await sightingsOf(source))[0]).toMatchObject({ day: '2026-11-19' })
})

test('a step that runs twice for one payload leaves the same rows', async () => {
  page = listing(item('2611.00109', 'Plovers', 4))
  const source = await newSource()
  const next = await fetchPage.run({ sourceId: source.id, slot: slot() }, test_.tools)
  const pageId = next[0]!.payload.pageId as number
  await ingestPage.run({ pageId }, test_.tools)
  const before = await sightingsOf(source)
  await ingestPage.run({ pageId }, test_.tools)
  expect(await fetchPage.run({ sourceId: source.id, slot: slot() }, test_.tools)).toEqual([])
  expect(await sightingsOf(source)).toEqual(before)
})

test('two pages that list the same new paper at once make one paper', async () => {
  const [one, other] = [await newSource(), await newSource()]
  page = listing(item('2611.00110', 'Rails and crakes', 4))
  await Promise.all([fetchAndIngest(one), fetchAndIngest(other)])
  const papers = await test_.tools.db
    .selectFrom('papers')
    .select('id')
    .where('arxiv_id', '=', '2611.00110')
    .execute()
  expect(papers).toHaveLength(1)
})

test('a disabled source is left alone', async () => {
  const source = await newSource()
  await test_.tools.db.updateTable('sources').set({ enabled: false }).where('id', '=', source.id).execute()
  await fetchAndIngest(source)
  expect(server.requests).toEqual([])
})
