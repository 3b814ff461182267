import { keepPromise, keptFor, newPromiseCache } from '../caching.ts'
import { addDays } from '../calendar.ts'
import type { Db } from '../db/engine/connect.ts'
import { listTitles } from '../db/papers/paperLists.ts'
import type { LocalDate } from '../domain.ts'
import { risingTerms } from '../ranking/choose/risingTerms.ts'

const DAYS = 30
const LATELY = 5
const TERMS = 12
const HOUR = 60 * 60 * 1000

const termsOf = keptFor((_db: Db) => newPromiseCache<string, string[]>(1))

/** Terms that rise in the titles of the last days up to `day`, for people who do not know yet what to type. Read once an hour. */
export function startingPoints(db: Db, day: LocalDate, now: Date): Promise<string[]> {
  const key = `${day}/${Math.floor(now.getTime() / HOUR)}`
  return keepPromise(termsOf(db), key, async () =>
    risingTerms(
      await listTitles(db, { from: addDays(day, 1 - DAYS), to: day }),
      addDays(day, 1 - LATELY),
      TERMS,
    ),
  )
}
