import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { listSubscribers } from '../../src/db/subscribers/subscribers.ts'
import { backtest } from '../../src/digests/backtest.ts'
import { chooseDigest, subscriberOf } from '../../src/digests/chooseDigest.ts'
import { showTaste, tastesOf } from '../../src/digests/taste.ts'
import type { FeedbackKind, Topic } from '../../src/domain.ts'
import { trainCorpusModel } from '../../src/jobs/trainCorpusModel.ts'
import {
  addExamples,
  forgetTerm,
  giveFeedback,
  rememberTerm,
  resetTaste,
} from '../../src/subscribers/feedback.ts'
import { DEFAULTS } from '../../src/subscribers/preferences.ts'
import { signUp } from '../../src/subscribers/subscribing.ts'
import { corpusOf } from '../support/corpusModel.ts'
import { store } from '../support/listings.ts'
import { openTestTools, type TestTools } from '../support/tools.ts'

let test_: TestTools
let subscriber: number
let other: number
const db = () => test_.tools.db
const tasteOf = async (of: TestTools['tools']['db'], id: number) => (await tastesOf(of, [id])).get(id)
const NOW = new Date('2026-11-20T09:00:00Z')
const TODAY = '2026-11-20'
const topics: Topic[] = [{ name: 'Ice and music', query: 'snow bow', quota: null }]

beforeAll(async () => {
  test_ = await openTestTools('2026-11-01T00:00:00Z')
  // What the corpus model learns from, and what is liked, is older than what digests choose from.
  await store(test_.tools, '2026-10-01', corpusOf(540, 1))
  expect(await tasteOf(db(), 1)).toBeUndefined()
  subscriber = await enlist('reader@example.org')
  other = await enlist('other@example.org')
})
afterAll(() => test_.close())
beforeEach(async () => {
  await resetTaste(db(), subscriber)
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

async function give(subject: string, count: number, kind: FeedbackKind = 'more', subscriberId = subscriber) {
  for (const paperId of (await papersOf(subject)).slice(0, count))
    await giveFeedback(db(), { subscriberId, paperId, kind }, NOW)
}

async function change(columns: { explore?: boolean; trend_weight?: number; counts_opens?: boolean }) {
  await db().updateTable('subscribers').set(columns).where('id', '=', subscriber).execute()
}

async function digest(on = TODAY) {
  const [row] = await listSubscribers(db(), [subscriber])
  return (await chooseDigest(db(), subscriberOf(row!, topics), on)).items
}

/** The subjects of the digest's papers, in order of their score. */
async function subjects() {
  const items = [...(await digest())].sort((a, b) => b.score - a.score)
  const rows = await db().selectFrom('papers').select(['id', 'title']).execute()
  const titles = new Map(rows.map(({ id, title }) => [id, title]))
  return items.map(({ paperId }) => / of (\w+), part/.exec(titles.get(paperId)!)![1])
}

describe('while there are few papers', () => {
  test('the starter model teaches a taste from the first like', async () => {
    await give('violins', 1)
    expect((await tasteOf(db(), subscriber))?.likes).toBe(1)
    const { terms, likes } = await showTaste(db(), subscriber)
    expect(likes).toBe(1)
    expect(terms.length).toBeGreaterThan(0)
  })
})

describe('with a corpus model of its own', () => {
  beforeAll(async () => {
    await trainCorpusModel.run({ tick: '' }, test_.tools)
    await store(test_.tools, TODAY, corpusOf(60, 2000), { observedAt: NOW })
    test_.setNow('2026-11-20T09:00:00Z')
  })

  test('with ten likes the taste leads; how it does with one is tested where papers are ranked', async () => {
    const leaders = async () => (await subjects()).slice(0, 2)
    const byKeywords = await leaders()
    expect(byKeywords).toContain('glaciers')
    await give('violins', 10)
    expect(await leaders()).toEqual(Array(2).fill('violins'))
    await resetTaste(db(), subscriber)
    expect(await leaders()).toEqual(byKeywords)
  })

  test('says that it is close to what was liked', async () => {
    await give('violins', 10)
    expect((await digest()).flatMap(({ reasons }) => reasons.map(({ text }) => text)).join('\n')).toMatch(
      /\blike/,
    )
  })

  test('a paper that less was asked of, and one that is saved, never comes again; others do', async () => {
    const [first, second, ...rest] = (await digest()).map(({ paperId }) => paperId)
    await giveFeedback(db(), { subscriberId: subscriber, paperId: first!, kind: 'less' }, NOW)
    await giveFeedback(db(), { subscriberId: subscriber, paperId: second!, kind: 'saved' }, NOW)
    await giveFeedback(db(), { subscriberId: subscriber, paperId: rest[0]!, kind: 'opened' }, NOW)
    const again = (await digest()).map(({ paperId }) => paperId)
    expect(again).not.toContain(first)
    expect(again).not.toContain(second)
    expect(again).toContain(rest[0])
  })

  test('shows its heaviest words as people write them, no function words; a term forgotten is gone until it is brought back or reset', async () => {
    await give('violins', 10)
    const shown = await showTaste(db(), subscriber)
    expect(shown).toMatchObject({ likes: 10, dislikes: 0 })
    expect(shown.terms.length).toBeGreaterThan(5)
    expect(shown.terms.length).toBeLessThanOrEqual(20)
    const words = shown.terms.map(({ word }) => word)
    expect(words).toContain('violins')
    for (const word of ['of', 'and', 'the', 'with', 'we']) expect(words).not.toContain(word)
    const weights = shown.terms.map(({ weight }) => Math.abs(weight))
    expect(weights).toEqual([...weights].sort((a, b) => b - a))
    const { stem } = shown.terms[0]!
    await forgetTerm(db(), subscriber, stem)
    const after = await showTaste(db(), subscriber)
    expect(after.terms.map((term) => term.stem)).not.toContain(stem)
    expect(after.forgotten).toEqual([{ stem, word: shown.terms[0]!.word }])
    expect((await tasteOf(db(), subscriber))!.words.map((word) => word.stem)).not.toContain(stem)
    await rememberTerm(db(), subscriber, stem)
    expect(await showTaste(db(), subscriber)).toEqual(shown)
    await forgetTerm(db(), subscriber, stem)
    await resetTaste(db(), subscriber)
    expect(await showTaste(db(), subscriber)).toEqual({
      terms: [],
      forgotten: [],
      examples: [],
      likes: 0,
      dislikes: 0,
    })
    await give('violins', 10)
    expect((await showTaste(db(), subscriber)).terms.map((term) => term.stem)).toContain(stem)
  })

  test('opened papers teach it from three on, where nothing better is known and the subscriber lets them', async () => {
    await give('violins', 2, 'opened')
    expect(await tasteOf(db(), subscriber)).toBeUndefined()
    await give('violins', 3, 'opened')
    expect((await tasteOf(db(), subscriber))!.likes).toBe(3)
    await change({ counts_opens: false })
    expect(await tasteOf(db(), subscriber)).toBeUndefined()
    await change({ counts_opens: true })
    await give('steel', 1, 'saved')
    expect((await tasteOf(db(), subscriber))!.likes).toBe(1)
  })

  test('pasted text teaches it, what is disliked corrects it, and dislikes alone are no taste', async () => {
    await give('bees', 2, 'less')
    expect(await tasteOf(db(), subscriber)).toBeUndefined()
    await addExamples(db(), subscriber, 'Violin bow and string\nThe luthier and the varnish', NOW)
    expect(await tasteOf(db(), subscriber)).toMatchObject({ likes: 2, dislikes: 2 })
    expect(await showTaste(db(), subscriber)).toMatchObject({ likes: 2, dislikes: 2 })
    // Liked once and disliked since: disliked.
    await give('bees', 1, 'saved')
    expect(await tasteOf(db(), subscriber)).toMatchObject({ likes: 2, dislikes: 2 })
  })

  test('is each subscriber’s own, the same every time, and there for those alone who have one', async () => {
    await give('violins', 4)
    await give('bees', 4, 'more', other)
    const both = await tastesOf(db(), [subscriber, other, 999_999])
    expect([...both.keys()].sort((a, b) => a - b)).toEqual([subscriber, other])
    expect(both.get(other)).not.toEqual(both.get(subscriber))
    expect(await tasteOf(db(), other)).toEqual(both.get(other))
    expect(await tasteOf(db(), subscriber)).toEqual(both.get(subscriber))
  })

  test('how much upvotes count, and the place to explore, are the subscriber’s choice', async () => {
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
        { subscriberId: subscriber, paperId, kind: 'saved' },
        new Date('2026-11-22T00:00:00Z'),
      )
    const setting = {
      id: subscriber,
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
