import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { SourceRow } from '../../src/db/engine/schema.ts'
import { listFetchCounts } from '../../src/db/fetching/fetchCounts.ts'
import { findRobotsFile, upsertRobotsFile } from '../../src/db/fetching/robotsFiles.ts'
import { ensureSource, findSource } from '../../src/db/fetching/sources.ts'
import { createPace } from '../../src/ingest/hostTurns.ts'
import { fetchPage } from '../../src/jobs/fetchPage.ts'
import { runToEnd } from '../../src/jobs/pipeline.ts'
import { sweep } from '../../src/jobs/sweep.ts'
import { createFetcher } from '../../src/sources/fetching/fetch.ts'
import type { Tools } from '../../src/tools.ts'
import { store } from '../support/listings.ts'
import { openPageServer, type PageServer } from '../support/pageServer.ts'
import { openTestTools, type TestTools } from '../support/tools.ts'

type Handler = (request: IncomingMessage, response: ServerResponse) => void

let test_: TestTools
let tools: Tools
let server: PageServer
let answer: Handler
let robots: Handler
let sources = 0

/** The fetcher as a service has it: at the installation's pace, robots.txt kept in the database. */
beforeAll(async () => {
  test_ = await openTestTools()
  const { db, now } = test_.tools
  const fetcher = createFetcher({
    userAgent: 'Paperboy tests',
    allowPrivate: true,
    pace: createPace(db),
    robots: {
      find: (origin) => findRobotsFile(db, origin, now()),
      save: (origin, file) => upsertRobotsFile(db, origin, file, now()),
    },
  })
  tools = { ...test_.tools, fetcher }
})
afterAll(async () => {
  await tools.fetcher.close()
  await test_.close()
})
beforeEach(async () => {
  robots = (_request, response) => response.writeHead(404).end()
  server = await openPageServer((request, response) =>
    request.url === '/robots.txt' ? robots(request, response) : answer(request, response),
  )
  test_.setNow('2026-11-20T09:00:00Z')
  return () => server.close()
})

const item = (id: string, upvotes = 1, day = '2026-11-20') => ({
  paper: {
    id,
    title: `Paper ${id}`,
    summary: 'About birds.',
    authors: [{ name: 'A. Writer' }],
    upvotes,
    submittedOnDailyAt: `${day}T00:00:00.000Z`,
  },
  title: `Paper ${id}`,
})
const json =
  (body: unknown, headers: Record<string, string> = {}): Handler =>
  (_request, response) =>
    response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
const status =
  (code: number, headers: Record<string, string> = {}): Handler =>
  (_request, response) =>
    response.writeHead(code, headers).end()

async function newSource(path = '/api/daily_papers', lookback = 0): Promise<SourceRow> {
  const name = `source-${++sources}`
  return ensureSource(tools.db, { name, address: `${server.url}${path}`, lookback_days: lookback })
}
const run = (source: SourceRow) =>
  runToEnd([{ name: 'fetchPage', payload: { sourceId: source.id, slot: tools.now().toISOString() } }], tools)
const told = async (source: SourceRow) => {
  const row = await findSource(tools.db, source.id)
  return { outcome: row?.outcome, detail: row?.outcome_detail, failures: row?.failures }
}
const countsOf = async (source: SourceRow) =>
  Object.fromEntries(
    (await listFetchCounts(tools.db))
      .filter((count) => count.source === source.name)
      .map(({ outcome, fetches }) => [outcome, fetches]),
  )
const pagesOf = (source: SourceRow) =>
  tools.db.selectFrom('pages').selectAll().where('source_id', '=', source.id).orderBy('id').execute()
const sightingsOf = (source: SourceRow) =>
  tools.db
    .selectFrom('sightings')
    .innerJoin('papers', 'papers.id', 'sightings.paper_id')
    .select(['arxiv_id', 'day', 'papers.upvotes as latest'])
    .where('source_id', '=', source.id)
    .orderBy('arxiv_id')
    .execute()

describe('a layout that changed', () => {
  test('fails at every fetch until papers are back; the page is kept, and nothing stored goes', async () => {
    const source = await newSource()
    answer = json([item('2611.01001')], { etag: '"v1"' })
    await run(source)
    const conditions: unknown[] = []
    answer = (request, response) => {
      conditions.push(request.headers['if-none-match'])
      response.writeHead(200, { etag: '"v2"' }).end('<!doctype html><html><title>Hello</title></html>')
    }
    await expect(run(source)).rejects.toThrow(/^expected a paper listing, got HTML without a paper listing/)
    await expect(run(source)).rejects.toThrow(/^expected a paper listing/)
    expect(conditions).toEqual(['"v1"', undefined])
    expect(await told(source)).toMatchObject({ outcome: 'layout changed', failures: 2 })
    expect(await pagesOf(source)).toMatchObject([
      { error: null },
      { error: expect.stringContaining('Hello'), ingested_at: null, body: expect.any(Buffer) },
    ])
    expect(await sightingsOf(source)).toHaveLength(1)
    answer = json([item('2611.01001', 5)])
    await run(source)
    expect(await told(source)).toMatchObject({ outcome: 'stored', failures: 0, detail: null })
    expect(await countsOf(source)).toEqual({ stored: 2, 'layout changed': 2 })
  })

  test('is told also of an empty list whose bytes another day had', async () => {
    const source = await newSource('/api/daily_papers?date={date}', 1)
    const days = new Map<string, unknown[]>([['2026-11-20', [item('2611.01002')]]])
    answer = (request, response) => json(days.get(request.url!.slice(-10)) ?? [])(request, response)
    await run(source)
    days.clear()
    test_.setNow('2026-11-20T09:30:00Z')
    await expect(run(source)).rejects.toThrow(
      /date=2026-11-20 had 1 papers and now none; what was stored stays$/,
    )
    expect(await told(source)).toMatchObject({ outcome: 'layout changed' })
    expect(await sightingsOf(source)).toHaveLength(1)
  })

  test('is not what a feed without news has', async () => {
    const source = await newSource('/rss/cs.CL')
    const feed =
      (items: string): Handler =>
      (_request, response) =>
        response
          .writeHead(200, { 'content-type': 'application/rss+xml' })
          .end(
            `<?xml version="1.0"?><rss version="2.0" xmlns:arxiv="http://arxiv.org/schemas/atom"><channel><title>cs.CL updates on arXiv.org</title><pubDate>Fri, 20 Nov 2026 00:00:00 -0500</pubDate>${items}</channel></rss>`,
          )
    answer = feed(
      '<item><title>Paper of owls</title><link>https://arxiv.org/abs/2611.01003</link><description>arXiv:2611.01003v1 Announce Type: new \nAbstract: About owls.</description></item>',
    )
    await run(source)
    expect(await told(source)).toMatchObject({ outcome: 'stored' })
    answer = feed('')
    await run(source)
    expect(await told(source)).toMatchObject({ outcome: 'empty', failures: 0 })
    expect(await sightingsOf(source)).toHaveLength(1)
  })
})

describe('a host that turns us away', () => {
  test('by robots.txt: blocked, said, and the page not asked for', async () => {
    robots = (_request, response) => response.end('User-agent: *\nDisallow: /api/')
    const source = await newSource()
    answer = json([item('2611.01004')])
    await expect(run(source)).rejects.toThrow(/line 2 of .*robots\.txt closes/)
    expect(await told(source)).toMatchObject({ outcome: 'blocked', failures: 1 })
    expect(server.requests).toEqual(['/robots.txt'])
    expect(await countsOf(source)).toEqual({ blocked: 1 })
  })

  test('by 403: blocked, and asked for no other day', async () => {
    const source = await newSource('/api/daily_papers?date={date}', 3)
    answer = status(403)
    await expect(run(source)).rejects.toThrow(/403 Forbidden/)
    expect(await told(source)).toMatchObject({ outcome: 'blocked' })
    expect(server.requests).toEqual(['/robots.txt', '/api/daily_papers?date=2026-11-20'])
  })

  test('by a bot check under any status: blocked', async () => {
    const source = await newSource()
    answer = status(202, { 'x-amzn-waf-action': 'challenge' })
    await expect(run(source)).rejects.toThrow(/202 Accepted, a bot check/)
    expect(await told(source)).toMatchObject({ outcome: 'blocked' })
  })

  test.each<[string, Record<string, string>]>([
    ['seconds', { 'retry-after': '120' }],
    ['a date', { 'retry-after': 'Fri, 20 Nov 2026 09:02:00 GMT', date: 'Fri, 20 Nov 2026 09:00:00 GMT' }],
    ['a rate limit', { ratelimit: '"api";r=0;t=120' }],
  ])('for a time, as %s: none of its sources asks again before', async (_name, headers) => {
    const [source, other] = [await newSource(), await newSource('/papers')]
    answer = (request, response) => {
      response.sendDate = false
      status(429, headers)(request, response)
    }
    await expect(run(source)).rejects.toMatchObject({ name: 'TemporaryError', retryAfterMs: 120_000 })
    expect(await told(source)).toMatchObject({ outcome: 'blocked' })
    answer = json([item('2611.01005')])
    await expect(run(other)).rejects.toThrow(/ it asked to be left alone for another 1\d\d s$/)
    expect(server.requests).toEqual(['/robots.txt', '/api/daily_papers'])
    expect(await told(other)).toMatchObject({ outcome: 'blocked' })
  })

  test('with a good answer that used up the quota: the answer is stored, the next waits', async () => {
    const source = await newSource()
    answer = json([item('2611.01006')], { ratelimit: '"api";r=0;t=120' })
    await run(source)
    expect(await told(source)).toMatchObject({ outcome: 'stored' })
    await expect(run(source)).rejects.toThrow(/left alone/)
  })
})

describe('what a person should know', () => {
  test('a robots.txt that could not be read stands beside what came of the fetch', async () => {
    robots = status(500)
    const source = await newSource()
    answer = json([item('2611.01007')])
    await run(source)
    const warning = /robots\.txt could not be read \(status 500\), fetched all the same$/
    expect(await told(source)).toMatchObject({ outcome: 'stored', detail: expect.stringMatching(warning) })
    await run(source)
    expect(await told(source)).toMatchObject({ outcome: 'unchanged', detail: expect.stringMatching(warning) })
    test_.setNow('2026-11-20T10:30:00Z')
    robots = status(404)
    answer = json([item('2611.01007', 8)])
    await run(source)
    expect(await told(source)).toMatchObject({ outcome: 'stored', detail: null })
    expect(await countsOf(source)).toEqual({ stored: 2, unchanged: 1 })
  })

  test('a page whose bytes changed and whose entries did not is fine', async () => {
    const source = await newSource()
    answer = json([item('2611.01008')])
    await run(source)
    test_.setNow('2026-11-20T10:00:00Z')
    answer = json([{ ...item('2611.01008'), isParticipating: false }])
    await run(source)
    expect(await told(source)).toMatchObject({ outcome: 'stored', failures: 0, detail: null })
  })
})

test('a day that failed for now stays due; one that is refused for good waits its time', async () => {
  const source = await newSource('/api/daily_papers?date={date}', 1)
  answer = json([item('2611.01009')])
  await run(source)
  test_.setNow('2026-11-20T15:00:00Z')
  answer = (request, response) =>
    (request.url!.endsWith('19') ? status(500) : json([item('2611.01009', 2)]))(request, response)
  await run(source)
  expect(await countsOf(source)).toMatchObject({ failed: 1 })
  server.requests.length = 0
  answer = (request, response) =>
    (request.url!.endsWith('19') ? status(404) : json([item('2611.01009', 3)]))(request, response)
  await run(source)
  await run(source)
  expect(server.requests.map((path) => path.slice(-2))).toEqual(['20', '19', '20'])
})

test('ticks that were put off are not all made up for', async () => {
  const source = await newSource()
  const slots = ['09:00', '10:00', '11:00', '12:00'].map((time) => `2026-11-20T${time}:00.000Z`)
  test_.setNow('2026-11-20T12:30:00Z')
  answer = json([item('2611.01012')])
  for (const slot of slots) {
    await runToEnd([{ name: 'fetchPage', payload: { sourceId: source.id, slot } }], tools)
  }
  expect(server.requests).toEqual(['/robots.txt', '/api/daily_papers', '/api/daily_papers'])
})

test('a list of no day counts for the day on which it was seen', async () => {
  const source = await newSource('/papers/trending')
  const { submittedOnDailyAt: _day, ...paper } = item('2611.01013').paper
  answer = json([{ ...item('2611.01013'), paper }])
  test_.setNow('2026-11-20T23:30:00Z')
  await run(source)
  expect(await sightingsOf(source)).toMatchObject([{ day: '2026-11-20' }])
})

test('a day that went well does not hide another of the same fetch that did not', async () => {
  const source = await newSource('/api/daily_papers?date={date}', 1)
  answer = (request, response) =>
    (request.url!.endsWith('20') ? json([item('2611.01011')]) : status(404))(request, response)
  const payload = { sourceId: source.id, slot: tools.now().toISOString() }
  const minutes = ['00', '01', '02', '03']
  const ticking = { ...tools, now: () => new Date(`2026-11-20T09:${minutes.shift() ?? '04'}:00Z`) }
  await runToEnd([{ name: 'fetchPage', payload }], ticking)
  expect(await told(source)).toMatchObject({ outcome: 'failed', detail: expect.stringContaining('404') })
  expect(await countsOf(source)).toEqual({ stored: 1, failed: 1 })
  test_.setNow('2026-11-20T10:00:00Z')
  answer = json([item('2611.01011', 4)])
  await run(source)
  expect(await told(source)).toMatchObject({ outcome: 'stored', failures: 0 })
})

test('an older crawl that is replayed later never wins over a newer value', async () => {
  const source = await newSource()
  answer = json([item('2611.01010', 9)])
  await run(source)
  const entry = { title: 'Paper 2611.01010', arxivId: '2611.01010', upvotes: 3, abstract: 'About birds.' }
  await store(tools, '2026-11-19', [entry], { live: false, format: 'hf-daily-api' })
  expect(await sightingsOf(source)).toMatchObject([{ latest: 9 }])
})

describe('a list that comes in parts', () => {
  const record = (id: string) =>
    `<record><header><identifier>oai:arXiv.org:${id}</identifier><datestamp>2026-11-20</datestamp></header><metadata><arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>${id}</id><created>2026-11-19</created><authors><author><keyname>Writer</keyname><forenames>A.</forenames></author></authors><title>Paper ${id}</title><categories>cs.CL</categories><abstract>About birds.</abstract></arXiv></metadata></record>`
  const part = (id: string, token: string) =>
    `<?xml version="1.0"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-11-20T09:00:00Z</responseDate><request verb="ListRecords">x</request><ListRecords>${record(id)}<resumptionToken>${token}</resumptionToken></ListRecords></OAI-PMH>`
  const LIST = '/oai?verb=ListRecords&metadataPrefix=arXiv&from=2026-11-20'

  test('is followed to its end, each part stored, also when a part must be tried again', async () => {
    const source = await newSource(LIST)
    const tokens = ['', '|1001', '|2001']
    let isAway = true
    answer = (request, response) => {
      const token = new URL(request.url!, server.url).searchParams.get('resumptionToken') ?? ''
      const index = tokens.indexOf(token)
      if (index === 2 && isAway) return status(503)(request, response)
      response.writeHead(200, { 'content-type': 'text/xml' })
      return response.end(part(`2611.0200${index + 1}`, tokens[index + 1] ?? ''))
    }
    await expect(run(source)).rejects.toThrow(/503/)
    expect(await told(source)).toMatchObject({ outcome: 'failed' })
    isAway = false
    const [, second] = await pagesOf(source)
    const payload = { sourceId: source.id, slot: tools.now().toISOString(), after: second!.id, part: 3 }
    await runToEnd([{ name: 'fetchPage', payload }], tools)
    expect((await sightingsOf(source)).map(({ arxiv_id }) => arxiv_id)).toEqual([
      '2611.02001',
      '2611.02002',
      '2611.02003',
    ])
    expect(await told(source)).toMatchObject({ outcome: 'stored', detail: null })
    expect(await fetchPage.run(payload, tools)).toEqual([])
  })

  test('goes on where a part did not answer, once the sweep finds it, though the first part stays the same', async () => {
    const source = await newSource(`${LIST}&set=math`)
    let isAway = true
    answer = (request, response) => {
      const isNext = /resumptionToken/.test(request.url!)
      if (isNext && isAway) return status(503)(request, response)
      response.writeHead(200, { 'content-type': 'text/xml' })
      return response.end(isNext ? part('2611.02012', '') : part('2611.02011', '|math'))
    }
    await expect(run(source)).rejects.toThrow(/503/)
    isAway = false
    test_.setNow('2026-11-20T10:00:00Z')
    await run(source)
    expect(await sightingsOf(source)).toHaveLength(1)
    const found = await sweep.run({ tick: tools.now().toISOString() }, tools)
    await runToEnd(
      found.filter(({ name }) => name === 'fetchPage'),
      tools,
    )
    expect((await sightingsOf(source)).map(({ arxiv_id }) => arxiv_id)).toEqual(['2611.02011', '2611.02012'])
    const again = await sweep.run({ tick: tools.now().toISOString() }, tools)
    expect(again.filter(({ name }) => name === 'fetchPage')).toEqual([])
  })

  test('is followed beyond a part that did not change', async () => {
    const source = await newSource(`${LIST}&set=stat`)
    let round = 1
    answer = (request, response) => {
      const token = new URL(request.url!, server.url).searchParams.get('resumptionToken')
      response.writeHead(200, { 'content-type': 'text/xml' })
      if (token === null) return response.end(part(`2611.0203${round}`, '|second'))
      return response.end(token === '|second' ? part('2611.02040', '|third') : part(`2611.0205${round}`, ''))
    }
    await run(source)
    round = 2
    test_.setNow('2026-11-20T10:00:00Z')
    await run(source)
    expect((await sightingsOf(source)).map(({ arxiv_id }) => arxiv_id).sort()).toEqual([
      '2611.02031',
      '2611.02032',
      '2611.02040',
      '2611.02051',
      '2611.02052',
    ])
  })

  test('and gives the same part for every token is asked for one more', async () => {
    const source = await newSource(`${LIST}&set=math`)
    let asked = 0
    answer = (_request, response) => {
      asked += 1
      response.writeHead(200, { 'content-type': 'text/xml' })
      response.end(part('2611.02060', '|same'))
    }
    await run(source)
    expect(asked).toBe(2)
    expect(await told(source)).toMatchObject({ outcome: 'stored' })
  })

  test('and never ends is left after 30 parts, and said', async () => {
    const source = await newSource(`${LIST}&set=cs`)
    let parts = 0
    answer = (_request, response) => {
      parts += 1
      response.writeHead(200, { 'content-type': 'text/xml' })
      response.end(part(`2611.${String(3000 + parts).padStart(5, '0')}`, `|${parts}`))
    }
    await run(source)
    expect(parts).toBe(30)
    expect(await told(source)).toMatchObject({ outcome: 'stored', detail: expect.stringMatching(/30 parts/) })
  })
})
