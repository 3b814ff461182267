import { afterAll, beforeAll, expect, test } from 'vitest'
import { findSubscriberByEmail } from '../../src/db/subscribers/subscribers.ts'
import { type BacktestSubscriber, backtest, type Like } from '../../src/digests/backtest.ts'
import { trainCorpusModel } from '../../src/jobs/trainCorpusModel.ts'
import { stem } from '../../src/ranking/language/stem.ts'
import { addExamples, forgetTerm, giveFeedback, resetTaste } from '../../src/subscribers/feedback.ts'
import { DEFAULTS } from '../../src/subscribers/preferences.ts'
import { signUp } from '../../src/subscribers/subscribing.ts'
import { corpusOf } from '../support/corpusModel.ts'
import { store } from '../support/listings.ts'
import { storedRows } from '../support/storedRows.ts'
import { openTestTools, type TestTools } from '../support/tools.ts'

let test_: TestTools
let subscriber: BacktestSubscriber
let bees: number[]

const topics = [{ name: 'Ice', query: 'glacier', quota: null }]
const span = { from: '2026-11-16', to: '2026-11-20' }
const run = (likes: Like[] = [], over: Partial<BacktestSubscriber> = {}) =>
  backtest(test_.tools.db, { ...subscriber, ...over }, span, likes)
const caught = async (likes: Like[]) =>
  Object.fromEntries((await run(likes)).settings.map((setting) => [setting.setting, setting.caught]))

beforeAll(async () => {
  test_ = await openTestTools('2026-11-01T00:00:00Z')
  // Older papers are what the corpus model learns from; ten are listed on each of the days.
  await store(test_.tools, '2026-10-01', corpusOf(540, 1))
  for (let day = 16; day <= 20; day++)
    await store(test_.tools, `2026-11-${day}`, corpusOf(12, 1000 + day * 12), {
      observedAt: new Date(`2026-11-${day}T01:00:00Z`),
    })
  test_.setNow('2026-11-23T09:00:00Z')
  await trainCorpusModel.run({ tick: '' }, test_.tools)
  await signUp(test_.tools, {
    ...DEFAULTS,
    email: 'ice@example.org',
    topics,
    source: 'command line',
    confirmed: true,
  })
  const { id } = (await findSubscriberByEmail(test_.tools.db, 'ice@example.org'))!
  subscriber = { id, max: 3, topics, timeZone: 'UTC', sendAt: '08:00', weekdays: [1, 2, 3, 4, 5, 6, 7] }
  const rows = await test_.tools.db
    .selectFrom('papers')
    .innerJoin('sightings', 'sightings.paper_id', 'papers.id')
    .select(['papers.id', 'day'])
    .where('title', 'like', '%of bees%')
    .where('day', '>=', '2026-11-16')
    .orderBy('day')
    .orderBy('papers.id')
    .execute()
  bees = rows.map((row) => row.id)
})
afterAll(() => test_.close())

test('a digest for each day, of papers listed by then, none twice, and nothing is stored', async () => {
  const before = await storedRows(test_.tools.db)
  const { days } = await run()
  expect(days.map(({ on }) => on)).toEqual([
    '2026-11-16',
    '2026-11-17',
    '2026-11-18',
    '2026-11-19',
    '2026-11-20',
  ])
  const items = days.flatMap((day) => day.items.map((item) => ({ ...item, on: day.on })))
  expect(items.length).toBeGreaterThan(5)
  expect(new Set(items.map(({ paperId }) => paperId)).size).toBe(items.length)
  expect(items.every(({ title, reasons }) => title.includes('glacier') && reasons.length > 0)).toBe(true)
  const listed = await test_.tools.db.selectFrom('sightings').select(['paper_id', 'day']).execute()
  const dayOf = new Map(listed.map(({ paper_id, day }) => [paper_id, day]))
  expect(items.filter(({ paperId, on }) => dayOf.get(paperId)! > on)).toEqual([])
  expect(await run()).toEqual(await run())
  expect(await storedRows(test_.tools.db)).toEqual(before)
})

test('only on the weekdays of the subscriber', async () => {
  const { days } = await run([], { weekdays: [2, 4] })
  expect(days.map(({ on }) => on)).toEqual(['2026-11-17', '2026-11-19'])
})

test('what was liked before a day is its taste, what was liked later is what can be caught', async () => {
  const likes = bees.map((paperId) => ({ paperId, likedAt: new Date('2026-11-25T00:00:00Z') }))
  const { likedLater } = await run(likes)
  expect(likedLater).toBe(bees.length)
  // Without any like before the end, a taste for bees cannot be known: the future is not looked into.
  const blind = await caught(likes)
  expect(blind['topics, taste']).toBe(blind['topics only'])
  const early = likes.map((like) => ({ ...like, likedAt: new Date('2026-11-15T00:00:00Z') }))
  expect(await run(early)).toMatchObject({ likedLater: 0 })
  const bee = bees.slice(0, 1).map((paperId) => ({ paperId, likedAt: new Date('2026-11-18T12:00:00Z') }))
  expect(await run(bee)).toMatchObject({ likedLater: 1 })
  // Liked before a day, a paper is not sent on it, though it would fit.
  const some = await run([], { topics: [{ name: 'Bees', query: 'bees', quota: null }] })
  expect(some.days[0]!.items.length).toBeGreaterThan(0)
  const liked = await run(early, { topics: [{ name: 'Bees', query: 'bees', quota: null }] })
  const sent = liked.days.flatMap(({ items }) => items.map(({ paperId }) => paperId))
  expect(sent.filter((paperId) => bees.includes(paperId))).toEqual([])
})

test('upvotes count as they stood that day', async () => {
  const { db } = test_.tools
  const before = await run([], { trendWeight: 1 })
  const last = before.days.flatMap(({ items }) => items).at(-1)!
  const sighting = await db
    .selectFrom('sightings')
    .selectAll()
    .where('paper_id', '=', last.paperId)
    .executeTakeFirstOrThrow()
  await db
    .insertInto('sightings')
    .values({
      paper_id: last.paperId,
      source_id: sighting.source_id,
      listed_on: sighting.listed_on,
      observed_at: new Date('2026-11-22T00:00:00Z'),
      upvotes: 9_999,
    })
    .execute()
  await db.updateTable('papers').set({ upvotes: 9_999 }).where('id', '=', last.paperId).execute()
  expect(await run([], { trendWeight: 1 })).toEqual(before)
})

test('a topic that cannot be read is named', async () => {
  await expect(run([], { topics: [{ name: 'Bad', query: '"ice', quota: null }] })).rejects.toThrow(
    /^Topic “Bad”: Expected a closing quote/,
  )
})

test('a day knows what was said and pasted before it, and no word that is forgotten by now', async () => {
  const { tools } = test_
  const email = 'taught@example.org'
  await signUp(tools, { ...DEFAULTS, email, topics, source: 'command line', confirmed: true })
  const { id } = (await findSubscriberByEmail(tools.db, email))!
  const days = async () => (await run([], { id })).days
  const before = new Date('2026-11-10T00:00:00Z')
  const after = new Date('2026-11-25T00:00:00Z')
  const untaught = await days()
  const unwanted = untaught[0]!.items[0]!.paperId
  const say = (at: Date) => giveFeedback(tools.db, { subscriberId: id, paperId: unwanted, kind: 'less' }, at)
  const text = 'Meltwater of glaciers\nCrevasse and moraine.'

  await say(after)
  await addExamples(tools.db, id, text, after)
  expect(await days()).toEqual(untaught)

  await resetTaste(tools.db, id)
  await say(before)
  const known = (await days()).flatMap(({ items }) => items.map(({ paperId }) => paperId))
  expect(known).not.toContain(unwanted)

  await addExamples(tools.db, id, text, before)
  const reasons = async () =>
    JSON.stringify((await days()).map(({ items }) => items.map((item) => item.reasons)))
  expect(await reasons()).toMatch(/close to “[^”]*”, one of your examples: [^"]*moraine/)
  await forgetTerm(tools.db, id, stem('moraine'))
  expect(await reasons()).toContain('one of your examples')
  expect(await reasons()).not.toMatch(/one of your examples: [^"]*moraine/)
})
