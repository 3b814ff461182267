import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { findJoinedTo, listMerges } from '../../src/db/papers/paperMerges.ts'
import { findPaper } from '../../src/db/papers/papers.ts'
import type { Entry } from '../../src/domain.ts'
import { splitPaper } from '../../src/ingest/splitPaper.ts'
import { runToEnd } from '../../src/jobs/pipeline.ts'
import { parseTopicOption } from '../../src/ranking/language/topicOption.ts'
import { DEFAULTS } from '../../src/subscribers/preferences.ts'
import { signUp } from '../../src/subscribers/subscribing.ts'
import { store } from '../support/listings.ts'
import { clearRows } from '../support/storedRows.ts'
import { openTestTools, type TestTools } from '../support/tools.ts'

let test_: TestTools
beforeAll(async () => {
  test_ = await openTestTools()
})
afterAll(() => test_.close())
beforeEach(async () => {
  await clearRows(test_.tools.db)
  test_.setNow('2026-11-23T12:00:00Z')
})

const AUTHORS = ['Ann Ode', 'Bo Li', 'Cy Day']
const BY_ARXIV: Entry = {
  title: 'Mapping the Deep Sea with Small Robots',
  authors: AUTHORS,
  arxivId: '2611.00001',
  upvotes: 5,
}
const BY_DOI: Entry = {
  title: 'A Sonar Atlas of the Deep Sea by Robots',
  authors: AUTHORS,
  doi: '10.1145/1',
  organization: 'Sea Lab',
  upvotes: 7,
}
const BOTH: Entry = { ...BY_ARXIV, doi: '10.1145/1' }
const RETOLD: Entry = {
  title: 'Mapping the deep-sea with small robot',
  authors: ['A. Ode', 'B. Li', 'C. Day'],
}

const db = () => test_.tools.db
const save = (entries: Entry[], day = '2026-11-20', format = 'hf-page') =>
  store(test_.tools, day, entries, { format, observedAt: new Date(`${day}T09:00:00Z`) })

async function papers() {
  return db().selectFrom('papers').selectAll().orderBy('id').execute()
}

async function sightingsBy() {
  const rows = await db()
    .selectFrom('sightings')
    .innerJoin('papers', 'papers.id', 'paper_id')
    .select(['papers.title', 'day', 'sightings.upvotes'])
    .orderBy('papers.id')
    .orderBy('day')
    .orderBy('sightings.upvotes')
    .execute()
  return rows.map(({ title, day, upvotes }) => `${day} ${upvotes} ${title}`)
}

/** Everything that a repeated step must leave alone. */
async function everything() {
  const all: Record<string, unknown> = {}
  for (const table of [
    'papers',
    'paper_keys',
    'blocking_keys',
    'sightings',
    'paper_merges',
    'digest_items',
    'digests',
  ] as const) {
    const rows = await db().selectFrom(table).selectAll().execute()
    all[table] = rows.map((row) => JSON.stringify(row)).sort()
  }
  return all
}

/** A subscriber of everything on the sea, from that day on. */
async function enlist(email: string): Promise<number> {
  test_.setNow('2026-11-20T07:00:00Z')
  const topics = [parseTopicOption('Sea=deep sea')]
  const request = { ...DEFAULTS, email, topics, source: 'command line' as const, confirmed: true }
  return (await signUp(test_.tools, request)).subscriberId!
}

/** The subscriber's digest of that day, with everything run that is due. */
async function digestOf(subscriberId: number, day: string) {
  test_.setNow(`${day}T09:30:00Z`)
  await runToEnd([{ name: 'planDigests', payload: { tick: `${day}T09:30:00.000Z` } }], test_.tools)
  return digestRow(subscriberId, day)
}

function digestRow(subscriberId: number, day: string) {
  return db()
    .selectFrom('digests')
    .select(['id', 'status', 'reason'])
    .where('subscriber_id', '=', subscriberId)
    .where('local_date', '=', day)
    .executeTakeFirstOrThrow()
}

async function onlyMerge() {
  const [paper] = await papers()
  const merges = await listMerges(db(), paper!.id)
  expect(merges).toHaveLength(1)
  return merges[0]!
}

describe('an entry that is like a stored paper', () => {
  test('is that paper, and why is kept; again, it changes nothing', async () => {
    await save([BY_ARXIV])
    expect(await save([RETOLD], '2026-11-21', 'text-dump')).toMatchObject({ new: 0 })
    expect(await papers()).toHaveLength(1)
    expect((await onlyMerge()).why).toBe('titles alike, author ode')
    const before = await everything()
    expect(await save([RETOLD], '2026-11-21', 'text-dump')).toMatchObject({ new: 0, unchanged: 1 })
    expect(await save([BY_ARXIV])).toMatchObject({ unchanged: 1 })
    expect(await everything()).toEqual(before)
  })

  test('two entries of one listing that are one paper are one, with both observations', async () => {
    expect(await save([BY_ARXIV, { ...RETOLD, upvotes: 6 }])).toMatchObject({ new: 1 })
    expect(await papers()).toHaveLength(1)
    expect(await sightingsBy()).toHaveLength(2)
  })

  test('split, it stands apart with its sightings, and stays so when the listing comes again', async () => {
    await save([BY_ARXIV])
    await save([{ ...RETOLD, upvotes: 9, organization: 'Other Lab' }], '2026-11-21', 'text-dump')
    const { id, paperId } = await onlyMerge()
    const split = await splitPaper(db(), id, test_.tools.now())
    expect(split).toMatchObject({ paperId })
    const [first, second] = await papers()
    expect([first!.title, first!.organization, first!.upvotes]).toEqual([BY_ARXIV.title, null, 5])
    expect([second!.title, second!.organization, second!.upvotes]).toEqual([RETOLD.title, 'Other Lab', 9])
    expect(await sightingsBy()).toEqual([`2026-11-20 5 ${BY_ARXIV.title}`, `2026-11-21 9 ${RETOLD.title}`])
    const before = await everything()
    await save([{ ...RETOLD, upvotes: 9, organization: 'Other Lab' }], '2026-11-21', 'text-dump')
    await save([BY_ARXIV])
    expect(await everything()).toEqual(before)
    await save([RETOLD], '2026-11-22', 'text-dump')
    expect(await papers()).toHaveLength(2)
    expect(await listMerges(db(), paperId)).toEqual([])
  })

  test('a second split of the same merge does nothing', async () => {
    await save([BY_ARXIV])
    await save([RETOLD], '2026-11-21', 'text-dump')
    const { id } = await onlyMerge()
    await splitPaper(db(), id, test_.tools.now())
    const before = await everything()
    expect(await splitPaper(db(), id, test_.tools.now())).toBeUndefined()
    expect(await everything()).toEqual(before)
  })

  test('what changed since the merge does not go back', async () => {
    await save([BY_ARXIV])
    await save([{ ...RETOLD, upvotes: 9 }], '2026-11-21', 'text-dump')
    await save([{ ...BY_ARXIV, upvotes: 12 }], '2026-11-22')
    await splitPaper(db(), (await onlyMerge()).id, test_.tools.now())
    const [first] = await papers()
    expect(first!.upvotes).toBe(12)
  })
})

describe('an entry that is two stored papers', () => {
  beforeEach(async () => {
    await save([BY_ARXIV])
    await save([BY_DOI], '2026-11-21')
    expect(await papers()).toHaveLength(2)
  })

  test('joins them: the older stays with all sightings and keys, and the other’s address leads to it', async () => {
    const [older, newer] = await papers()
    await save([BOTH], '2026-11-22')
    expect((await papers()).map(({ id, doi, arxiv_id }) => [id, doi, arxiv_id])).toEqual([
      [older!.id, '10.1145/1', '2611.00001'],
    ])
    expect(await sightingsBy()).toHaveLength(3)
    expect(await findJoinedTo(db(), [newer!.id])).toEqual(new Map([[newer!.id, older!.id]]))
    const before = await everything()
    for (const [entry, day] of [
      [BY_ARXIV, '2026-11-20'],
      [BY_DOI, '2026-11-21'],
      [BOTH, '2026-11-22'],
    ] as const) {
      await save([entry], day)
    }
    const after = await everything()
    expect({ ...after, blocking_keys: [] }).toEqual({ ...before, blocking_keys: [] })
  })

  test('a title that only the joined paper was known by still leads to the one that stays', async () => {
    await save([BOTH], '2026-11-22')
    await save(
      [{ title: 'A Sonar Atlas of the Deep-Sea by Robots', authors: AUTHORS }],
      '2026-11-23',
      'text-dump',
    )
    expect(await papers()).toHaveLength(1)
  })

  test('split, both are what they were, under their old numbers, and the entry that tied them does not join them again', async () => {
    const before = await papers()
    await save([BOTH], '2026-11-22')
    const join = (await listMerges(db(), before[0]!.id)).find(({ joinedId }) => joinedId !== null)!
    expect(await splitPaper(db(), join.id, test_.tools.now())).toEqual({
      paperId: before[0]!.id,
      splitId: before[1]!.id,
    })
    const after = await papers()
    expect(after.map(({ id, title, organization }) => [id, title, organization])).toEqual(
      before.map(({ id, title, organization }) => [id, title, organization]),
    )
    expect((await sightingsBy()).slice(-1)).toEqual([`2026-11-21 7 ${BY_DOI.title}`])
    await save([BY_DOI], '2026-11-21')
    await save([BOTH], '2026-11-22')
    await save([BOTH], '2026-11-23')
    expect(await papers()).toHaveLength(2)
    expect(await findPaper(db(), before[1]!.id)).toMatchObject({ doi: '10.1145/1' })
  })

  test('unless nothing else about them is alike', async () => {
    await save([
      { title: 'Ballads of the Alpine Herdsmen, Volume Nine', authors: ['Eva Nagy'], doi: '10.1145/9' },
    ])
    await save([{ ...BY_ARXIV, doi: '10.1145/9' }], '2026-11-22')
    expect(await papers()).toHaveLength(3)
  })
})

describe('papers that were sent', () => {
  test('a subscriber who got both has one, is not sent it again, and has both again after a split', async () => {
    const subscriber = await enlist('both@example.org')
    await save([BY_ARXIV])
    await digestOf(subscriber, '2026-11-20')
    await save([BY_DOI], '2026-11-21')
    await digestOf(subscriber, '2026-11-21')
    const items = () =>
      db()
        .selectFrom('digest_items')
        .select(['digest_id', 'paper_id', 'reserved_for'])
        .orderBy('digest_id')
        .execute()
    const before = await items()
    expect(before).toHaveLength(2)
    const [kept] = await papers()
    await save([BOTH], '2026-11-22')
    expect(await items()).toEqual([before[0], { ...before[1], paper_id: kept!.id, reserved_for: null }])
    const none = await digestOf(subscriber, '2026-11-22')
    expect(none.status).toBe('skipped')
    const join = (await listMerges(db(), kept!.id)).find(({ joinedId }) => joinedId !== null)!
    await splitPaper(db(), join.id, test_.tools.now())
    expect(await items()).toEqual(before)
  })

  test('a subscriber who got one of two is not sent the other as its double', async () => {
    const subscriber = await enlist('one@example.org')
    await save([BY_DOI])
    await digestOf(subscriber, '2026-11-20')
    await save([BY_ARXIV], '2026-11-21')
    await save([BOTH], '2026-11-21')
    expect((await digestOf(subscriber, '2026-11-21')).status).toBe('skipped')
  })
})

describe('papers of a digest that is not sent yet', () => {
  const itemsOf = (digestId: number) =>
    db()
      .selectFrom('digest_items')
      .select('paper_id')
      .where('digest_id', '=', digestId)
      .orderBy('position')
      .execute()

  test('one that was sent before under another name goes; a digest without any is not sent', async () => {
    const subscriber = await enlist('waiting@example.org')
    await save([BY_ARXIV])
    await digestOf(subscriber, '2026-11-20')
    await save([BY_DOI], '2026-11-21')
    test_.refuse(() => ({ code: 451, text: 'try again later' }))
    await digestOf(subscriber, '2026-11-21')
    const waiting = await digestRow(subscriber, '2026-11-21')
    expect(waiting.reason).toContain('try again later')
    expect([waiting.status, await itemsOf(waiting.id)]).toMatchObject(['sending', [{}]])
    test_.refuse(undefined)
    await save([BOTH], '2026-11-21')
    const mails = test_.mail.mails.length
    await runToEnd([{ name: 'sendDigests', payload: { digestIds: [waiting.id] } }], test_.tools)
    expect(await digestRow(subscriber, '2026-11-21')).toMatchObject({
      status: 'skipped',
      reason: 'all its papers had been sent before',
    })
    expect(test_.mail.mails.length).toBe(mails)
  })

  test('a digest that has both keeps one, and gets the other back by a split', async () => {
    const subscriber = await enlist('twins@example.org')
    await save([BY_ARXIV])
    await save([BY_DOI])
    const digest = await digestOf(subscriber, '2026-11-20')
    const before = await itemsOf(digest.id)
    expect(before).toHaveLength(2)
    const [kept] = await papers()
    await save([BOTH], '2026-11-21')
    expect(await itemsOf(digest.id)).toEqual([{ paper_id: kept!.id }])
    const join = (await listMerges(db(), kept!.id)).find(({ joinedId }) => joinedId !== null)!
    await splitPaper(db(), join.id, test_.tools.now())
    expect(await itemsOf(digest.id)).toEqual(before)
  })
})

test('a subscriber’s digest that is composed while its papers are joined brings one of them', async () => {
  const subscribers = await Promise.all(['a', 'b', 'c'].map((name) => enlist(`${name}@race.example.org`)))
  await save([BY_ARXIV])
  await save([BY_DOI])
  test_.setNow('2026-11-20T09:30:00Z')
  const tick = { tick: '2026-11-20T09:30:00.000Z' }
  const composing = runToEnd([{ name: 'planDigests', payload: tick }], test_.tools).catch((error) => error)
  await Promise.all([composing, save([BOTH])])
  // What lost the race is tried again, as the queue would.
  const open = await db()
    .selectFrom('digests')
    .select('id')
    .where('status', 'in', ['planned', 'composing'])
    .execute()
  if (open.length > 0) {
    const digestIds = open.map(({ id }) => id)
    await runToEnd([{ name: 'composeDigests', payload: { digestIds } }], test_.tools)
  }
  const [kept, ...others] = await papers()
  expect(others).toEqual([])
  const items = await db()
    .selectFrom('digest_items')
    .select(['paper_id', 'reserved_for'])
    .orderBy('reserved_for')
    .execute()
  expect(items).toEqual(
    subscribers.sort((one, other) => one - other).map((id) => ({ paper_id: kept!.id, reserved_for: id })),
  )
})

test('two writers at once who find the same papers keep each once', async () => {
  const batch = (shift: number): Entry[] =>
    Array.from({ length: 20 }, (_, index) => ({
      title: `On the weather of valley ${index} in the northern mountains`,
      authors: [`Author${index} Name`],
      ...((index + shift) % 2 === 0
        ? { arxivId: `2611.1${String(index).padStart(4, '0')}` }
        : { doi: `10.1145/v${index}` }),
    }))
  await Promise.all([
    save(batch(0)),
    save(batch(1).reverse()),
    save(batch(0), '2026-11-21'),
    save(batch(1), '2026-11-21'),
  ])
  const stored = await papers()
  expect(stored).toHaveLength(20)
  expect(stored.filter(({ arxiv_id, doi }) => arxiv_id === null || doi === null)).toEqual([])
})
