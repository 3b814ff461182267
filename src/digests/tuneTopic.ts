import { keptFor } from '../caching.ts'
import { addDays, localDateAt } from '../calendar.ts'
import type { Db } from '../db/engine/connect.ts'
import { candidatesVersion, listCandidates } from '../db/papers/papers.ts'
import type { Pickiness } from '../domain.ts'
import { type Tuned, tuneTopic, type Unreadable } from '../ranking/choose/tuning.ts'
import type { CorpusModel, RankingIndex } from '../ranking/corpus/corpusModel.ts'
import { buildingIndex } from '../ranking/corpus/rankingIndex.ts'
import { makingWordLists } from '../ranking/corpus/wordLists.ts'
import type { RankablePaper } from '../ranking/index/paperIndex.ts'
import { inSlices, type Sliced } from '../slices.ts'
import { candidateIndex } from './candidates.ts'
import { currentCorpusModel } from './corpus/currentModel.ts'

const MINUTE = 60 * 1000
const DAYS = 30
/** The papers of the month are only counted, never sent, so their index may be this old, in milliseconds. */
const FRESH_FOR = 10 * MINUTE
/** A process that keeps the index ready makes it anew when it is this old, so that nobody waits for it. */
const KEPT_FRESH_FOR = 5 * MINUTE

/** The first query makes what the corpus model keeps for queries. */
const ANY_QUERY = 'paper'

/** The index of fewer papers is made in no time, so it is always that of now: a first list is counted as soon as it is stored. */
const FEW_PAPERS = 1_000

/** What a query is tried with besides itself. */
export interface TuningWish {
  query: string
  max?: number
  trendWeight?: number
  pickiness?: Pickiness
}

/** The index of the month, as of an instant. */
interface Month {
  version: string
  at: Date
  index: RankingIndex
}

/** Kept with the corpus model, as in candidates.ts. */
interface MonthCache {
  made: Month | undefined
  making: Promise<Month> | undefined
}

const monthCacheOf = keptFor((_corpus: CorpusModel) =>
  keptFor((_db: Db): MonthCache => ({ made: undefined, making: undefined })),
)

/** What a query would bring today and would have brought in the last thirty days, or where it cannot be read and why. */
export async function tuneNow(
  db: Db,
  now: Date,
  { query, ...wish }: TuningWish,
): Promise<Tuned | Unreadable> {
  const on = localDateAt(now, 'UTC')
  const today = await candidateIndex(db, on)
  const month = await monthIndex(db, now, FRESH_FOR)
  return tuneTopic({ month, today }, query, { ...wish, on, days: DAYS })
}

/** Makes the indexes that tuneNow reads, if they are not there or soon too old. Other work of the process runs in between. */
export async function prepareTuning(db: Db, now: Date): Promise<void> {
  await monthIndex(db, now, KEPT_FRESH_FOR)
  await tuneNow(db, now, { query: ANY_QUERY })
}

/** The index of the month, not older than `freshFor`, in milliseconds. */
async function monthIndex(db: Db, now: Date, freshFor: number): Promise<RankingIndex> {
  const corpus = await currentCorpusModel(db)
  const cache = monthCacheOf(corpus)(db)
  const { made } = cache
  if (made !== undefined && isFresh(made, now, freshFor)) return made.index
  cache.making ??= makeMonth(db, corpus, now, made)
    .then((month) => {
      cache.made = month
      return month
    })
    .finally(() => {
      cache.making = undefined
    })
  return (await cache.making).index
}

function isFresh({ at, index }: Month, now: Date, freshFor: number): boolean {
  if (index.papers.length < FEW_PAPERS) return false
  return now.getTime() - at.getTime() < freshFor && !isOtherDay(at, now)
}

function isOtherDay(a: Date, b: Date): boolean {
  return localDateAt(a, 'UTC') !== localDateAt(b, 'UTC')
}

/** The month as it is now. If none of its papers changed, the index made before is taken over. */
async function makeMonth(db: Db, corpus: CorpusModel, now: Date, before: Month | undefined): Promise<Month> {
  const on = localDateAt(now, 'UTC')
  const from = addDays(on, 1 - DAYS)
  const version = `${on}/${await candidatesVersion(db, from, on)}`
  if (before?.version === version) return { ...before, at: now }
  return {
    version,
    at: now,
    index: await inSlices(buildingMonth(await listCandidates(db, from, on), corpus)),
  }
}

function* buildingMonth(listed: readonly RankablePaper[], corpus: CorpusModel): Sliced<RankingIndex> {
  const whole = yield* buildingIndex(listed, corpus)
  // Nothing reads the abstracts again, which are more than half of the papers.
  const index = { ...whole, papers: listed.map((paper) => ({ ...paper, abstract: null })) }
  yield* makingWordLists(index)
  return index
}
