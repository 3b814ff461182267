import type { IncomingMessage } from 'node:http'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type AlertOptions, tellAlerts } from '../../../src/health/alerts/tellAlerts.ts'
import type { Item } from '../../../src/health/item.ts'
import { openPageServer, type PageServer } from '../../support/pageServer.ts'
import { openTestTools, type TestTools } from '../../support/tools.ts'

let test_: TestTools
let hook: PageServer
let answer = 200
const bodies: string[] = []

beforeAll(async () => {
  test_ = await openTestTools()
  hook = await openPageServer((request, response) => {
    void readBody(request).then((body) => {
      if (answer === 200) bodies.push(body)
      response.writeHead(answer).end()
    })
  })
})
afterAll(async () => {
  await test_.close()
  await hook.close()
})
beforeEach(async () => {
  await test_.tools.db.deleteFrom('alerts').execute()
  bodies.length = 0
  test_.mail.mails.length = 0
  answer = 200
})

async function readBody(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request) body += chunk
  return body
}

const ITEM: Item = {
  kind: 'layout changed',
  key: 'layout changed: hf-daily',
  severity: 'bad',
  title: 'hf-daily: layout changed',
  reason: 'had 40 papers and now none',
  since: new Date('2026-11-20T08:00:00Z'),
  advice: '',
}
const options = (more: Partial<AlertOptions> = {}): AlertOptions => ({
  mail: [],
  webhooks: [`slack+${hook.url}/hook`],
  quiet: undefined,
  graceMs: 0,
  ...more,
})
const look = (items: Item[], more: Partial<AlertOptions> = {}) =>
  tellAlerts(items, options(more), test_.tools)
const told = () => bodies.map((body) => JSON.parse(body).text.split('\n')[0])

test('tells trouble once until it clears, then that it cleared, and tells it again when it comes back', async () => {
  await look([ITEM])
  await look([{ ...ITEM, reason: 'had 40 papers and still none' }])
  await look([])
  await look([])
  await look([ITEM])
  expect(told()).toEqual([
    '*Needs a person: hf-daily: layout changed*',
    '*Cleared: hf-daily: layout changed*',
    '*Needs a person: hf-daily: layout changed*',
  ])
})

test('of processes that look at the same time one tells it', async () => {
  await look([ITEM], { graceMs: 0 })
  bodies.length = 0
  await Promise.all([look([]), look([]), look([])])
  expect(told()).toEqual(['*Cleared: hf-daily: layout changed*'])
})

test('what clears within its time of grace is told to nobody', async () => {
  await look([ITEM], { graceMs: 60_000 })
  await look([])
  await look([])
  expect(told()).toEqual([])
})

test('quiet hours keep it until they end', async () => {
  const quiet = { from: '08:00', to: '10:00', zone: 'UTC' }
  await look([ITEM], { quiet })
  expect(told()).toEqual([])
  test_.setNow('2026-11-20T10:00:00Z')
  await look([ITEM], { quiet })
  test_.setNow('2026-11-20T09:00:00Z')
  expect(told()).toHaveLength(1)
})

test('a webhook that refuses is tried again later; mail tells it meanwhile', async () => {
  answer = 500
  await look([ITEM])
  const row = await test_.tools.db.selectFrom('alerts').selectAll().executeTakeFirstOrThrow()
  expect([row.told_at, row.tries, row.claimed_until === null]).toEqual([null, 1, false])
  await test_.tools.db.updateTable('alerts').set({ claimed_until: null }).execute()
  await look([ITEM], { mail: ['root@example.org'] })
  await look([ITEM], { mail: ['root@example.org'] })
  expect(test_.mail.mails.map(({ rcptTo, parsed }) => [rcptTo, parsed.subject])).toEqual([
    [['root@example.org'], 'Paperboy: Needs a person: hf-daily: layout changed'],
  ])
  expect(test_.mail.mails[0]!.parsed.text).toContain('https://digest.example.org/admin')
})
