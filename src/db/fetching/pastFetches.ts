import type { Insertable, Selectable } from 'kysely'
import type { Db, Tx } from '../engine/connect.ts'
import type { PastFetchesTable } from '../engine/schema.ts'

export type PastFetch = Selectable<PastFetchesTable>

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

/** Lists the newest fetches of a source. `before`: only those with a smaller id. */
export function listPastFetches(
  db: Db,
  sourceId: number,
  { limit, before }: { limit: number; before?: number },
): Promise<PastFetch[]> {
  let query = db
    .selectFrom('past_fetches')
    .selectAll()
    .where('source_id', '=', sourceId)
    .orderBy('id', 'desc')
    .limit(limit)
  if (before !== undefined) query = query.where('id', '<', before)
  return query.execute()
}

/** Deletes the records of fetches before a time; returns how many. */
export async function deletePastFetchesBefore(db: Db, before: Date): Promise<number> {
  const result = await db.deleteFrom('past_fetches').where('at', '<', before).executeTakeFirst()
  return Number(result.numDeletedRows)
}
