import { addDays, localDateAt } from '../calendar.ts'
import type { Db } from '../db/engine/connect.ts'
import { listCandidates } from '../db/papers/papers.ts'
import type { LocalDate } from '../domain.ts'
import { type Tuned, tuneTopic, type Unreadable } from '../ranking/choose/tuning.ts'
import type { CorpusModel, RankingIndex } from '../ranking/corpus/corpusModel.ts'
import { buildingIndex } from '../ranking/corpus/rankingIndex.ts'
import { inSlices } from '../slices.ts'
import { candidateIndex } from './candidates.ts'
import { currentCorpusModel } from './corpus/currentModel.ts'

const MINUTE = 60 * 1000
const DAYS = 30
/** The month is counted, not sent: it may be so old. */
const FRESH_FOR = 10 * MINUTE

/** What a query is tried with besides itself. */
export interface TuningWish {
  query: string
  max?: number
  trendWeight?: number
}

interface Month {
  on: LocalDate
  readAt: Date
  index: Promise<RankingIndex>
}

/** The month last read; as in candidates.ts it hangs on the corpus model it was indexed with. */
const months = new WeakMap<CorpusModel | Db, Month>()

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
  const holder = corpus ?? db
  const last = months.get(holder)
  if (last?.on === on && now.getTime() - last.readAt.getTime() < FRESH_FOR) return last.index
  const papers = listCandidates(db, addDays(on, 1 - DAYS), on)
  const index = papers.then((listed) => inSlices(buildingIndex(listed, corpus)))
  const month = { on, readAt: now, index }
  months.set(holder, month)
  // A failed read is not kept: the next one tries again.
  index.catch(() => months.get(holder) === month && months.delete(holder))
  return index
}
