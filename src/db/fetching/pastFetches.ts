import type { Insertable } from 'kysely'
import type { Db, Tx } from '../engine/connect.ts'
import type { PastFetchesTable } from '../engine/schema.ts'

/** Records a fetch with its outcome: adds one to the source's count, and a line that people can look up for some weeks. */
export async function recordFetch(db: Db | Tx, fetch: Insertable<PastFetchesTable>): Promise<void> {
  await db.insertInto('past_fetches').values(fetch).execute()
  await db
    .insertInto('fetch_counts')
    .values({ source_id: fetch.source_id, outcome: fetch.outcome, fetches: 1 })
    .onConflict((oc) =>
      oc.columns(['source_id', 'outcome']).doUpdateSet((eb) => ({
        fetches: eb('fetch_counts.fetches', '+', 1),
      })),
    )
    .execute()
}

/** Deletes the records of fetches before a time; returns how many. */
export async function deletePastFetchesBefore(db: Db, before: Date): Promise<number> {
  const result = await db.deleteFrom('past_fetches').where('at', '<', before).executeTakeFirst()
  return Number(result.numDeletedRows)
}
