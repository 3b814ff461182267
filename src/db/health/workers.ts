import type { Selectable } from 'kysely'
import type { Db } from '../engine/connect.ts'
import { databaseTime } from '../engine/databaseTime.ts'
import type { WorkersTable } from '../engine/schema.ts'

export type WorkerRow = Selectable<WorkersTable>

/** Records that a worker runs now, by the database's clock. */
export async function reportWorker(db: Db, worker: { id: string; host: string }): Promise<void> {
  await db
    .insertInto('workers')
    .values({ ...worker, started_at: databaseTime(), seen_at: databaseTime() })
    .onConflict((oc) => oc.column('id').doUpdateSet({ seen_at: databaseTime(), stopped_at: null }))
    .execute()
}

/** Records that a worker stopped in order. */
export async function markWorkerStopped(db: Db, id: string): Promise<void> {
  await db.updateTable('workers').set({ stopped_at: databaseTime() }).where('id', '=', id).execute()
}

/** Lists the workers that reported lately, the last seen first. */
export function listWorkers(db: Db): Promise<WorkerRow[]> {
  return db.selectFrom('workers').selectAll().orderBy('seen_at', 'desc').execute()
}

/** Deletes workers last seen before a time; returns how many. The worker seen last is kept. */
export async function deleteWorkersBefore(db: Db, before: Date): Promise<number> {
  const result = await db
    .deleteFrom('workers')
    .where('seen_at', '<', before)
    .where('seen_at', '<', (eb) => eb.selectFrom('workers').select((all) => all.fn.max('seen_at').as('last')))
    .executeTakeFirst()
  return Number(result.numDeletedRows)
}
