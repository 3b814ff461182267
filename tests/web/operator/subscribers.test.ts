import { afterAll, beforeAll, expect, test } from 'vitest'
import { listAudit } from '../../../src/db/audit.ts'
import {
  ADMIN_PASSWORD,
  enlist,
  openTestSite,
  type TestSite,
  type Visitor,
  visit,
} from '../../support/web.ts'

let site: TestSite
let admin: Visitor
let ann: number

beforeAll(async () => {
  site = await openTestSite()
  admin = visit(site.server)
  await admin.submit('/admin/login', '/admin/login', { password: ADMIN_PASSWORD })
  ann = (await enlist(site, 'ann@example.org')).id
  await enlist(site, 'bob@example.org')
})
afterAll(() => site.close())

const page = () => `/admin/subscribers/${ann}`
const deed = (word: string, fields = {}) => admin.submit(page(), `${page()}/${word}`, fields)
const deeds = async () => (await listAudit(site.tools.db, 50)).map(({ action }) => action)

test('finds people by a part of the address, and shows addresses only when asked, which is written down', async () => {
  const { body } = await admin.get('/admin/subscribers?search=ANN')
  expect([body.includes('a•••@example.org'), body.includes('b•••@example.org')]).toEqual([true, false])
  expect((await admin.get(page())).body).not.toContain('ann@')
  expect(await deeds()).not.toContain('looked at the address')
  expect((await deed('reveal')).body).toContain('<h1>ann@example.org</h1>')
  expect(await deeds()).toContain('looked at the address')
})

test('a person wrote "stop": suppressed and on the timeline, then lifted', async () => {
  await deed('suppress', { reason: 'wrote: stop' })
  const held = (await admin.get(page())).body
  expect(held).toContain('gets no mail')
  expect(held).toContain('wrote: stop')
  expect((await admin.get('/admin/subscribers?suppressed=on')).body).toContain('a•••@example.org')
  const asked = await deed('resend')
  expect((await admin.get(asked.headers.location!)).body).toContain('Nothing is mailed')
  await deed('lift')
  expect((await admin.get(page())).body).not.toContain('gets no mail')
  expect(await deeds()).toEqual(expect.arrayContaining(['suppressed the address', 'lifted the suppression']))
  await deed('resend')
  await site.runJobs()
  expect(site.mail.mails.flatMap(({ rcptTo }) => rcptTo)).toEqual(['ann@example.org'])
})

test('another address is asked for by mail, from both mailboxes or from the new one alone', async () => {
  site.mail.mails.length = 0
  const wrong = await deed('move', { email: 'nonsense' })
  expect([wrong.statusCode, wrong.body.includes('value="nonsense"')]).toEqual([422, true])
  expect((await deed('move', { email: 'ANN@example.org' })).statusCode).toBe(422)
  const asked = await deed('move', { email: 'ann@example.net' })
  expect((await admin.get(asked.headers.location!)).body).toContain('Both mailboxes are asked')
  await site.runJobs()
  expect(site.mail.mails.flatMap(({ rcptTo }) => rcptTo).sort()).toEqual([
    'ann@example.net',
    'ann@example.org',
  ])
  const { body } = await admin.get(page())
  expect(body).toContain('Shall go to a•••@example.net')
  expect(body).toContain('waits for the old mailbox and the new mailbox')
  site.mail.mails.length = 0
  await deed('move', { email: 'anna@example.net', vouched: 'yes' })
  await site.runJobs()
  expect(site.mail.mails.flatMap(({ rcptTo }) => rcptTo)).toEqual(['anna@example.net'])
  expect((await deeds()).filter((action) => action === 'asked for another address')).toHaveLength(2)
})

test('exports what is kept, and deletes it only for sure', async () => {
  const file = await deed('export')
  expect(file.headers['content-disposition']).toContain(`paperboy-subscriber-${ann}.json`)
  expect(file.json().subscriber.email).toBe('ann@example.org')
  expect((await deed('delete')).statusCode).toBe(400)
  expect((await deed('delete', { sure: 'yes' })).statusCode).toBe(303)
  expect((await admin.get(page())).statusCode).toBe(404)
})
