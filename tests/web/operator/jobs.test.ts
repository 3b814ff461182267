import { afterAll, beforeAll, expect, test } from 'vitest'
import { insertDigests } from '../../../src/db/digests/digests.ts'
import { storePage } from '../../../src/db/fetching/pages.ts'
import { ensureSource } from '../../../src/db/fetching/sources.ts'
import { createBoard } from '../../../src/workers/board.ts'
import { openQueues, type Queues } from '../../../src/workers/queues.ts'
import { openTestDatabase, type TestDatabase } from '../../support/database.ts'
import { papersOn, store } from '../../support/listings.ts'
import {
  ADMIN_PASSWORD,
  enlist,
  openTestSite,
  type TestSite,
  type Visitor,
  visit,
} from '../../support/web.ts'

let site: TestSite
let queues: Queues
let queueHome: TestDatabase
let admin: Visitor

beforeAll(async () => {
  queueHome = await openTestDatabase()
  const { url: databaseUrl, redisUrl, queuePrefix: prefix } = queueHome
  queues = await openQueues({ databaseUrl, redisUrl, prefix })
  site = await openTestSite({
    board: createBoard(queues, '/admin/queues'),
    findJobs: (wish) => queues.find(wish),
  })
  admin = visit(site.server)
  await admin.submit('/admin/login', '/admin/login', { password: ADMIN_PASSWORD })
})
afterAll(async () => {
  await site.close()
  await queues.close()
  await queueHome.close()
})

/** The jobs on a page, each with its address in the board. */
const jobsOn = async (query: string) =>
  [
    ...(await admin.get(`/admin/jobs?${query}`)).body.matchAll(
      /href="(\/admin\/queues\/queue\/[^"]+)">([^<]*)/g,
    ),
  ].map(([, url, name]) => ({ url: url!, name }))

test('finds the job of a source, a paper, a digest and a subscriber, with a way into the board', async () => {
  const { db, now } = site.tools
  const source = await ensureSource(db, { name: 'owls', address: 'https://owls.example/{date}' })
  const page = await storePage(db, {
    ...{ sourceId: source.id, address: 'https://owls.example/1', body: Buffer.from('x') },
    ...{ contentType: 'text/plain', observedAt: now(), listedOnHint: null },
  })
  await store(site.tools, '2026-11-20', papersOn('owls', 1))
  await db.updateTable('sightings').set({ page_id: page.id }).execute()
  const paper = await db.selectFrom('papers').select('id').executeTakeFirstOrThrow()
  const { id } = await enlist(site, 'reader@example.org')
  const [digest] = await insertDigests(db, [{ subscriber_id: id, local_date: '2026-11-20', due_at: now() }])
  await queues.byStep.get('sendDigests')!.pause()
  await queues.enqueue([
    { name: 'fetchPage', payload: { sourceId: source.id, slot: now().toISOString() }, label: 'owls, 09:00' },
    { name: 'fetchPage', payload: { sourceId: 999, slot: now().toISOString() }, label: 'not this one' },
    { name: 'ingestPage', payload: { pageId: page.id }, label: 'owls, page' },
    { name: 'sendDigests', payload: { digestIds: [4711, digest!] }, label: 'digest 4711 and 1 more' },
    {
      name: 'sendConfirmation',
      payload: { subscriberId: id, askedAt: now().toISOString() },
      label: `person ${id}`,
    },
  ])
  expect((await jobsOn(`source=${source.id}`)).map(({ name }) => name)).toEqual(['fetchPage: owls, 09:00'])
  expect((await jobsOn(`paper=${paper.id}`)).map(({ name }) => name)).toEqual(['ingestPage: owls, page'])
  const [found] = await jobsOn(`digest=${digest}`)
  expect(found!.name).toBe('sendDigests: digest 4711 and 1 more')
  const inBoard = await admin.get(
    found!.url.replace('/admin/queues/', '/admin/queues/api/').replace('/queue/', '/queues/'),
  )
  expect([inBoard.statusCode, inBoard.json().job.data.digestIds]).toEqual([200, [4711, digest]])
  expect((await jobsOn(`subscriber=${id}`)).map(({ name }) => name).sort()).toEqual([
    `sendConfirmation: person ${id}`,
    'sendDigests: digest 4711 and 1 more',
  ])
})

test('says so if there is no job, or nothing of that number', async () => {
  const source = await ensureSource(site.tools.db, { name: 'tides', address: 'https://tides.example/' })
  expect((await admin.get(`/admin/jobs?source=${source.id}`)).body).toContain('No job stands in a queue now')
  const none = await admin.get('/admin/jobs?paper=99999')
  expect([none.statusCode, none.body.includes('There is no paper with the number')]).toEqual([404, true])
})

test('the board asks no other host for anything, and leads back to the desk', async () => {
  const { body } = await admin.get('/admin/queues', { 'accept-encoding': 'gzip, br' })
  expect(body).toContain('<div id="root">')
  expect(body).not.toMatch(/(?:href|src)="https?:/)
  expect(body).toContain('Back to the desk')
})
