import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { endComposing, insertDigests } from '../../../src/db/digests/digests.ts'
import { createToken } from '../../../src/db/subscribers/tokens.ts'
import { papersOn, store } from '../../support/listings.ts'
import { enlist, openTestSite, type TestSite, tokenIn, visit } from '../../support/web.ts'

let site: TestSite
let viewToken: string
let subscriberId: number

beforeAll(async () => {
  site = await openTestSite()
  await store(site.tools, '2026-11-20', papersOn('glaciers', 4))
  subscriberId = (await enlist(site, 'reader@example.org')).id
  site.enqueued.push({ name: 'planDigests', payload: { tick: site.tools.now().toISOString() } })
  await site.runJobs()
  viewToken = tokenIn(site.mail.mails.at(-1)?.parsed.text, 'digests')
})
afterAll(() => site.close())

test('the link of a mail shows the same papers in the browser', async () => {
  const mail = site.mail.mails.at(-1)!.parsed
  const { statusCode, body } = await visit(site.server).get(`/digests/${viewToken}`)
  expect(statusCode).toBe(200)
  const titles = (html: string) => html.match(/Study \d+ of glaciers/g)
  expect(titles(body)).toEqual(titles(mail.html || ''))
  expect(titles(body)!.length).toBeGreaterThanOrEqual(4)
})

test('it names no subscriber, carries no other secret, and lets in nothing but its own styles', async () => {
  const { body, headers } = await visit(site.server).get(`/digests/${viewToken}`)
  expect(body).not.toMatch(/reader@example\.org|\/unsubscribe\/|\/preferences\/[\w-]{43}/)
  expect(headers['content-security-policy']).toBe(
    "default-src 'none';style-src 'unsafe-inline';base-uri 'none';form-action 'none';frame-ancestors 'none';upgrade-insecure-requests",
  )
  expect([headers['referrer-policy'], headers['cache-control']]).toEqual(['same-origin', 'no-store'])
})

test('a digest stored when reasons were sentences is read as before', async () => {
  const { db, now } = site.tools
  const [id] = await insertDigests(db, [
    { subscriber_id: subscriberId, local_date: '2026-11-18', due_at: now() },
  ])
  const { rows } = await sql<{ id: number }>`SELECT id FROM papers ORDER BY id LIMIT 1`.execute(db)
  const reasons = JSON.stringify(['matches “glaciers” in the title', 'rising: 9 upvotes in a day'])
  await sql`INSERT INTO digest_items (digest_id, position, paper_id, topic, score, reasons)
    VALUES (${id}, 1, ${rows[0]!.id}, 'Ice', 1, ${reasons})`.execute(db)
  const token = await createToken(db, { purpose: 'view', subscriberId, digestId: id! }, now())
  const { body } = await visit(site.server).get(`/digests/${token}`)
  expect(body.replaceAll('\n', ' ')).toContain(
    'Why: matches &#8220;glaciers&#8221; in the title; rising: 9 upvotes in a day',
  )
  const manage = await createToken(db, { purpose: 'manage', subscriberId }, now())
  const data = (await visit(site.server).get(`/preferences/${manage}/data`)).json()
  const papers = data.papers.filter(({ localDate }: { localDate: string }) => localDate === '2026-11-18')
  expect(papers).toEqual([
    expect.objectContaining({
      reasons: ['matches “glaciers” in the title', 'rising: 9 upvotes in a day'],
      reasonDetails: [
        { kind: 'text', text: 'matches “glaciers” in the title' },
        { kind: 'text', text: 'rising: 9 upvotes in a day' },
      ],
    }),
  ])
})

test('a day without papers says why', async () => {
  const { db, now } = site.tools
  const [id] = await insertDigests(db, [
    { subscriber_id: subscriberId, local_date: '2026-11-19', due_at: now() },
  ])
  const why =
    'nothing matched your topics. Nearest: “Clusters of {\\"o}ld $\\alpha$-ice\u202e” (without “snow”)'
  await endComposing(db, id!, 'skipped', why)
  const token = await createToken(db, { purpose: 'view', subscriberId: subscriberId, digestId: id! }, now())
  const { body } = await visit(site.server).get(`/digests/${token}`)
  expect(body).toContain('No papers on Thursday, 19 November 2026')
  const shown = 'nothing matched your topics. Nearest: “Clusters of öld α-ice” (without “snow”)'
  expect(body).toContain(shown)
  const manage = await createToken(db, { purpose: 'manage', subscriberId: subscriberId }, now())
  expect((await visit(site.server).get(`/preferences/${manage}/archive`)).body).toContain(shown)
})

test('a link to manage opens no digest, and a link to a digest manages nothing', async () => {
  const manage = await createToken(
    site.tools.db,
    { purpose: 'manage', subscriberId: subscriberId },
    site.tools.now(),
  )
  const me = visit(site.server)
  const codes = [
    await me.get(`/digests/${manage}`),
    await me.get(`/preferences/${viewToken}`),
    await me.post(`/unsubscribe/${viewToken}`),
  ]
  expect(codes.map(({ statusCode }) => statusCode)).toEqual([404, 404, 404])
})
