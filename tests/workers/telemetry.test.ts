import type { IncomingMessage } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openQueues, type Queues } from '../../src/workers/queues.ts'
import { openTraces, type Traces } from '../../src/workers/telemetry.ts'
import { startWorkers, type Workers } from '../../src/workers/workers.ts'
import { eventually } from '../support/eventually.ts'
import { openPageServer, type PageServer } from '../support/pageServer.ts'
import { openTestTools, type TestTools } from '../support/tools.ts'

interface Span {
  name: string
  traceId: string
  attributes: { key: string; value: { stringValue?: string } }[]
}

let test_: TestTools
let collector: PageServer
let traces: Traces
let queues: Queues
let workers: Workers
const spans: Span[] = []
const services = new Set<string>()

/** A collector as OTLP over HTTP describes it, for its JSON encoding. */
async function take(request: IncomingMessage): Promise<void> {
  let body = ''
  for await (const chunk of request) body += chunk
  for (const { resource, scopeSpans } of JSON.parse(body).resourceSpans) {
    for (const { key, value } of resource.attributes)
      if (key === 'service.name') services.add(value.stringValue)
    spans.push(...scopeSpans.flatMap((scope: { spans: Span[] }) => scope.spans))
  }
}

beforeAll(async () => {
  test_ = await openTestTools()
  collector = await openPageServer(async (request, response) => {
    await take(request)
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  traces = await openTraces(`${collector.url}/`)
  const { url: databaseUrl, redisUrl, queuePrefix: prefix } = test_.database
  queues = await openQueues({ databaseUrl, redisUrl, prefix, telemetry: traces.telemetry })
  workers = await startWorkers(queues, test_.tools)
})
afterAll(async () => {
  await collector.close()
  await test_.close()
})

test('a job is a trace from the one who enqueued it to the one who ran it', async () => {
  await queues.enqueue([{ name: 'tidy', payload: { tick: test_.tools.now().toISOString() } }])
  await eventually(async () =>
    expect(await queues.byStep.get('tidy')!.getJobCounts('active', 'waiting')).toEqual({
      active: 0,
      waiting: 0,
    }),
  )
  // Whoever stops sends what is left.
  await workers.stop()
  await queues.close()
  await traces.close()
  expect(new Set(collector.requests)).toEqual(new Set(['/v1/traces']))
  expect([...services]).toEqual(['paperboy'])
  const added = spans.filter(({ name }) => /^add.*tidy/i.test(name))
  const ran = spans.filter(({ name }) => /^process.*tidy/i.test(name))
  expect([added.length, ran.length]).toEqual([1, 1])
  expect(ran[0]!.traceId).toBe(added[0]!.traceId)
})
