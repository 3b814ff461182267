import { keepPromise, keptFor, newPromiseCache, type PromiseCache } from '../caching.ts'
import { addDays, localDateAt } from '../calendar.ts'
import type { Db } from '../db/engine/connect.ts'
import { listCandidates } from '../db/papers/papers.ts'
import type { LocalDate, Pickiness } from '../domain.ts'
import { type Tuned, tuneTopic, type Unreadable } from '../ranking/choose/tuning.ts'
import type { CorpusModel, RankingIndex } from '../ranking/corpus/corpusModel.ts'
import { buildingIndex } from '../ranking/corpus/rankingIndex.ts'
import { inSlices } from '../slices.ts'
import { candidateIndex } from './candidates.ts'
import { currentCorpusModel } from './corpus/currentModel.ts'

const MINUTE = 60 * 1000
const DAYS = 30
/** The papers of the month are only counted, never sent, so their index may be this old, in milliseconds. */
const FRESH_FOR = 10 * MINUTE

/** What a query is tried with besides itself. */
export interface TuningWish {
  query: string
  max?: number
  trendWeight?: number
  pickiness?: Pickiness
}

/** The index of the month, and when its papers were last read. It is kept with the corpus model, as in candidates.ts. */
interface MonthCache {
  read: { on: LocalDate; at: Date } | undefined
  indexes: PromiseCache<Date, RankingIndex>
}

const monthCacheOf = keptFor((_corpus: CorpusModel) =>
  keptFor((_db: Db): MonthCache => ({ read: undefined, indexes: newPromiseCache(1) })),
)

/** What a query would bring today and would have brought in the last thirty days, or where it cannot be read and why. */
export async function tuneNow(
  db: Db,
  now: Date,
  { query, ...wish }: TuningWish,
): Promise<Tuned | Unreadable> {
  const on = localDateAt(now, 'UTC')
  const today = await candidateIndex(db, on)
  const month = await monthIndex(db, now, on)
  return tuneTopic({ month, today }, query, { ...wish, on, days: DAYS })
}

async function monthIndex(db: Db, now: Date, on: LocalDate): Promise<RankingIndex> {
  const corpus = await currentCorpusModel(db)
  const cache = monthCacheOf(corpus)(db)
  const isFresh = cache.read?.on === on && now.getTime() - cache.read.at.getTime() < FRESH_FOR
  if (!isFresh) cache.read = { on, at: now }
  return keepPromise(cache.indexes, cache.read!.at, async () =>
    inSlices(buildingIndex(await listCandidates(db, addDays(on, 1 - DAYS), on), corpus)),
  )
}
