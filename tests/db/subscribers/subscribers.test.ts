import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Db } from '../../../src/db/engine/connect.ts'
import type { NewSubscriber } from '../../../src/db/subscribers/subscribers.ts'
import {
  claimConfirmation,
  deleteUnconfirmedSubscribers,
  findSubscriber,
  findSubscriberByEmail,
  insertSubscriber,
  listUnsentConfirmations,
  releaseConfirmation,
  takeDueSubscribers,
} from '../../../src/db/subscribers/subscribers.ts'
import { listTopics, listTopicsOf, replaceTopics } from '../../../src/db/subscribers/topics.ts'
import type { Topic } from '../../../src/domain.ts'
import { openTestDatabase, type TestDatabase } from '../../support/database.ts'

const NOW = new Date('2026-11-20T09:00:00Z')
const before = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000)

let database: TestDatabase
let db: Db
beforeAll(async () => {
  database = await openTestDatabase()
  db = database.db
})
afterAll(() => database.close())
beforeEach(async () => {
  await db.deleteFrom('subscribers').execute()
})

const insert = (email: string, columns: Partial<NewSubscriber> = {}) =>
  db
    .transaction()
    .execute((tx) => insertSubscriber(tx, { email, status: 'active', consent_source: 'web', ...columns }))

test('one mailbox is one subscriber, however its case is typed', async () => {
  const first = await insert('Ann@Example.org')
  expect(await insert('ann@example.ORG')).toBeUndefined()
  expect((await findSubscriberByEmail(db, 'ANN@example.org'))?.id).toBe(first!.id)
  expect(first!.email).toBe('Ann@Example.org')
})

test('two who insert the same address at once: one row, no error', async () => {
  const rows = await Promise.all(Array.from({ length: 8 }, () => insert('race@example.org')))
  expect(rows.filter((row) => row !== undefined)).toHaveLength(1)
})

test('due are the active whose time has come, the longest due first', async () => {
  await insert('late@example.org', { next_digest_at: before(60) })
  await insert('now@example.org', { next_digest_at: NOW })
  await insert('soon@example.org', { next_digest_at: new Date(NOW.getTime() + 1) })
  await insert('paused@example.org', { status: 'paused', next_digest_at: before(5) })
  await insert('never@example.org')
  const take = (limit: number) => db.transaction().execute((tx) => takeDueSubscribers(tx, NOW, limit))
  expect((await take(10)).map((row) => row.email)).toEqual(['late@example.org', 'now@example.org'])
  expect((await take(1)).map((row) => row.email)).toEqual(['late@example.org'])
})

test('a mail that was asked for is taken once, given back, and taken again; a newer request takes its place', async () => {
  const { id } = (await insert('ann@example.org', { status: 'pending', confirmation_asked_at: before(10) }))!
  const claim = (askedAt: Date) => claimConfirmation(db, id, askedAt, NOW).then((row) => row !== undefined)
  expect([await claim(before(10)), await claim(before(10)), await claim(before(99))]).toEqual([
    true,
    false,
    false,
  ])
  await releaseConfirmation(db, id, before(99))
  expect(await claim(before(10))).toBe(false)
  await releaseConfirmation(db, id, before(10))
  expect(await claim(before(10))).toBe(true)
})

test('the sweep finds mails asked for today that nobody took', async () => {
  const forgotten = (await insert('a@example.org', { confirmation_asked_at: before(20) }))!
  const again = (await insert('b@example.org', {
    confirmation_asked_at: before(30),
    confirmation_sent_at: before(90),
  }))!
  await insert('sent@example.org', { confirmation_asked_at: before(20), confirmation_sent_at: before(19) })
  await insert('fresh@example.org', { confirmation_asked_at: before(1) })
  await insert('old@example.org', { confirmation_asked_at: before(25 * 60 + 60) })
  expect(await listUnsentConfirmations(db, before(5), 10)).toEqual([
    { subscriberId: again.id, askedAt: before(30).toISOString() },
    { subscriberId: forgotten.id, askedAt: before(20).toISOString() },
  ])
})

test('who never confirmed is forgotten, who once did is not', async () => {
  const gone = (await insert('gone@example.org', { status: 'pending', confirmation_asked_at: before(100) }))!
  const asked = (await insert('asked@example.org', { status: 'pending', confirmation_asked_at: before(10) }))!
  const back = (await insert('back@example.org', {
    status: 'pending',
    confirmation_asked_at: before(100),
    confirmed_at: before(999),
  }))!
  expect(await deleteUnconfirmedSubscribers(db, before(60))).toBe(1)
  const left = await Promise.all([gone, asked, back].map(({ id }) => findSubscriber(db, id)))
  expect(left.map((row) => row?.email)).toEqual([undefined, 'asked@example.org', 'back@example.org'])
})

test('topics keep their order, and those of others stay', async () => {
  const [ann, bob] = [(await insert('ann@example.org'))!, (await insert('bob@example.org'))!]
  const topics = [
    { name: 'Zebra', query: 'zebra', quota: 2 },
    { name: 'Ant', query: 'ant', quota: null },
  ]
  const replace = (id: number, list: typeof topics) =>
    db.transaction().execute((tx) => replaceTopics(tx, id, list))
  await replace(ann.id, topics)
  await replace(bob.id, [topics[1]!])
  await replace(ann.id, topics.toReversed())
  expect(await listTopics(db, ann.id)).toEqual(topics.toReversed())
  expect(await listTopicsOf(db, [ann.id, bob.id, 999])).toEqual(
    new Map([
      [ann.id, topics.toReversed()],
      [bob.id, [topics[1]]],
      [999, []],
    ]),
  )
  await replace(ann.id, [])
  expect([await listTopics(db, ann.id), (await listTopics(db, bob.id)).length]).toEqual([[], 1])
})

test('how picky a topic is stays, until something else is said', async () => {
  const ann = (await insert('ann@example.org'))!
  const replace = (list: Topic[]) => db.transaction().execute((tx) => replaceTopics(tx, ann.id, list))
  const ant: Topic = { name: 'Ant', query: 'ant', quota: null }
  await replace([{ ...ant, pickiness: 'surely' }])
  expect(await listTopics(db, ann.id)).toEqual([{ ...ant, pickiness: 'surely' }])
  await replace([
    { ...ant, query: 'ants' },
    { name: 'Bee', query: 'bee', quota: null },
  ])
  const [first, second] = await listTopics(db, ann.id)
  expect([first!.pickiness, second!.pickiness]).toEqual(['surely', undefined])
  await replace([{ ...ant, pickiness: 'balanced' }])
  expect(await listTopics(db, ann.id)).toEqual([ant])
})
