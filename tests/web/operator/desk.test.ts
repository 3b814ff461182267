import { afterAll, beforeAll, expect, test } from 'vitest'
import { endComposing, insertDigests } from '../../../src/db/digests/digests.ts'
import { ensureSource, markSourceOutcome } from '../../../src/db/fetching/sources.ts'
import { reportWorker } from '../../../src/db/health/workers.ts'
import { pauseMail } from '../../../src/db/mail/mailPauses.ts'
import { openQueues, type Queues } from '../../../src/workers/queues.ts'
import { openTestDatabase, type TestDatabase } from '../../support/database.ts'
import { papersOn, store } from '../../support/listings.ts'
import { ADMIN_PASSWORD, dumpRows, enlist, openTestSite, type TestSite, visit } from '../../support/web.ts'

let site: TestSite
let queues: Queues
let queueHome: TestDatabase

beforeAll(async () => {
  queueHome = await openTestDatabase()
  const { url: databaseUrl, redisUrl, queuePrefix: prefix } = queueHome
  queues = await openQueues({ databaseUrl, redisUrl, prefix })
  site = await openTestSite({
    queueStates: () => queues.states(),
    resumeQueue: (step) => queues.resume(step),
  })
  // The desk is looked at now: rows say when they were made by the database's clock.
  site.setNow(new Date().toISOString())
})
afterAll(async () => {
  await site.close()
  await queues.close()
  await queueHome.close()
})

async function logIn() {
  const admin = visit(site.server)
  await admin.submit('/admin/login', '/admin/login', { password: ADMIN_PASSWORD })
  return admin
}

test('tells in one verdict what needs a person, as text, and mends it by its buttons', async () => {
  const { db, now } = site.tools
  const source = await ensureSource(db, { name: 'hf-daily', address: 'https://example.org/{date}' })
  await ensureSource(db, { name: 'switched-off', address: 'https://example.org/off', enabled: false })
  await markSourceOutcome(db, source.id, 'layout changed', 'expected <b>entries</b>, got none', now())
  const { id } = await enlist(site, 'reader@example.org')
  const [digest] = await insertDigests(db, [
    { subscriber_id: id, local_date: now().toISOString().slice(0, 10) as '2026-11-20', due_at: now() },
  ])
  await endComposing(db, digest!, 'failed', '550 <script>alert(1)</script>')
  await pauseMail(db, '421 come back later')
  await queues.byStep.get('sendDigests')!.pause()
  await queues.enqueue([{ name: 'sendDigests', payload: { digestIds: [4711] } }])

  const admin = await logIn()
  const { body } = await admin.get('/admin')
  expect(body).not.toContain('<script>')
  for (const text of [
    '5 things need a person.',
    'hf-daily: layout changed',
    'expected &lt;b&gt;entries&lt;/b&gt;, got none',
    '550 &lt;script&gt;',
    '421 come back later',
    'Queue sendDigests is paused',
    'No worker runs',
    '<span class="dot off">off</span>',
    'logged in',
  ]) {
    expect(body).toContain(text)
  }

  expect((await admin.submit('/admin', '/admin/steps/sendDigests/resume', {})).statusCode).toBe(303)
  expect((await queues.states()).filter(({ paused }) => paused)).toEqual([])
  await admin.submit('/admin', '/admin/mail/try', {})
  await admin.submit('/admin', `/admin/sources/${source.id}/fetch`, {})
  expect(site.enqueued.splice(0)).toEqual([
    { name: 'fetchPage', payload: { sourceId: source.id, slot: site.tools.now().toISOString() } },
  ])
  await reportWorker(db, { id: 'w', host: 'here' })
  await markSourceOutcome(db, source.id, 'stored', null, now())
  await db.deleteFrom('mail_pauses').execute()
  const after = (await admin.get('/admin')).body
  expect(after).toContain('One thing needs a person.')
  for (const deed of ['resumed a queue', 'let mail be tried at once', 'asked for a fetch']) {
    expect(after).toContain(deed)
  }
  await db.deleteFrom('digests').execute()
  expect((await admin.get('/admin')).body).toContain('All is well.')
})

test('shows a source’s papers by day, and its next run', async () => {
  const { db, now } = site.tools
  await store(site.tools, now().toISOString().slice(0, 10), papersOn('glaciers', 3), { format: 'hf-page' })
  const page = await ensureSource(db, { name: 'counted', address: 'https://example.org/counted' })
  await db.updateTable('sightings').set({ source_id: page.id }).execute()
  await queues.byStep
    .get('fetchPage')!
    .upsertJobScheduler(`fetch-source-${page.id}`, { every: 3_600_000 }, { name: 'fetchPage' })
  const { body } = await (await logIn()).get('/admin')
  expect(body).toMatch(
    /counted<\/a><\/td>[\s\S]*?at most 3 papers a day in 30 days, none on 29[\s\S]*?<td class="number" data-label="today">3<\/td><td class="time" data-label="next">(now|in \d+ (s|min|h))/,
  )
})

test('refuses deeds on what is not there, and from forms that are not ours', async () => {
  const admin = await logIn()
  const before = await dumpRows(site)
  const codes = [
    (await admin.submit('/admin', '/admin/steps/nothing/resume', {})).statusCode,
    (await admin.submit('/admin', '/admin/sources/999999/fetch', {})).statusCode,
    (await admin.post('/admin/mail/try')).statusCode,
    (await visit(site.server).post('/admin/mail/try')).statusCode,
  ]
  expect(codes).toEqual([404, 404, 403, 401])
  expect(await dumpRows(site)).toEqual(before)
})
