import { afterAll, beforeAll, expect, test } from 'vitest'
import { insertMailEvent, insertReportedEvent } from '../../src/db/mail/mailEvents.ts'
import { findSubscriber } from '../../src/db/subscribers/subscribers.ts'
import { listTimeline } from '../../src/db/subscribers/subscriberViews.ts'
import { runToEnd } from '../../src/jobs/pipeline.ts'
import { findSuppression, liftSuppression, listDirectory, suppress } from '../../src/subscribers/directory.ts'
import { erase, unsubscribe } from '../../src/subscribers/membership.ts'
import { DEFAULTS } from '../../src/subscribers/preferences.ts'
import { resendConfirmation, signUp } from '../../src/subscribers/subscribing.ts'
import { openTestTools, type TestTools } from '../support/tools.ts'

let test_: TestTools
beforeAll(async () => {
  test_ = await openTestTools()
})
afterAll(() => test_.close())

const enlist = async (email: string, confirmed = true) => {
  const wish = { ...DEFAULTS, topics: [], email, source: 'command line' as const, confirmed }
  return (await signUp(test_.tools, wish)).subscriberId!
}
const OPERATOR = { actor: 'command line', cause: 'operator', reason: 'asked by phone' } as const
const emails = async (query: Partial<Parameters<typeof listDirectory>[1]>) =>
  (await listDirectory(test_.tools, { limit: 10, search: '@list.example', ...query })).map(
    ({ email }) => email,
  )

test('the directory lists the newest first, by page, status, part of the address and suppression', async () => {
  const ids: number[] = []
  for (const name of ['Ann', 'ben_x', 'cleo', 'dora']) ids.push(await enlist(`${name}@list.example`))
  await unsubscribe(test_.tools, ids[1]!)
  await suppress(test_.tools, 'ANN@list.example', OPERATOR)
  expect(await emails({})).toEqual([
    'dora@list.example',
    'cleo@list.example',
    'ben_x@list.example',
    'Ann@list.example',
  ])
  expect(await emails({ limit: 1, before: ids[3]! })).toEqual(['cleo@list.example'])
  expect(await emails({ status: 'unsubscribed' })).toEqual(['ben_x@list.example'])
  expect(await emails({ search: 'n_x@' })).toEqual(['ben_x@list.example'])
  expect(await emails({ search: '%' })).toEqual([])
  expect(await emails({ suppressed: true, limit: 1 })).toEqual(['Ann@list.example'])
})

test('a suppression is set once, is told, outlives deletion, and is lifted', async () => {
  const id = await enlist('eve@example.org')
  expect(await suppress(test_.tools, 'eve@example.org', OPERATOR)).toBe(true)
  expect(await suppress(test_.tools, 'Eve@example.org', { ...OPERATOR, reason: 'again' })).toBe(false)
  const told = (await listTimeline(test_.tools.db, id, 9)).map(({ what, who, detail }) => [what, who, detail])
  expect(told).toContainEqual(['suppressed', 'command line', 'asked by phone'])
  await erase(test_.tools, id, 'command line')
  expect(await findSuppression(test_.tools, 'eve@example.org')).toMatchObject({ reason: 'asked by phone' })
  expect(await liftSuppression(test_.tools, 'eve@example.org', 'command line')).toMatchObject({
    cause: 'operator',
  })
  expect(await liftSuppression(test_.tools, 'eve@example.org', 'command line')).toBeUndefined()
})

test('an address without a subscriber is suppressed too, and gets no confirmation', async () => {
  await suppress(test_.tools, 'stranger@example.org', OPERATOR)
  const wish = { ...DEFAULTS, topics: [], email: 'stranger@example.org', source: 'web' as const }
  expect(await signUp(test_.tools, wish)).toMatchObject({ outcome: 'suppressed', next: [] })
})

test('the timeline has what the relay said, what came back and what was done; a report counts once', async () => {
  const { db, now } = test_.tools
  const id = await enlist('tim@example.org')
  const event = { digest_id: null, subscriber_id: id, at: new Date(now().getTime() + 1000) }
  await insertMailEvent(db, { ...event, kind: 'accepted', detail: '250 2.0.0 queued' })
  const later = new Date(now().getTime() + 5000)
  const bounce = { ...event, kind: 'bounced', source: 'report', status: '5.1.1', report: 'r1' } as const
  expect(await insertReportedEvent(db, { ...bounce, at: later, detail: 'no such user' })).toBe(true)
  expect(await insertReportedEvent(db, { ...bounce, at: later, detail: 'no such user' })).toBe(false)
  const timeline = await listTimeline(db, id, 9)
  expect(timeline.map(({ what, who, status }) => [what, who, status])).toEqual([
    ['bounced', 'report', '5.1.1'],
    ['accepted', 'relay', null],
    ['confirmed', 'command line', null],
  ])
})

test('the operator has the mail sent again at once, however often it was asked for', async () => {
  const id = await enlist('slow@example.org', false)
  for (const second of ['09:00:01', '09:00:02']) {
    test_.setNow(`2026-11-20T${second}Z`)
    const { outcome, next } = await resendConfirmation(test_.tools, id, 'command line')
    expect(outcome).toBe('asked')
    await runToEnd(next, test_.tools)
  }
  const got = test_.mail.mails.filter(({ rcptTo }) => rcptTo.includes('slow@example.org'))
  expect(got.map(({ parsed }) => parsed.subject)).toEqual(
    Array(2).fill('Confirm your subscription to Paperboy'),
  )
  expect((await findSubscriber(test_.tools.db, id))?.status).toBe('pending')
  await suppress(test_.tools, 'slow@example.org', OPERATOR)
  expect(await resendConfirmation(test_.tools, id, 'command line')).toEqual({
    outcome: 'suppressed',
    next: [],
  })
  expect(await resendConfirmation(test_.tools, 987654, 'command line')).toEqual({
    outcome: 'unknown',
    next: [],
  })
})
