import { afterAll, beforeAll, expect, test } from 'vitest'
import { listAudit } from '../../src/db/audit.ts'
import { findSubscriber } from '../../src/db/subscribers/subscribers.ts'
import { createToken } from '../../src/db/subscribers/tokens.ts'
import { listTopics } from '../../src/db/subscribers/topics.ts'
import { erase, pause, resubscribe, savePreferences, unsubscribe } from '../../src/subscribers/membership.ts'
import { DEFAULTS } from '../../src/subscribers/preferences.ts'
import { confirm, findWish, signUp } from '../../src/subscribers/subscribing.ts'
import { openTestTools, type TestTools } from '../support/tools.ts'

let test_: TestTools
beforeAll(async () => {
  test_ = await openTestTools()
})
afterAll(() => test_.close())

const ICE = { name: 'Ice', query: 'glaciers', quota: null }
const enlist = (email: string, changes = {}) =>
  signUp(test_.tools, {
    ...DEFAULTS,
    topics: [ICE],
    ...changes,
    email,
    source: 'command line',
    confirmed: true,
  })

test('an operator signs up whom they vouch for at once, and again without a second first digest', async () => {
  const first = await enlist('ann@example.org')
  expect(first).toEqual({
    outcome: 'confirmed',
    subscriberId: expect.any(Number),
    next: [{ name: 'planDigests', payload: { tick: '2026-11-20T09:00:00.000Z' } }],
  })
  const again = await enlist('ann@example.org', { topics: [{ ...ICE, query: 'fjords' }], sendAt: '06:15' })
  expect(again).toEqual({ ...first, next: [] })
  expect(await listTopics(test_.tools.db, first.subscriberId!)).toEqual([{ ...ICE, query: 'fjords' }])
  expect((await findSubscriber(test_.tools.db, first.subscriberId!))?.send_at).toBe('06:15')
})

test('sign-ups of one address at the same moment make one subscriber and ask for one mail', async () => {
  const request = { ...DEFAULTS, topics: [ICE], email: 'race@example.org', source: 'web' as const }
  const answers = await Promise.all(Array.from({ length: 6 }, () => signUp(test_.tools, request)))
  expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['asked', ...Array(5).fill('throttled')])
  expect(new Set(answers.map(({ subscriberId }) => subscriberId)).size).toBe(1)
})

test('two confirmations of one token at the same moment count once', async () => {
  const request = { ...DEFAULTS, topics: [], email: 'twice@example.org', source: 'web' as const }
  const { subscriberId } = await signUp(test_.tools, request)
  const token = await createToken(
    test_.tools.db,
    { purpose: 'confirm', subscriberId: subscriberId! },
    test_.tools.now(),
  )
  const answers = await Promise.all([confirm(test_.tools, token), confirm(test_.tools, token)])
  expect(answers.map((answer) => answer?.next.length).sort()).toEqual([0, 1])
  expect(answers.map((answer) => answer?.subscriber.status)).toEqual(['active', 'active'])
})

const OTHER = { name: 'Robots', query: 'robot', quota: null }
const typed = (email: string, changes = {}) =>
  signUp(test_.tools, {
    ...DEFAULTS,
    topics: [OTHER],
    timeZone: 'Pacific/Apia',
    ...changes,
    email,
    source: 'web',
  })
const confirmNow = async (subscriberId: number) => {
  const target = { purpose: 'confirm', subscriberId } as const
  return confirm(test_.tools, await createToken(test_.tools.db, target, test_.tools.now()))
}
const stands = async (subscriberId: number) => ({
  topics: await listTopics(test_.tools.db, subscriberId),
  ...(await findSubscriber(test_.tools.db, subscriberId))!,
})

test.each(['active', 'paused', 'unsubscribed'])(
  'a stranger’s sign-up changes nothing of one who is %s',
  async (status) => {
    const { subscriberId } = await enlist(`${status}@example.org`)
    if (status === 'paused') await pause(test_.tools, subscriberId!)
    if (status === 'unsubscribed') await unsubscribe(test_.tools, subscriberId!)
    const before = await stands(subscriberId!)
    await typed(`${status}@example.org`)
    const {
      confirmation_asked_at: _asked,
      confirmation_sent_at: _sent,
      updated_at: _at,
      ...after
    } = await stands(subscriberId!)
    expect(before).toMatchObject(after)
    expect(after.status).toBe(status)
  },
)

test('who left and confirms gets what was typed last, and who subscribes again gets what they had', async () => {
  const { subscriberId } = await enlist('left@example.org')
  await unsubscribe(test_.tools, subscriberId!)
  await typed('left@example.org')
  await resubscribe(test_.tools, subscriberId!)
  expect(await stands(subscriberId!)).toMatchObject({ status: 'active', topics: [ICE], time_zone: 'UTC' })
  await unsubscribe(test_.tools, subscriberId!)
  await typed('left@example.org')
  await confirmNow(subscriberId!)
  expect(await stands(subscriberId!)).toMatchObject({
    status: 'active',
    topics: [OTHER],
    time_zone: 'Pacific/Apia',
  })
})

test('the newest typed counts, also where no second mail goes out', async () => {
  const first = await typed('zoe@example.org', { topics: [ICE] })
  expect(await typed('zoe@example.org', { timeZone: 'Europe/Berlin' })).toMatchObject({
    outcome: 'throttled',
  })
  expect(await findWish(test_.tools.db, first.subscriberId!)).toMatchObject({ topics: [OTHER] })
  await confirmNow(first.subscriberId!)
  expect(await stands(first.subscriberId!)).toMatchObject({ topics: [OTHER], time_zone: 'Europe/Berlin' })
  expect(await findWish(test_.tools.db, first.subscriberId!)).toBeUndefined()
})

test('preferences saved while paused do not end the pause', async () => {
  const { subscriberId } = await enlist('paused@example.org')
  await pause(test_.tools, subscriberId!)
  await savePreferences(test_.tools, subscriberId!, { ...DEFAULTS, topics: [], sendAt: '10:00' })
  expect(await findSubscriber(test_.tools.db, subscriberId!)).toMatchObject({
    status: 'paused',
    next_digest_at: null,
    send_at: '10:00',
  })
})

test('the audit tells who did what to whom, by number, and never names an address', async () => {
  const { subscriberId } = await enlist('trail@example.org')
  await pause(test_.tools, subscriberId!)
  await unsubscribe(test_.tools, subscriberId!)
  await unsubscribe(test_.tools, subscriberId!)
  await erase(test_.tools, subscriberId!)
  await erase(test_.tools, subscriberId!)
  const trail = (await listAudit(test_.tools.db, 100)).filter(
    (entry) => entry.subject === `subscriber ${subscriberId}`,
  )
  expect(trail.map(({ actor, action }) => `${actor}: ${action}`).reverse()).toEqual([
    'command line: confirmed',
    'subscriber: paused',
    'subscriber: unsubscribed',
    'subscriber: deleted their data',
  ])
  expect(JSON.stringify(trail)).not.toContain('trail@')
})

test('the audit tells a sign-up at the command line from one on the web', async () => {
  for (const source of ['command line', 'web'] as const) {
    const request = { ...DEFAULTS, topics: [ICE], email: `${source.slice(0, 3)}@example.org`, source }
    const { subscriberId } = await signUp(test_.tools, request)
    const [entry] = await listAudit(test_.tools.db, 1)
    expect(entry).toMatchObject({ actor: source, action: 'signed up', subject: `subscriber ${subscriberId}` })
  }
})

test('what is done to somebody who is gone does nothing', async () => {
  await savePreferences(test_.tools, 999_999, { ...DEFAULTS, topics: [ICE] })
  await pause(test_.tools, 999_999)
  expect(await listTopics(test_.tools.db, 999_999)).toEqual([])
})
