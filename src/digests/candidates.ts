import { keepPromise, keptFor, newPromiseCache } from '../caching.ts'
import { addDays, daysBetween, laterOf, localDateAt } from '../calendar.ts'
import type { Db } from '../db/engine/connect.ts'
import { candidatesVersion, listCandidates } from '../db/papers/papers.ts'
import type { LocalDate } from '../domain.ts'
import type { CorpusModel, RankingIndex } from '../ranking/corpus/corpusModel.ts'
import { buildingIndex } from '../ranking/corpus/rankingIndex.ts'
import { makingWordLists } from '../ranking/corpus/wordLists.ts'
import type { RankablePaper } from '../ranking/index/paperIndex.ts'
import { inSlices, type Sliced } from '../slices.ts'
import { currentCorpusModel } from './corpus/currentModel.ts'

/** A digest chooses among the papers listed in this many days, the digest's own day included. */
export const WINDOW_DAYS = 7
/** The most days that a digest makes up for. */
export const LONGEST_WINDOW = 31
/** After a pause a digest looks back further, by one of these numbers of days, so that readers share an index. */
const WINDOWS = [WINDOW_DAYS, 14, LONGEST_WINDOW]
const MOST_INDEXES = 3

/** The last listing day a digest of a day may bring: its own, or the UTC day where that has begun when it is due. */
export function lastListingDay(on: LocalDate, dueAt: Date): LocalDate {
  return laterOf(on, localDateAt(dueAt, 'UTC'))
}

/**
 * The days among whose papers a digest chooses that may bring papers until `last`: more than usual after a pause that began on
 * `catchUpFrom`. The day before the pause belongs to it, because its digest came before that day was over.
 */
export function windowOf(last: LocalDate, catchUpFrom: LocalDate | null): { days: number; from: LocalDate } {
  const wanted = catchUpFrom === null ? 0 : daysBetween(addDays(catchUpFrom, -1), last) + 1
  const days = WINDOWS.find((size) => size >= wanted) ?? LONGEST_WINDOW
  return { days, from: addDays(last, 1 - Math.min(days, Math.max(WINDOW_DAYS, wanted))) }
}

/**
 * The indexes made last, which all subscribers of a day share. They are kept with the corpus model with which they were built:
 * it is large, and is freed together with them when a newer one replaces it. Databases that use the starter model share it.
 */
const indexesOf = keptFor((_corpus: CorpusModel) =>
  keptFor((_db: Db) => newPromiseCache<string, RankingIndex>(MOST_INDEXES)),
)

/**
 * The index of the papers that a digest of day `on` may bring, or of those of more days. It is built anew when one of the
 * papers, their sightings or the corpus model has changed.
 */
export async function candidateIndex(db: Db, on: LocalDate, days = WINDOW_DAYS): Promise<RankingIndex> {
  const from = addDays(on, 1 - days)
  const corpus = await currentCorpusModel(db)
  const key = `${on}/${days}/${await candidatesVersion(db, from, on)}`
  return keepPromise(indexesOf(corpus)(db), key, async () =>
    inSlices(buildingReady(await listCandidates(db, from, on), corpus)),
  )
}

/** An index with everything that its first query would otherwise have to wait for. */
function* buildingReady(papers: readonly RankablePaper[], corpus: CorpusModel): Sliced<RankingIndex> {
  const index = yield* buildingIndex(papers, corpus)
  yield* makingWordLists(index)
  return index
}
