import { addDays } from '../calendar.ts'
import type { Db } from '../db/connect.ts'
import { candidatesVersion, listCandidates } from '../db/papers.ts'
import type { LocalDate } from '../domain.ts'
import { buildIndex, type PaperIndex } from '../ranking/paperIndex.ts'
import { currentModel } from './collectionModel.ts'

/** A digest chooses among the papers listed in this many days, the digest's own day included. */
export const WINDOW_DAYS = 7
const KEPT = 3

interface Kept {
  key: string
  /** The collection's version, 0 for none. */
  version: number
  index: Promise<PaperIndex>
}

/** The indexes last built, per database: one is shared by all subscribers of a day. */
const kept = new WeakMap<Db, Kept[]>()

/**
 * The index of the papers a digest of day `on` may bring, with what the collection teaches; built anew when a paper or sighting
 * in it changed, or the collection was.
 */
export async function candidateIndex(db: Db, on: LocalDate): Promise<PaperIndex> {
  const from = addDays(on, 1 - WINDOW_DAYS)
  const current = await currentModel(db)
  const version = current?.model.id ?? 0
  const key = `${on}/${version}/${await candidatesVersion(db, from, on)}`
  // An index of another version would hold on to that collection, which is large.
  const list = (kept.get(db) ?? []).filter((entry) => entry.version === version)
  const found = list.find((entry) => entry.key === key)
  if (found) return found.index
  const index = listCandidates(db, from, on).then((papers) => buildIndex(papers, current?.collection))
  const entry = { key, version, index }
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
