import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { listSubscribers } from '../../src/db/subscribers/subscribers.ts'
import { backtest } from '../../src/digests/backtest.ts'
import { chooseDigest, readerOf } from '../../src/digests/chooseDigest.ts'
import { showTaste, tastesOf } from '../../src/digests/taste.ts'
import type { FeedbackKind, Topic } from '../../src/domain.ts'
import { trainCollection } from '../../src/jobs/trainCollection.ts'
import {
  addSeeds,
  forgetTerm,
  giveFeedback,
  rememberTerm,
  resetTaste,
} from '../../src/subscribers/feedback.ts'
import { DEFAULTS } from '../../src/subscribers/preferences.ts'
import { signUp } from '../../src/subscribers/subscribing.ts'
import { collectionOf } from '../support/collection.ts'
import { store } from '../support/listings.ts'
import { openTestTools, type TestTools } from '../support/tools.ts'

let test_: TestTools
let reader: number
let other: number
const db = () => test_.tools.db
const tasteOf = async (of: TestTools['tools']['db'], id: number) => (await tastesOf(of, [id])).get(id)
const NOW = new Date('2026-11-20T09:00:00Z')
const TODAY = '2026-11-20'
const topics: Topic[] = [{ name: 'Ice and music', query: 'snow bow', quota: null }]

beforeAll(async () => {
  test_ = await openTestTools('2026-11-01T00:00:00Z')
  // What the collection learns from, and what is liked, is older than what digests choose from.
  await store(test_.tools, '2026-10-01', collectionOf(540, 1))
  expect(await tasteOf(db(), 1)).toBeUndefined()
  reader = await enlist('reader@example.org')
  other = await enlist('other@example.org')
})
afterAll(() => test_.close())
beforeEach(async () => {
  await resetTaste(db(), reader)
})

async function enlist(email: string): Promise<number> {
  const request = { ...DEFAULTS, email, topics, source: 'command line' as const, confirmed: true }
  return (await signUp(test_.tools, { ...request, trendWeight: 0, explore: false })).subscriberId!
}

/** Old papers of a subject. */
async function papersOf(subject: string): Promise<number[]> {
  const rows = await db()
    .selectFrom('papers')
    .select('id')
    .where('title', 'like', `% of ${subject}, part %`)
    .orderBy('id')
    .limit(90)
    .execute()
  return rows.map(({ id }) => id)
}

async function give(subject: string, count: number, kind: FeedbackKind = 'more', subscriberId = reader) {
  for (const paperId of (await papersOf(subject)).slice(0, count))
    await giveFeedback(db(), { subscriberId, paperId, kind }, NOW)
}

async function change(columns: { explore?: boolean; trend_weight?: number; counts_opens?: boolean }) {
  await db().updateTable('subscribers').set(columns).where('id', '=', reader).execute()
}

async function digest(on = TODAY) {
  const [row] = await listSubscribers(db(), [reader])
  return (await chooseDigest(db(), readerOf(row!, topics), on)).items
}

/** The subjects of the digest's papers, in order of their score. */
async function subjects() {
  const items = [...(await digest())].sort((a, b) => b.score - a.score)
  const rows = await db().selectFrom('papers').select(['id', 'title']).execute()
  const titles = new Map(rows.map(({ id, title }) => [id, title]))
  return items.map(({ paperId }) => / of (\w+), part/.exec(titles.get(paperId)!)![1])
}

describe('while ranking has learned nothing from papers', () => {
  test('there is no taste, and its page says so', async () => {
    await give('violins', 5)
    expect(await tasteOf(db(), reader)).toBeUndefined()
    expect(await showTaste(db(), reader)).toEqual({
      terms: [],
      forgotten: [],
      examples: [],
      likes: 5,
      dislikes: 0,
      hasCollection: false,
    })
  })
})

describe('once it has', () => {
  beforeAll(async () => {
    await trainCollection.run({ tick: '' }, test_.tools)
    await store(test_.tools, TODAY, collectionOf(60, 2000), { observedAt: NOW })
    test_.setNow('2026-11-20T09:00:00Z')
  })

  test('keywords lead with up to three likes, and with ten the taste does', async () => {
    const leaders = async () => (await subjects()).slice(0, 3)
    const byKeywords = Array(3).fill('glaciers')
    expect(await leaders()).toEqual(byKeywords)
    for (const likes of [1, 3]) {
      await give('violins', likes)
      expect(await leaders()).toEqual(byKeywords)
    }
    await give('violins', 10)
    expect(await leaders()).toEqual(Array(3).fill('violins'))
    await resetTaste(db(), reader)
    expect(await leaders()).toEqual(byKeywords)
  })

  test('says that it is close to what was liked', async () => {
    await give('violins', 10)
    expect((await digest()).flatMap(({ reasons }) => reasons).join('\n')).toMatch(/\blike/)
  })

  test('a paper that less was asked of, and one that is saved, never comes again; others do', async () => {
    const [first, second, ...rest] = (await digest()).map(({ paperId }) => paperId)
    await giveFeedback(db(), { subscriberId: reader, paperId: first!, kind: 'less' }, NOW)
    await giveFeedback(db(), { subscriberId: reader, paperId: second!, kind: 'saved' }, NOW)
    await giveFeedback(db(), { subscriberId: reader, paperId: rest[0]!, kind: 'opened' }, NOW)
    const again = (await digest()).map(({ paperId }) => paperId)
    expect(again).not.toContain(first)
    expect(again).not.toContain(second)
    expect(again).toContain(rest[0])
  })

  test('shows its heaviest words as people write them, no function words; a term forgotten is gone until it is brought back or reset', async () => {
    await give('violins', 10)
    const shown = await showTaste(db(), reader)
    expect(shown).toMatchObject({ likes: 10, dislikes: 0, hasCollection: true })
    expect(shown.terms.length).toBeGreaterThan(5)
    expect(shown.terms.length).toBeLessThanOrEqual(20)
    const words = shown.terms.map(({ word }) => word)
    expect(words).toContain('violins')
    for (const word of ['of', 'and', 'the', 'with', 'we']) expect(words).not.toContain(word)
    const weights = shown.terms.map(({ weight }) => Math.abs(weight))
    expect(weights).toEqual([...weights].sort((a, b) => b - a))
    const { stem } = shown.terms[0]!
    await forgetTerm(db(), reader, stem)
    const after = await showTaste(db(), reader)
    expect(after.terms.map((term) => term.stem)).not.toContain(stem)
    expect(after.forgotten).toEqual([{ stem, word: shown.terms[0]!.word }])
    expect((await tasteOf(db(), reader))!.words.map((word) => word.stem)).not.toContain(stem)
    await rememberTerm(db(), reader, stem)
    expect(await showTaste(db(), reader)).toEqual(shown)
    await forgetTerm(db(), reader, stem)
    await resetTaste(db(), reader)
    expect(await showTaste(db(), reader)).toEqual({
      terms: [],
      forgotten: [],
      examples: [],
      likes: 0,
      dislikes: 0,
      hasCollection: true,
    })
    await give('violins', 10)
    expect((await showTaste(db(), reader)).terms.map((term) => term.stem)).toContain(stem)
  })

  test('opened papers teach it from three on, where nothing better is known and the reader lets them', async () => {
    await give('violins', 2, 'opened')
    expect(await tasteOf(db(), reader)).toBeUndefined()
    await give('violins', 3, 'opened')
    expect((await tasteOf(db(), reader))!.likes).toBe(3)
    await change({ counts_opens: false })
    expect(await tasteOf(db(), reader)).toBeUndefined()
    await change({ counts_opens: true })
    await give('steel', 1, 'saved')
    expect((await tasteOf(db(), reader))!.likes).toBe(1)
  })

  test('pasted text teaches it, what is disliked corrects it, and dislikes alone are no taste', async () => {
    await give('bees', 2, 'less')
    expect(await tasteOf(db(), reader)).toBeUndefined()
    await addSeeds(db(), reader, 'Violin bow and string\nThe luthier and the varnish', NOW)
    expect(await tasteOf(db(), reader)).toMatchObject({ likes: 2, dislikes: 2 })
    expect(await showTaste(db(), reader)).toMatchObject({ likes: 2, dislikes: 2 })
    // Liked once and disliked since: disliked.
    await give('bees', 1, 'saved')
    expect(await tasteOf(db(), reader)).toMatchObject({ likes: 2, dislikes: 2 })
  })

  test('is each reader’s own, the same every time, and there for those alone who have one', async () => {
    await give('violins', 4)
    await give('bees', 4, 'more', other)
    const both = await tastesOf(db(), [reader, other, 999_999])
    expect([...both.keys()].sort((a, b) => a - b)).toEqual([reader, other])
    expect(both.get(other)).not.toEqual(both.get(reader))
    expect(await tasteOf(db(), other)).toEqual(both.get(other))
    expect(await tasteOf(db(), reader)).toEqual(both.get(reader))
  })

  test('how much upvotes count, and the place to explore, are the reader’s choice', async () => {
    const before = await digest()
    await change({ trend_weight: 1 })
    const rows = await db().selectFrom('papers').select(['id', 'upvotes']).execute()
    const upvotes = new Map(rows.map((row) => [row.id, row.upvotes ?? 0]))
    const trending = (await digest()).map(({ paperId }) => upvotes.get(paperId)!)
    expect(trending).toEqual([...trending].sort((a, b) => b - a))
    await change({ trend_weight: 0, explore: true })
    const exploring = await digest()
    expect(exploring.at(-1)!.topic).not.toBe(topics[0]!.name)
    expect(await digest()).toEqual(exploring)
    await change({ explore: false })
    expect(await digest()).toEqual(before)
  })

  test('a backtest catches what was liked later, without being told', async () => {
    const later = (await digest()).slice(0, 3)
    for (const { paperId } of later)
      await giveFeedback(
        db(),
        { subscriberId: reader, paperId, kind: 'saved' },
        new Date('2026-11-22T00:00:00Z'),
      )
    const setting = {
      id: reader,
      max: 10,
      topics,
      timeZone: 'UTC',
      sendAt: '10:00',
      weekdays: [1, 2, 3, 4, 5, 6, 7],
    }
    const result = await backtest(db(), { ...setting, trendWeight: 0 }, { from: TODAY, to: TODAY }, [])
    expect(result.likedLater).toBe(3)
    expect(result.settings[0]).toMatchObject({ setting: 'topics only', caught: 3 })
  })
})
