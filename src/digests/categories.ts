import { keepPromise, keptFor, newPromiseCache } from '../caching.ts'
import type { Db } from '../db/engine/connect.ts'
import { type DaySpan, listCategories } from '../db/papers/paperLists.ts'
import { newestSighting } from '../db/papers/sightings.ts'

const CATEGORIES = 40
const SPANS_KEPT = 100
const TEN_MINUTES = 10 * 60 * 1000

const categoriesKept = keptFor((_db: Db) => newPromiseCache<string, string[]>(SPANS_KEPT))

/**
 * The categories to choose from in a list of some days, the most frequent first. They are read again when a list was stored, and
 * every ten minutes.
 */
export async function categoriesOf(db: Db, span: DaySpan, now: Date): Promise<string[]> {
  const version = `${await newestSighting(db)}/${Math.floor(now.getTime() / TEN_MINUTES)}`
  return keepPromise(categoriesKept(db), `${span.from}/${span.to}/${version}`, () =>
    listCategories(db, span, CATEGORIES),
  )
}
