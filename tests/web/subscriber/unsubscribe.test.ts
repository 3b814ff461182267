import type { InjectOptions } from 'fastify'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { findSubscriber } from '../../../src/db/subscribers/subscribers.ts'
import { runJob } from '../../../src/jobs/pipeline.ts'
import { papersOn, store } from '../../support/listings.ts'
import { dumpRows, enlist, openTestSite, type TestSite, tokenIn, visit } from '../../support/web.ts'

let site: TestSite
let id: number
let path: string

beforeAll(async () => {
  site = await openTestSite()
  await store(site.tools, '2026-11-20', papersOn('glaciers', 3))
})
afterAll(() => site.close())
let subscribers = 0
beforeEach(async () => {
  const subscriber = await enlist(site, `subscriber${++subscribers}@example.org`)
  id = subscriber.id
  path = `/unsubscribe/${subscriber.unsubscribe}`
})

const status = async () => (await findSubscriber(site.tools.db, id))?.status
const send = (options: InjectOptions) => site.server.inject({ url: path, ...options })

const URLENCODED = {
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  payload: 'List-Unsubscribe=One-Click',
}
const MULTIPART = {
  headers: { 'content-type': 'multipart/form-data; boundary=B' },
  payload: '--B\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--B--\r\n',
}

describe('the unsubscribe link', () => {
  test.each(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'] as const)('%s changes nothing', async (method) => {
    const before = await dumpRows(site)
    await send({ method })
    expect(await dumpRows(site)).toEqual(before)
  })

  test('opens a page with a button that leaves', async () => {
    const page = await visit(site.server).get(path)
    expect(page.body).toContain(`<form method="post" action="${path}">`)
    expect(await status()).toBe('active')
    const left = await visit(site.server).post(path)
    expect([left.statusCode, left.body.includes('You are unsubscribed'), await status()]).toEqual([
      200,
      true,
      'unsubscribed',
    ])
  })

  test.each([
    ['urlencoded', URLENCODED],
    ['multipart', MULTIPART],
    ['with no body', {}],
    ['with a body of no kind', { payload: 'List-Unsubscribe=One-Click' }],
    ['as JSON that is broken', { headers: { 'content-type': 'application/json' }, payload: '{' }],
  ])('one click %s: 200, no redirect, no cookie needed or set (RFC 8058)', async (_kind, body) => {
    const answer = await send({ method: 'POST', ...body })
    expect([answer.statusCode, answer.headers.location, answer.headers['set-cookie']]).toEqual([
      200,
      undefined,
      undefined,
    ])
    expect(await status()).toBe('unsubscribed')
  })

  test.each(['.', ')', '>', '>.', '%3E', '",'])(
    'works with %j behind it, as mail programs may add it',
    async (sign) => {
      const answer = await send({ method: 'POST', url: path + sign, ...URLENCODED })
      expect([answer.statusCode, await status()]).toEqual([200, 'unsubscribed'])
    },
  )

  test.each([
    ['weekly', { status: 'active', weekdays: [1], next_digest_at: new Date('2026-11-23T08:00:00Z') }],
    ['workdays', { status: 'active', weekdays: [1, 2, 3, 4, 5] }],
    ['pause', { status: 'paused', paused_until: new Date('2026-12-20T09:00:00Z'), next_digest_at: null }],
  ])('offers fewer first: %s', async (fewer, expected) => {
    // The first digest, which is due at once, is behind them.
    const next = { next_digest_at: new Date('2026-11-21T08:00:00Z') }
    await site.tools.db.updateTable('subscribers').set(next).where('id', '=', id).execute()
    expect((await visit(site.server).get(path)).body).toContain(`action="${path}/${fewer}"`)
    expect((await visit(site.server).post(`${path}/${fewer}`)).statusCode).toBe(200)
    expect(await findSubscriber(site.tools.db, id)).toMatchObject(expected)
  })

  test('a pause ends by itself, and the next hour that fits brings a digest', async () => {
    await visit(site.server).post(`${path}/pause`)
    const tick = () =>
      runJob({ name: 'planDigests', payload: { tick: site.tools.now().toISOString() } }, site.tools)
    site.setNow('2026-12-20T08:59:00Z')
    await tick()
    expect(await status()).toBe('paused')
    site.setNow('2026-12-20T09:00:00Z')
    await tick()
    site.setNow('2026-11-20T09:00:00Z')
    expect(await findSubscriber(site.tools.db, id)).toMatchObject({
      status: 'active',
      paused_until: null,
      next_digest_at: new Date('2026-12-21T08:00:00Z'),
    })
  })

  test('a second and third time say the same and change nothing more', async () => {
    const first = await send({ method: 'POST', ...URLENCODED })
    const before = await dumpRows(site)
    const again = [
      await send({ method: 'POST', ...MULTIPART }),
      await send({ method: 'POST', ...URLENCODED }),
    ]
    expect(again.map(({ statusCode, body }) => [statusCode, body])).toEqual([
      [200, first.body],
      [200, first.body],
    ])
    expect(await dumpRows(site)).toEqual(before)
  })

  test('holds back a digest that was on its way', async () => {
    const { tools } = site
    const digests = () =>
      tools.db
        .selectFrom('digests')
        .select(['id', 'status', 'reason'])
        .where('subscriber_id', '=', id)
        .execute()
    const [compose] = await runJob(
      { name: 'planDigests', payload: { tick: tools.now().toISOString() } },
      tools,
    )
    const sends = await runJob(compose!, tools)
    const mine = (await digests())[0]!
    expect(mine.status).toBe('sending')
    await send({ method: 'POST', ...URLENCODED })
    site.mail.mails.length = 0
    for (const job of sends) await runJob(job, tools)
    const email = (await findSubscriber(tools.db, id))!.email
    expect(site.mail.mails.filter((mail) => mail.rcptTo.includes(email))).toEqual([])
    expect(await digests()).toEqual([
      { id: mine.id, status: 'skipped', reason: expect.stringContaining('unsubscribed') },
    ])
  })

  test('of the confirmation mail works too, and leaves no confirmation link behind', async () => {
    const stranger = visit(site.server, '198.51.100.3')
    await stranger.submit('/', '/subscribe', {
      email: 'victim@example.org',
      topicQuery: '',
      timeZone: 'UTC',
      sendAt: '08:00',
    })
    await site.runJobs()
    const text = site.mail.mails.at(-1)?.parsed.text
    await stranger.post(`/unsubscribe/${tokenIn(text, 'unsubscribe')}`)
    expect((await stranger.get(`/confirm/${tokenIn(text, 'confirm')}`)).statusCode).toBe(404)
  })

  test('of whoever did not ask ends all mail for good, and nobody is told of another sign-up', async () => {
    const stranger = visit(site.server, '198.51.100.4')
    const form = { email: 'pestered@example.org', topicQuery: '', timeZone: 'UTC', sendAt: '08:00' }
    await stranger.submit('/', '/subscribe', form)
    await site.runJobs()
    const { text } = site.mail.mails.at(-1)!.parsed
    expect(text).toContain('Never mail this address again:')
    const link = `/unsubscribe/${tokenIn(text, 'unsubscribe')}`
    expect((await stranger.get(link)).body).toContain(`action="${link}/never"`)
    for (const _again of [1, 2]) {
      const page = await stranger.post(`${link}/never`)
      expect([page.statusCode, page.body.includes('Nobody can sign this address up again')]).toEqual([
        200,
        true,
      ])
      expect(page.body).not.toContain('Subscribe again')
    }
    expect((await stranger.post(`${link}/back`)).body).toContain('No mail goes to this address')
    const mails = site.mail.mails.length
    site.setNow('2026-11-20T10:00:00Z')
    expect((await stranger.submit('/', '/subscribe', form)).statusCode).toBe(303)
    await site.runJobs()
    site.setNow('2026-11-20T09:00:00Z')
    expect(site.mail.mails).toHaveLength(mails)
  })

  test('offers to come back, with the same link', async () => {
    await send({ method: 'POST', ...URLENCODED })
    const back = await visit(site.server).post(`${path}/back`)
    expect([back.statusCode, await status()]).toEqual([200, 'active'])
    expect((await findSubscriber(site.tools.db, id))?.next_digest_at).toEqual(
      new Date('2026-11-21T08:00:00Z'),
    )
  })

  test('coming back does not override a pause', async () => {
    await site.tools.db.updateTable('subscribers').set({ status: 'paused' }).where('id', '=', id).execute()
    const answer = await visit(site.server).post(`${path}/back`)
    expect([await status(), answer.body.includes('Welcome back')]).toEqual(['paused', false])
  })

  test.each(['x', 'A'.repeat(43), '%00', '..%2Fadmin', `${'A'.repeat(43)}=`])(
    'a link that is none (%s) tells so with 404',
    async (token) => {
      const answer = await visit(site.server).post(`/unsubscribe/${token}`)
      expect([answer.statusCode, answer.body.includes('This link does not work')]).toEqual([404, true])
    },
  )
})
