import { addDays, instantOf, localDateAt, nextDigestAt } from '../calendar.ts'
import type { Db } from '../db/engine/connect.ts'
import type { SubscriberRow } from '../db/engine/schema.ts'
import { listCandidates } from '../db/papers/papers.ts'
import { listUpvotesAt } from '../db/papers/sightings.ts'
import { type Feedback, listFeedbackOfMany } from '../db/subscribers/feedback.ts'
import type { DigestItem, DigestPaper, LocalDate, Topic } from '../domain.ts'
import { selectDigest } from '../ranking/choose/selectDigest.ts'
import type { RankingIndex } from '../ranking/corpus/corpusModel.ts'
import { buildingIndex } from '../ranking/corpus/rankingIndex.ts'
import type { Taste } from '../ranking/score/taste.ts'
import { inSlices } from '../slices.ts'
import { lastListingDay, WINDOW_DAYS } from './candidates.ts'
import { type DigestSubscriber, subscriberOf } from './chooseDigest.ts'
import { currentCorpusModel } from './corpus/currentModel.ts'
import { withPapers } from './previewTopics.ts'
import { tasteBefore } from './taste.ts'

/** At most this many of the newest answers of each kind are looked at. */
const MOST_LIKES = 5000

/** A paper the subscriber liked. */
export interface Like {
  paperId: number
  /** Undefined if it was liked after all the days looked at. */
  likedAt: Date | undefined
}

/** The subscriber whose digests are tried, with today's preferences. */
export interface BacktestSubscriber extends DigestSubscriber {
  id: number
  timeZone: string
  sendAt: string
  weekdays: number[]
}

/** Reads a subscriber's row into what a backtest needs. */
export function backtestSubscriberOf(subscriber: SubscriberRow, topics: Topic[]): BacktestSubscriber {
  const { id, time_zone: timeZone, send_at: sendAt, weekdays } = subscriber
  return { ...subscriberOf(subscriber, topics), id, timeZone, sendAt, weekdays }
}

/** The settings, besides topics, that a backtest varies. */
interface Setting {
  name: string
  taste: boolean
  trend: boolean
  explore: boolean
}

const SETTINGS: readonly Setting[] = [
  { name: 'topics only', taste: false, trend: false, explore: false },
  { name: 'topics, taste', taste: true, trend: false, explore: false },
  { name: 'topics, trend', taste: false, trend: true, explore: false },
  { name: 'topics, taste, trend', taste: true, trend: true, explore: false },
  { name: 'all, and one to explore', taste: true, trend: true, explore: true },
]

/** The digest that a day would have had, by topics, taste and trend. */
export interface BacktestDay {
  on: LocalDate
  items: (DigestItem & { title: string; likedLater: boolean })[]
  reason?: string
}

export interface Backtest {
  days: BacktestDay[]
  /** How many papers could have been sent on some day and were liked on that day or later. */
  likedLater: number
  /** For each setting, how many papers it would have sent, and how many of those were liked later. */
  settings: { setting: string; papers: number; caught: number }[]
}

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7]

/** The setting whose digests are shown. */
const SHOWN = 'topics, taste, trend'

/** What was known on a day, and what became known later. */
interface Day {
  on: LocalDate
  /** The last listing day of its papers. */
  last: LocalDate
  index: RankingIndex
  taste: Taste | undefined
  /** Papers the subscriber had liked, saved or wanted less of: they know these, so none is sent. */
  knownBefore: ReadonlySet<number>
  likedLater: ReadonlySet<number>
}

/** What one setting has sent and caught so far. */
interface Run {
  setting: Setting
  sent: Set<number>
  caught: Set<number>
}

/**
 * Computes the digests that a subscriber would have had on the days of a span, with today's topics. Each day has the papers
 * listed until then, with their upvotes of that time. The taste comes from the answers and pasted texts of before that day,
 * without the words forgotten by now. Papers count as liked if the subscriber wants more of them, saved them, or if they are
 * `given`. Digests that were really sent are ignored: within a run, no setting sends a paper twice. The corpus model is
 * today's, and the speed of upvotes is left out.
 * @throws UsageError naming the topic that cannot be read.
 */
export async function backtest(
  db: Db,
  subscriber: BacktestSubscriber,
  span: { from: LocalDate; to: LocalDate },
  given: readonly Like[],
): Promise<Backtest> {
  const said = await listFeedbackOfMany(db, [subscriber.id], MOST_LIKES)
  const runs: Run[] = SETTINGS.map((setting) => ({ setting, sent: new Set(), caught: new Set() }))
  const days: BacktestDay[] = []
  const catchable = new Set<number>()
  for (const { on, dueAt } of digestDays(subscriber, span)) {
    const day = await readDay(db, subscriber.id, { on, dueAt }, { said, given })
    for (const { id } of day.index.papers) if (day.likedLater.has(id)) catchable.add(id)
    for (const run of runs) {
      const digest = digestOf(run, day, subscriber)
      if (run.setting.name === SHOWN) days.push(digest)
    }
  }
  const settings = runs.map(({ setting: { name }, sent, caught }) => ({
    setting: name,
    papers: sent.size,
    caught: caught.size,
  }))
  return { days, likedLater: catchable.size, settings }
}

/**
 * The digest of one past day as today's topics would make it, whatever weekday it is. It may hold papers that were sent since.
 * @throws UsageError naming the topic that cannot be read.
 */
export async function digestOfDay(
  db: Db,
  subscriber: BacktestSubscriber,
  on: LocalDate,
): Promise<{ papers: DigestPaper[]; reason?: string }> {
  const daily = { ...subscriber, weekdays: EVERY_DAY }
  const { days } = await backtest(db, daily, { from: on, to: on }, [])
  const [{ items, reason } = { items: [] }] = days
  return { papers: await withPapers(db, items), ...(reason === undefined ? {} : { reason }) }
}

/** The days of the span on which the subscriber gets a digest, and when. */
function* digestDays(
  { timeZone: zone, sendAt, weekdays }: BacktestSubscriber,
  { from, to }: { from: LocalDate; to: LocalDate },
): Generator<{ on: LocalDate; dueAt: Date }> {
  let dueAt = nextDigestAt({ zone, sendAt, weekdays }, new Date(instantOf(from, '00:00', zone).getTime() - 1))
  while (dueAt !== undefined && localDateAt(dueAt, zone) <= to) {
    yield { on: localDateAt(dueAt, zone), dueAt }
    dueAt = nextDigestAt({ zone, sendAt, weekdays }, dueAt)
  }
}

/** The subscriber's answers, and papers they liked besides. */
interface Answers {
  said: readonly Feedback[]
  given: readonly Like[]
}

async function readDay(
  db: Db,
  subscriberId: number,
  { on, dueAt }: { on: LocalDate; dueAt: Date },
  { said, given }: Answers,
): Promise<Day> {
  const corpus = await currentCorpusModel(db)
  const last = lastListingDay(on, dueAt)
  const from = addDays(last, 1 - WINDOW_DAYS)
  const upvotes = await listUpvotesAt(db, { from, on: last, at: dueAt })
  const papers = (await listCandidates(db, from, last)).map((paper) => ({
    ...paper,
    upvotes: upvotes.get(paper.id) ?? null,
    upvotesPerDay: null,
  }))
  const besides = given
    .filter(({ likedAt }) => likedAt !== undefined && likedAt < dueAt)
    .map(({ paperId }) => paperId)
  const judged = said.filter(({ kind, at }) => kind !== 'opened' && at < dueAt)
  const knownBefore = new Set([...judged.map(({ paperId }) => paperId), ...besides])
  const liked = [...said.filter(({ kind }) => kind === 'more' || kind === 'saved'), ...given]
  return {
    on,
    last,
    index: await inSlices(buildingIndex(papers, corpus)),
    taste: await tasteBefore(db, corpus, subscriberId, dueAt, besides),
    knownBefore,
    likedLater: new Set(liked.map(({ paperId }) => paperId).filter((id) => !knownBefore.has(id))),
  }
}

/** The digest that the setting sends that day. Adds to the run what is sent and caught. */
function digestOf({ setting, sent, caught }: Run, day: Day, subscriber: BacktestSubscriber): BacktestDay {
  const { on, last, index, knownBefore, likedLater } = day
  const { items, reason } = selectDigest(index, subscriber.topics, {
    max: subscriber.max,
    exclude: (paperId) => sent.has(paperId) || knownBefore.has(paperId),
    trendWeight: setting.trend ? subscriber.trendWeight : 0,
    taste: setting.taste ? day.taste : undefined,
    explore: setting.explore,
    seed: `${subscriber.id}/${last}`,
  })
  for (const { paperId } of items) {
    sent.add(paperId)
    if (likedLater.has(paperId)) caught.add(paperId)
  }
  const titles = new Map(index.papers.map(({ id, title }) => [id, title]))
  const shown = items.map((item) => ({
    ...item,
    title: titles.get(item.paperId)!,
    likedLater: likedLater.has(item.paperId),
  }))
  return { on, items: shown, ...(reason === undefined ? {} : { reason }) }
}
