import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureSource } from '../../src/db/fetching/sources.ts'
import { parseTopicOption } from '../../src/ranking/language/topicOption.ts'
import { DEFAULTS } from '../../src/subscribers/preferences.ts'
import { signUp } from '../../src/subscribers/subscribing.ts'
import { openQueues, type Queues } from '../../src/workers/queues.ts'
import { syncSchedules } from '../../src/workers/schedules.ts'
import { startWorkers, type Workers } from '../../src/workers/workers.ts'
import { eventually } from '../support/eventually.ts'
import { papersOn, store } from '../support/listings.ts'
import { openPageServer, type PageServer } from '../support/pageServer.ts'
import { openTestTools, type TestTools } from '../support/tools.ts'

let test_: TestTools
let queues: Queues
let workers: Workers
let server: PageServer
const body = JSON.stringify([
  {
    paper: {
      id: '2611.07001',
      title: 'Moss on stones',
      summary: 'Moss grows.',
      authors: [{ name: 'B. Rook' }],
    },
  },
])

beforeAll(async () => {
  test_ = await openTestTools()
  const { url, redisUrl, queuePrefix } = test_.database
  queues = await openQueues({ redisUrl, databaseUrl: url, prefix: queuePrefix })
  server = await openPageServer((request, response) => {
    if (request.url === '/gone') response.writeHead(404).end()
    else if (request.url === '/slow') return
    else response.writeHead(200, { 'content-type': 'application/json' }).end(body)
  })
  workers = await startWorkers(queues, test_.tools)
})
afterAll(async () => {
  await workers.stop()
  await queues.close()
  await server.close()
  await test_.close()
})

const papersNamed = (title: string) =>
  test_.tools.db.selectFrom('papers').select('id').where('title', '=', title).execute()
const failedJob = async (id: string) => {
  const job = await queues.byStep.get('fetchPage')!.getJob(id)
  return job && { state: await job.getState(), reason: job.failedReason, attempts: job.attemptsMade }
}

test('a source’s timer fetches it, and what it lists is stored', async () => {
  await ensureSource(test_.tools.db, { name: 'moss', address: `${server.url}/moss`, every_minutes: 1 })
  await syncSchedules(queues, test_.tools.db, new Date())
  await eventually(async () => expect(await papersNamed('Moss on stones')).toHaveLength(1))
  const schedulers = await queues.byStep.get('fetchPage')!.getJobSchedulers()
  expect(schedulers.map((scheduler) => scheduler.key)).toEqual(['fetch-source-1'])
})

test('a timer goes when its source is switched off, and the others stay', async () => {
  await test_.tools.db.updateTable('sources').set({ enabled: false }).where('name', '=', 'moss').execute()
  await syncSchedules(queues, test_.tools.db, new Date())
  expect(await queues.byStep.get('fetchPage')!.getJobSchedulers()).toEqual([])
  expect(await queues.byStep.get('planDigests')!.getJobSchedulers()).toHaveLength(1)
  expect(await queues.byStep.get('tidy')!.getJobSchedulers()).toHaveLength(1)
})

test('a permanent error fails the job at once, with one line that a person understands', async () => {
  const source = await ensureSource(test_.tools.db, { name: 'gone', address: `${server.url}/gone` })
  const slot = '2026-11-20T09:00:00.000Z'
  await queues.enqueue([{ name: 'fetchPage', payload: { sourceId: source.id, slot } }])
  const id = `fetchPage-${source.id}-20261120090000000`
  await eventually(async () => expect(await failedJob(id)).toMatchObject({ state: 'failed' }))
  expect(await failedJob(id)).toMatchObject({
    attempts: 1,
    reason: expect.stringMatching(/^\[GET\] .*404.*$/),
  })
})

test('a payload that is none fails its job and nothing else', async () => {
  const queue = queues.byStep.get('ingestPage')!
  const job = await queue.add('ingestPage', { pageId: 'DROP TABLE' }, { attempts: 3 })
  await eventually(async () => expect(await job.getState()).toBe('failed'))
  expect((await queue.getJob(job.id!))?.failedReason).toMatch(/^ingestPage: expected its payload, got/)
})

test('the same work enqueued twice is one job', async () => {
  const jobs = [{ name: 'ingestPage', payload: { pageId: 999_999 } }]
  await queues.enqueue(jobs)
  await queues.enqueue(jobs)
  await eventually(async () => {
    const done = await queues.byStep.get('ingestPage')!.getJobs(['completed'])
    expect(done.filter((job) => job.data.pageId === 999_999)).toHaveLength(1)
  })
})

test('a confirmed subscriber is mailed by the workers alone', async () => {
  await store(test_.tools, '2026-11-20', papersOn('lighthouses', 3))
  const topics = [parseTopicOption('Coast=lighthouses')]
  const request = { ...DEFAULTS, email: 'keeper@example.org', topics, source: 'command line' as const }
  const { next } = await signUp(test_.tools, { ...request, confirmed: true })
  await queues.enqueue(next)
  await eventually(async () => expect(test_.mail.mails).toHaveLength(1))
  expect(test_.mail.mails[0]!.parsed.subject).toContain('3 papers')
})

test('a worker that must stop returns a job that hangs', async () => {
  const source = await ensureSource(test_.tools.db, { name: 'slow', address: `${server.url}/slow` })
  await queues.enqueue([
    { name: 'fetchPage', payload: { sourceId: source.id, slot: '2026-11-20T10:00:00.000Z' } },
  ])
  await eventually(async () => expect(server.requests).toContain('/slow'))
  await workers.stop()
  expect(await failedJob(`fetchPage-${source.id}-20261120100000000`)).toMatchObject({ state: 'delayed' })
})
