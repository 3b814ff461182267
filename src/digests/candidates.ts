import { addDays, laterOf, localDateAt } from '../calendar.ts'
import type { Db } from '../db/engine/connect.ts'
import { candidatesVersion, listCandidates } from '../db/papers/papers.ts'
import type { LocalDate } from '../domain.ts'
import type { CorpusModel, RankingIndex } from '../ranking/corpus/corpusModel.ts'
import { buildingIndex } from '../ranking/corpus/rankingIndex.ts'
import { inSlices } from '../slices.ts'
import { currentCorpusModel } from './corpus/currentModel.ts'

/** A digest chooses among the papers listed in this many days, the digest's own day included. */
export const WINDOW_DAYS = 7
const KEPT = 3

/** The last listing day a digest of a day may bring: its own, or the UTC day where that has begun when it is due. */
export function lastListingDay(on: LocalDate, dueAt: Date): LocalDate {
  return laterOf(on, localDateAt(dueAt, 'UTC'))
}

interface Kept {
  key: string
  index: Promise<RankingIndex>
}

/**
 * The indexes last built, shared by all subscribers of a day. They hang on the corpus model they were built with, which is large:
 * when it gives way to a newer one they go with it.
 */
const kept = new WeakMap<CorpusModel | Db, Kept[]>()

/**
 * The index of the papers a digest of day `on` may bring, with what the corpus model teaches; built anew when a paper or sighting
 * in it changed, or the corpus model did.
 */
export async function candidateIndex(db: Db, on: LocalDate): Promise<RankingIndex> {
  const from = addDays(on, 1 - WINDOW_DAYS)
  const corpus = await currentCorpusModel(db)
  const holder = corpus ?? db
  const key = `${on}/${await candidatesVersion(db, from, on)}`
  const list = kept.get(holder) ?? []
  const found = list.find((entry) => entry.key === key)
  if (found) return found.index
  const index = listCandidates(db, from, on).then((papers) => inSlices(buildingIndex(papers, corpus)))
  const entry = { key, index }
  kept.set(holder, [entry, ...list.filter((other) => other.key !== key)].slice(0, KEPT))
  // A failed read is not kept: the next digest tries again.
  entry.index.catch(() =>
    kept.set(
      holder,
      (kept.get(holder) ?? []).filter((other) => other !== entry),
    ),
  )
  return entry.index
}
