import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { insertDigests } from '../../../src/db/digests/digests.ts'
import type { DigestStatus } from '../../../src/domain.ts'
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
let admin: Visitor
const people: { id: number }[] = []

beforeAll(async () => {
  site = await openTestSite()
  admin = visit(site.server)
  await admin.submit('/admin/login', '/admin/login', { password: ADMIN_PASSWORD })
  await store(site.tools, '2026-11-20', papersOn('glaciers', 6))
  for (const name of ['ann', 'bob', 'cyd']) {
    people.push(
      await enlist(site, `${name}@example.org`, {
        topics: [{ name: 'Ice', query: 'glaciers', quota: undefined }] as never,
      }),
    )
  }
})
afterAll(() => site.close())
beforeEach(async () => {
  await site.tools.db.deleteFrom('digests').execute()
  await site.tools.db.updateTable('subscribers').set({ next_digest_at: null }).execute()
  site.mail.mails.length = 0
})

async function digestOf(person: number, status: DigestStatus, reason: string | null = null): Promise<number> {
  const [id] = await insertDigests(site.tools.db, [
    { subscriber_id: people[person]!.id, local_date: '2026-11-20', due_at: site.tools.now() },
  ])
  await site.tools.db.updateTable('digests').set({ status, reason }).where('id', '=', id!).execute()
  return id!
}
const stateOf = async (id: number) =>
  (await site.tools.db.selectFrom('digests').select('status').where('id', '=', id).executeTakeFirstOrThrow())
    .status
const recipients = () => site.mail.mails.flatMap(({ rcptTo }) => rcptTo).sort()

test('finds digests by person, day, state and reason, and masks addresses', async () => {
  await digestOf(0, 'sent')
  await digestOf(1, 'failed', '550 <bob@example.org> said <b>no</b>')
  const find = async (search: string) => {
    const { body } = await admin.get(`/admin/digests?${search}`)
    expect(body).not.toMatch(/(ann|bob|cyd)@example/)
    return [...body.matchAll(/([abc])•••@example\.org<\/a>/g)].map((match) => match[1])
  }
  expect(await find('')).toEqual(['b', 'a'])
  expect(await find('who=BOB')).toEqual(['b'])
  expect(await find(`person=${people[0]!.id}`)).toEqual(['a'])
  expect(await find('status=failed')).toEqual(['b'])
  expect(await find('day=2026-11-19')).toEqual([])
  expect(await find('reason=said')).toEqual(['b'])
  expect(await find('who=%25&reason=_')).toEqual([])
  expect((await admin.get('/admin/digests')).body).toContain('said &lt;b&gt;no&lt;/b&gt;')
})

test('sends one or all that match, each once, and never one that was sent', async () => {
  const sent = await digestOf(0, 'sent')
  const failed = await digestOf(1, 'failed', 'the relay was away')
  const planned = await digestOf(2, 'planned')
  const again = () => admin.submit('/admin/digests', '/admin/digests/send', { day: '2026-11-20' })
  const answer = await again()
  await again()
  expect((await admin.get(answer.headers.location!)).body).toContain(
    'Digests: 1 composed anew and sent, 1 taken up where they stood.',
  )
  await site.runJobs()
  expect(await Promise.all([sent, failed, planned].map(stateOf))).toEqual(['sent', 'sent', 'sent'])
  expect(recipients()).toEqual(['bob@example.org', 'cyd@example.org'])
  await admin.submit(`/admin/digests/${failed}`, `/admin/digests/${failed}/send`, {})
  await site.runJobs()
  expect(recipients()).toHaveLength(2)
})

test('settles digests in doubt: sends them once more under the same Message-ID, or leaves them', async () => {
  const [one, other] = [
    await digestOf(0, 'held', 'the line broke'),
    await digestOf(1, 'held', 'the line broke'),
  ]
  const left = await admin.submit('/admin/digests', '/admin/digests/leave', { person: `${people[0]!.id}` })
  expect((await admin.get(left.headers.location!)).body).toContain('1 digest left as they are.')
  await admin.submit('/admin', '/admin/digests/send', { status: 'held' })
  expect([await stateOf(one), await stateOf(other)]).toEqual(['failed', 'sending'])
  expect(site.enqueued.splice(0)).toMatchObject([{ name: 'sendDigests', payload: { digestIds: [other] } }])
})

test('shows one digest: its papers with reasons, and what was said of it', async () => {
  const id = await digestOf(1, 'planned')
  await admin.submit('/admin/digests', `/admin/digests/${id}/send`, {})
  await site.runJobs()
  const { body } = await admin.get(`/admin/digests/${id}`)
  for (const text of ['b•••@example.org', ': sent', 'Study 00006 of glaciers', 'accepted', 'by relay']) {
    expect(body).toContain(text)
  }
  expect((await admin.get('/admin/digests/999999')).statusCode).toBe(404)
})
