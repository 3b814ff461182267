import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { listMerges } from '../../src/db/papers/paperMerges.ts'
import type { FeedbackKind } from '../../src/domain.ts'
import { PermanentError } from '../../src/errors.ts'
import { splitPaper } from '../../src/ingest/splitPaper.ts'
import {
  addExamples,
  forgetTerm,
  giveFeedback,
  listFeedback,
  resetTaste,
  takeBackFeedback,
} from '../../src/subscribers/feedback.ts'
import { erase, savePreferences } from '../../src/subscribers/membership.ts'
import { DEFAULTS, parsePreferences } from '../../src/subscribers/preferences.ts'
import { signUp } from '../../src/subscribers/subscribing.ts'
import { papersOn, store } from '../support/listings.ts'
import { clearRows } from '../support/storedRows.ts'
import { openTestTools, type TestTools } from '../support/tools.ts'

let test_: TestTools
let subscriber: number
let other: number
beforeAll(async () => {
  test_ = await openTestTools()
  subscriber = await enlist('reader@example.org')
  other = await enlist('other@example.org')
})
afterAll(() => test_.close())
beforeEach(async () => {
  await clearRows(db())
  await resetTaste(db(), subscriber)
  await resetTaste(db(), other)
})

const db = () => test_.tools.db
const NOON = new Date('2026-11-20T12:00:00Z')
const LATER = new Date('2026-11-21T12:00:00Z')

async function enlist(email: string): Promise<number> {
  const request = { ...DEFAULTS, email, topics: [], source: 'command line' as const, confirmed: true }
  return (await signUp(test_.tools, request)).subscriberId!
}

const give = (paperId: number, kind: FeedbackKind, at = NOON, subscriberId = subscriber) =>
  giveFeedback(db(), { subscriberId, paperId, kind }, at)

async function storedPapers(): Promise<number[]> {
  await store(test_.tools, '2026-11-20', papersOn('deep sea robots', 3))
  const rows = await db().selectFrom('papers').select('id').orderBy('id').execute()
  return rows.map(({ id }) => id)
}

async function rows() {
  const feedback = await db().selectFrom('feedback').selectAll().execute()
  const examples = await db().selectFrom('taste_examples').selectAll().execute()
  const subscribers = await db()
    .selectFrom('subscribers')
    .select(['id', 'forgotten_terms'])
    .orderBy('id')
    .execute()
  return [feedback, examples]
    .map((list) => list.map((row) => JSON.stringify(row)).sort())
    .concat([subscribers.map((row) => JSON.stringify(row))])
}

const kindsOf = async (subscriberId = subscriber) =>
  (await listFeedback(db(), subscriberId)).map(({ paperId, kind }) => [paperId, kind])

describe('what a subscriber says of a paper', () => {
  test('is listed newest first, with its title; said again, it changes nothing', async () => {
    const [one, two] = await storedPapers()
    await give(one!, 'saved')
    await give(two!, 'more', LATER)
    const before = await rows()
    await give(one!, 'saved', LATER)
    await give(two!, 'more')
    expect(await rows()).toEqual(before)
    expect(await listFeedback(db(), subscriber)).toEqual([
      { paperId: two, title: 'Study 00002 of deep sea robots', kind: 'more', at: LATER },
      { paperId: one, title: 'Study 00001 of deep sea robots', kind: 'saved', at: NOON },
    ])
    expect(await kindsOf(other)).toEqual([])
  })

  test('more and less take each other’s place, and leave what else was said', async () => {
    const [one] = await storedPapers()
    await give(one!, 'saved')
    await give(one!, 'more')
    await give(one!, 'less', LATER)
    expect(await kindsOf()).toEqual([
      [one, 'less'],
      [one, 'saved'],
    ])
    await give(one!, 'more', LATER)
    expect(await kindsOf()).toEqual([
      [one, 'more'],
      [one, 'saved'],
    ])
  })

  test('of two contrary things said at once one holds', async () => {
    const [one] = await storedPapers()
    await Promise.all([give(one!, 'more'), give(one!, 'less'), give(one!, 'more'), give(one!, 'less')])
    expect(await kindsOf()).toHaveLength(1)
  })

  test('can be taken back, twice without harm', async () => {
    const [one, two] = await storedPapers()
    await give(one!, 'more')
    await give(two!, 'more')
    for (let time = 0; time < 2; time++)
      await takeBackFeedback(db(), { subscriberId: subscriber, paperId: one!, kind: 'more' })
    expect(await kindsOf()).toEqual([[two, 'more']])
  })

  test('a paper that is not stored is refused in one line; a subscriber who is gone is no error', async () => {
    const [one] = await storedPapers()
    await expect(give(999_999, 'more')).rejects.toThrow('expected a stored paper, got number 999999')
    await expect(give(999_999, 'more')).rejects.toBeInstanceOf(PermanentError)
    await give(one!, 'more', NOON, 999_999)
    expect(await db().selectFrom('feedback').selectAll().execute()).toEqual([])
  })

  test('goes with the subscriber who has their data deleted, and no other', async () => {
    const [one] = await storedPapers()
    const leaving = await enlist('leaving@example.org')
    await give(one!, 'more', NOON, leaving)
    await give(one!, 'more')
    await addExamples(db(), leaving, 'Glaciers of the Alps', NOON)
    await erase(test_.tools, leaving)
    expect(await kindsOf()).toEqual([[one, 'more']])
    expect((await rows())[1]).toEqual([])
  })
})

describe('two papers that turn out to be one', () => {
  const byArxiv = {
    title: 'Mapping the Deep Sea with Small Robots',
    authors: ['Ann Ode'],
    arxivId: '2611.00001',
  }
  const byDoi = { title: 'A Sonar Atlas of the Deep Sea by Robots', authors: ['Ann Ode'], doi: '10.1145/1' }

  test('have what was said of both; split again, each has its own', async () => {
    await store(test_.tools, '2026-11-20', [byArxiv])
    await store(test_.tools, '2026-11-20', [byDoi])
    const papers = await db().selectFrom('papers').select('id').orderBy('id').execute()
    const [first, second] = papers.map(({ id }) => id)
    await give(first!, 'more')
    await give(second!, 'less', LATER)
    await give(second!, 'saved', LATER)
    await give(second!, 'opened', LATER, other)
    const before = await rows()
    await store(test_.tools, '2026-11-21', [{ ...byArxiv, doi: byDoi.doi }])
    const [joined] = await db().selectFrom('papers').select('id').execute()
    expect([first, second]).toContain(joined!.id)
    const goneId = joined!.id === first ? second! : first!
    const kinds = (await kindsOf()).map(([, kind]) => kind)
    expect(kinds).toContain('saved')
    expect(kinds.filter((kind) => kind === 'more' || kind === 'less')).toHaveLength(1)
    expect(await kindsOf(other)).toEqual([[joined!.id, 'opened']])
    // Who still sees the page of the one that went speaks of the one that stayed.
    await give(goneId, 'saved', LATER, other)
    expect(await kindsOf(other)).toContainEqual([joined!.id, 'saved'])
    await takeBackFeedback(db(), { subscriberId: other, paperId: goneId, kind: 'saved' })
    const merges = await listMerges(db(), joined!.id)
    const merge = merges.find(({ joinedId }) => joinedId === goneId) ?? merges[0]!
    await splitPaper(db(), merge.id, LATER)
    expect(await rows()).toEqual(before)
  })
})

describe('pasted text', () => {
  const BIB = `
@string{jmlr = "Journal of Machine Learning Research"}
@comment{not a paper}
@article{one, title = {Study 00001 of {Deep} Sea Robots}, eprint = {2611.00001}, archivePrefix = {arXiv}, journal = jmlr}
@inproceedings{two,
  author = {M{\\"u}ller, Ann},
  title = "On the Fr{\\'e}chet distance between gla{\\c c}iers",
  abstract = {Meltwater runs off.},
  doi = {10.9999/unknown}
}
@article{broken, title = {No end
@misc{three, title = {A third thing entirely}}
`

  test('a .bib file: stored papers are saved, of others the text is kept, a damaged entry costs no other', async () => {
    const [one] = await storedPapers()
    const first = await addExamples(db(), subscriber, BIB, NOON)
    expect(first).toEqual({
      found: [{ paperId: one, title: 'Study 00001 of deep sea robots' }],
      kept: 2,
      unread: 1,
      left: [
        { where: 'line 11', reason: 'expected an entry of BibTeX, got "@article{broken, title = {No end"' },
      ],
    })
    const before = await rows()
    expect(await addExamples(db(), subscriber, BIB, NOON)).toEqual(first)
    expect(await rows()).toEqual(before)
    const texts = await db().selectFrom('taste_examples').select('text').orderBy('text').execute()
    expect(texts.map(({ text }) => text)).toEqual([
      'A third thing entirely',
      'On the Fréchet distance between glaçiers\nMeltwater runs off.',
    ])
  })

  test('ids, links and titles, one a line', async () => {
    const [one, two, three] = await storedPapers()
    const pasted = `arXiv:2611.00001\nhttps://arxiv.org/abs/2611.00002v3\nstudy 00003 of deep-sea robots\n2611.09999\nGlaciers and their noises\r\n10.1145/404`
    const { found, kept, unread } = await addExamples(db(), subscriber, pasted, NOON)
    expect(found.map(({ paperId }) => paperId)).toEqual([one, two, three])
    expect({ kept, unread }).toEqual({ kept: 1, unread: 2 })
    expect(await kindsOf()).toHaveLength(3)
  })

  test('running text is one example', async () => {
    const text = 'I read on glaciers. Meltwater and\nits runoff interest me,\nand little else.'
    expect(await addExamples(db(), subscriber, text, NOON)).toEqual({
      found: [],
      kept: 1,
      unread: 0,
      left: [],
    })
  })

  test('of braces without end takes no time to speak of', async () => {
    const deep = `@article{a, title = ${'{'.repeat(50_000)}x${'}'.repeat(50_000)}}\n@misc{b, title = {${'{a}'.repeat(30_000)}}}`
    expect(await addExamples(db(), subscriber, deep, NOON)).toMatchObject({ found: [] })
  })

  test('at most 50 texts are kept, the newest', async () => {
    const lines = (word: string) =>
      Array.from({ length: 60 }, (_, at) => `${word} number ${at} of snow`).join('\n')
    expect(await addExamples(db(), subscriber, lines('Old'), NOON)).toMatchObject({ kept: 50, unread: 10 })
    expect(await addExamples(db(), subscriber, lines('New'), LATER)).toMatchObject({ kept: 50, unread: 10 })
    const rest = await db().selectFrom('taste_examples').select('text').execute()
    expect(rest).toHaveLength(50)
    expect(rest.every(({ text }) => text.startsWith('New'))).toBe(true)
  })

  test.each([
    ['too long', 'a'.repeat(200_001), /^expected at most 200 kB of text, got 201 kB; /],
    [
      'too many',
      Array.from({ length: 201 }, (_, at) => `Title ${at} of many`).join('\n'),
      /^expected at most 200 papers at once, got 201; /,
    ],
    ['nothing', ' \n\t\n', /^expected a library \(BibTeX/],
  ])('%s: one line, and nothing is kept', async (_, text, message) => {
    await expect(addExamples(db(), subscriber, text, NOON)).rejects.toThrow(message)
    await expect(addExamples(db(), subscriber, text, NOON)).rejects.toBeInstanceOf(PermanentError)
    expect((await rows())[1]).toEqual([])
  })

  test('that is only a link to no known paper teaches nothing', async () => {
    const text = 'https://arxiv.org/abs/9999.99999'
    expect(await addExamples(db(), subscriber, text, NOON)).toEqual({
      found: [],
      kept: 0,
      unread: 1,
      left: [],
    })
  })

  test('of any signs is kept or refused', async () => {
    for (const text of [
      '\u0000@article{',
      '@article{a,title={x\u0000 y z}}',
      '\ud800 lone half',
      '日本 語',
      '@@@{{{',
      '@string{a',
    ])
      expect(await addExamples(db(), subscriber, text, NOON).catch((error) => error.name)).toSatisfy(
        (result) => result === 'PermanentError' || typeof result.kept === 'number',
      )
  })
})

test('terms are forgotten once, and a reset removes all that was learned from', async () => {
  const [one] = await storedPapers()
  await give(one!, 'more')
  await give(one!, 'more', NOON, other)
  await addExamples(db(), subscriber, 'Glaciers of the Alps', NOON)
  await forgetTerm(db(), subscriber, 'robot')
  const before = await rows()
  await forgetTerm(db(), subscriber, 'robot')
  expect(await rows()).toEqual(before)
  await resetTaste(db(), subscriber)
  const [feedback, examples, subscribers] = await rows()
  expect(feedback).toHaveLength(1)
  expect(examples).toEqual([])
  expect(subscribers!.join()).not.toContain('robot')
})

test('how much upvotes count, what is explored and whether opens count are preferences', async () => {
  const typed = { topics: [], timeZone: 'UTC', sendAt: '08:00', weekdays: ['1'], maxPapers: '10' }
  const settings = () =>
    db()
      .selectFrom('subscribers')
      .select(['trend_weight', 'explore', 'counts_opens'])
      .where('id', '=', subscriber)
      .executeTakeFirstOrThrow()
  expect(await settings()).toEqual({ trend_weight: 0.15, explore: true, counts_opens: true })
  const save = async (more: object) => {
    const parsed = parsePreferences({ ...typed, ...more })
    if ('errors' in parsed) return parsed.errors.map(({ field }) => field)
    return savePreferences(test_.tools, subscriber, parsed.values)
  }
  await save({ trendWeight: '0.4', explore: '', countsOpens: '' })
  expect(await settings()).toEqual({ trend_weight: 0.4, explore: false, counts_opens: false })
  // A form that does not ask leaves them as they are.
  await save({})
  expect(await settings()).toEqual({ trend_weight: 0.4, explore: false, counts_opens: false })
  for (const trendWeight of ['', '1.5', '-1', 'much', '1e-3'])
    expect(await save({ trendWeight })).toEqual(['trendWeight'])
  await save({ trendWeight: '1', explore: 'on', countsOpens: 'on' })
  expect(await settings()).toEqual({ trend_weight: 1, explore: true, counts_opens: true })
})
