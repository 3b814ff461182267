import { addDays } from '../calendar.ts'
import type { Db } from '../db/connect.ts'
import { candidatesVersion, listCandidates } from '../db/papers.ts'
import type { LocalDate } from '../domain.ts'
import { buildIndex, type PaperIndex } from '../ranking/paperIndex.ts'

/** A digest chooses among the papers listed in this many days, the digest's own day included. */
export const WINDOW_DAYS = 7
const KEPT = 3

interface Kept {
  key: string
  index: Promise<PaperIndex>
}

/** The indexes last built, per database: one is shared by all subscribers of a day. */
const kept = new WeakMap<Db, Kept[]>()

/** The index of the papers a digest of day `on` may bring; built anew when a paper or sighting in it changed. */
export async function candidateIndex(db: Db, on: LocalDate): Promise<PaperIndex> {
  const from = addDays(on, 1 - WINDOW_DAYS)
  const key = `${on}/${await candidatesVersion(db, from, on)}`
  const list = kept.get(db) ?? []
  const found = list.find((entry) => entry.key === key)
  if (found) return found.index
  const entry = { key, index: listCandidates(db, from, on).then((papers) => buildIndex(papers)) }
  kept.set(db, [entry, ...list.filter((other) => other.key !== key)].slice(0, KEPT))
  // A failed read is not kept: the next digest tries again.
  entry.index.catch(() =>
    kept.set(
      db,
      (kept.get(db) ?? []).filter((other) => other !== entry),
    ),
  )
  return entry.index
}
