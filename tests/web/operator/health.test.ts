import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ensureSource, markSourceOutcome } from '../../../src/db/fetching/sources.ts'
import { papersOn, store } from '../../support/listings.ts'
import { ADMIN_PASSWORD, enlist, openTestSite, type TestSite, visit } from '../../support/web.ts'

let site: TestSite
const QUEUE = {
  step: 'fetchPage',
  ...{ waiting: 3, active: 0, delayed: 0, completed: 0, failed: 1 },
  paused: false,
  oldest: undefined,
  nextRuns: {},
}
const basic = (password: string) => ({
  authorization: `Basic ${Buffer.from(`scraper:${password}`).toString('base64')}`,
})
let queueFails: Error | undefined

beforeAll(async () => {
  site = await openTestSite({
    queueStates: async () => {
      if (queueFails) throw queueFails
      return [QUEUE]
    },
  })
})
afterAll(() => site.close())

describe('health', () => {
  test('up and ready', async () => {
    const answers = [await site.server.inject('/healthz'), await site.server.inject('/readyz')]
    expect(answers.map((answer) => [answer.statusCode, answer.json()])).toEqual([
      [200, { status: 'up' }],
      [200, { status: 'ready' }],
    ])
  })

  test('a queue that is away makes it unready and not down; strangers are not told why', async () => {
    queueFails = new Error('connect ECONNREFUSED 127.0.0.1:6379')
    const [up, ready] = [await site.server.inject('/healthz'), await site.server.inject('/readyz')]
    const full = (headers = {}) => site.server.inject({ url: '/readyz?full', headers })
    const [stranger, watcher] = [await full(), await full(basic(ADMIN_PASSWORD))]
    queueFails = undefined
    expect([up.statusCode, ready.statusCode, stranger.statusCode, watcher.statusCode]).toEqual([
      200, 503, 401, 503,
    ])
    expect(ready.json()).toEqual({ status: 'not ready' })
    expect(watcher.json()).toMatchObject({
      status: 'not ready',
      database: 'answers',
      queue: 'connect ECONNREFUSED 127.0.0.1:6379',
      items: expect.arrayContaining([
        expect.objectContaining({ kind: 'queue away', reason: 'connect ECONNREFUSED 127.0.0.1:6379' }),
      ]),
    })
  })

  test('so does a database that is away', async () => {
    const broken = await openTestSite()
    await broken.server.inject('/readyz')
    await broken.tools.db.destroy()
    const ready = await broken.server.inject({ url: '/readyz?full', headers: basic(ADMIN_PASSWORD) })
    await broken.close()
    expect([ready.statusCode, ready.json().database]).toEqual([503, 'driver has already been destroyed'])
  })
})

describe('metrics', () => {
  test('are for the admin: by password or session, not by address', async () => {
    const admin = visit(site.server)
    const get = (headers = {}) => site.server.inject({ url: '/metrics', headers, remoteAddress: '127.0.0.1' })
    const codes = [
      await get(),
      await get(basic('wrong')),
      await get({ authorization: 'Basic %%%' }),
      await get(basic(ADMIN_PASSWORD)),
    ]
    expect(codes.map(({ statusCode }) => statusCode)).toEqual([401, 401, 401, 200])
    await admin.submit('/admin/login', '/admin/login', { password: ADMIN_PASSWORD })
    expect((await admin.get('/metrics')).statusCode).toBe(200)
  })

  test('count papers, people, jobs, and what the sources came to, and change with them', async () => {
    const { db, now } = site.tools
    await store(site.tools, '2026-11-20', papersOn('glaciers', 3))
    await enlist(site, 'reader@example.org')
    const source = await ensureSource(db, { name: 'hf-daily', address: 'https://example.org' })
    await markSourceOutcome(db, source.id, 'blocked', 'a challenge page', now())
    const read = async () =>
      (await site.server.inject({ url: '/metrics', headers: basic(ADMIN_PASSWORD) })).body.split('\n')
    const first = await read()
    for (const line of [
      'paperboy_papers 3',
      'paperboy_sightings 3',
      'paperboy_subscribers{status="active"} 1',
      'paperboy_jobs{step="fetchPage",state="waiting"} 3',
      'paperboy_source_outcome{source="hf-daily",outcome="blocked"} 1',
      'paperboy_source_failures{source="hf-daily"} 1',
      'paperboy_needs_person{kind="worker gone",key="worker gone",severity="bad"} 1',
    ]) {
      expect(first).toContain(line)
    }
    expect(first.join('\n')).toMatch(
      /paperboy_http_request_duration_seconds_count\{method="GET",route="\/metrics",status="401"\} 3/,
    )
    await markSourceOutcome(db, source.id, 'stored', null, now())
    const second = await read()
    expect(second).toContain('paperboy_source_outcome{source="hf-daily",outcome="stored"} 1')
    expect(second.join('\n')).not.toContain('outcome="blocked"')
  })

  test('are there without the part about the queue while that is away', async () => {
    queueFails = new Error('away')
    const answer = await site.server.inject({ url: '/metrics', headers: basic(ADMIN_PASSWORD) })
    queueFails = undefined
    expect([
      answer.statusCode,
      answer.body.includes('paperboy_papers'),
      answer.body.includes('paperboy_jobs{'),
    ]).toEqual([200, true, false])
  })
})
