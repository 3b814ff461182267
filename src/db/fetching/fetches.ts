import type { Insertable, Selectable } from 'kysely'
import type { FetchOutcome } from '../../domain.ts'
import type { Db, Tx } from '../engine/connect.ts'
import type { FetchesTable } from '../engine/schema.ts'

export type FetchRow = Selectable<FetchesTable>

/** Lists the last fetch of every address of a source. */
export function listFetches(db: Db, sourceId: number): Promise<FetchRow[]> {
  return db.selectFrom('fetches').selectAll().where('source_id', '=', sourceId).execute()
}

export function findFetch(db: Db | Tx, sourceId: number, address: string): Promise<FetchRow | undefined> {
  return db
    .selectFrom('fetches')
    .selectAll()
    .where('source_id', '=', sourceId)
    .where('address', '=', address)
    .executeTakeFirst()
}

/** Writes the last fetch of an address over the former one. Fields that are not given keep their value. */
export async function upsertFetch(db: Db | Tx, fetch: Insertable<FetchesTable>): Promise<void> {
  const { source_id: _source, address: _address, ...changes } = fetch
  await db
    .insertInto('fetches')
    .values(fetch)
    .onConflict((oc) => oc.columns(['source_id', 'address']).doUpdateSet(changes))
    .execute()
}

/** Writes how the last fetch of an address ended: what was read of its page, or why there is none. */
export async function markOutcome(
  db: Db | Tx,
  sourceId: number,
  address: string,
  result: { outcome: FetchOutcome; detail: string | null; entries?: number },
): Promise<void> {
  await db
    .updateTable('fetches')
    .set(result)
    .where('source_id', '=', sourceId)
    .where('address', '=', address)
    .execute()
}
