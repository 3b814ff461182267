import { sql } from 'kysely'
import { deleteInBatches } from '../engine/batches.ts'
import type { Db, Tx } from '../engine/connect.ts'
import type { Write } from '../engine/rows.ts'
import type { ReplayRow } from '../engine/schema.ts'

export function findReplay(db: Db | Tx, fileKey: string): Promise<ReplayRow | undefined> {
  return db.selectFrom('replays').selectAll().where('file_key', '=', fileKey).executeTakeFirst()
}

/** Writes how far a replay has come. The time of the dump's first replay is not changed. */
export async function upsertReplay(tx: Tx, replay: ReplayRow): Promise<void> {
  const { file_key: _, observed_at: __, ...progress } = replay
  await tx
    .insertInto('replays')
    .values(replay)
    .onConflict((oc) => oc.column('file_key').doUpdateSet(progress))
    .execute()
}

/** Whether a batch was stored before. */
export async function findStoredBatch(tx: Tx, digest: Buffer): Promise<boolean> {
  const stored = await tx
    .selectFrom('stored_batches')
    .select('digest')
    .where('digest', '=', digest)
    .executeTakeFirst()
  return stored !== undefined
}

/** Records that a batch is stored. */
export function storedBatchInsert(digest: Buffer, storedAt: Date): Write {
  return sql`INSERT INTO stored_batches (digest, stored_at) VALUES (${digest}, ${storedAt}) ON CONFLICT DO NOTHING`
}

/**
 * Lets the commit return before the disk has it. If the database server crashes, its last moments may be lost as a
 * whole, including the replay's progress; the replay then repeats them.
 */
export async function commitWithoutWaiting(tx: Tx): Promise<void> {
  await sql`SET LOCAL synchronous_commit = off`.execute(tx)
}

/** Forgets dumps that were replayed before a time, and their batches: the same dump is then read again, which changes nothing. */
export async function deleteReplaysBefore(db: Db, before: Date): Promise<void> {
  await db.deleteFrom('replays').where('updated_at', '<', before).execute()
  await deleteInBatches((limit) =>
    sql`
      DELETE FROM stored_batches WHERE digest IN (
        SELECT digest FROM stored_batches WHERE stored_at < ${before} LIMIT ${limit})`.execute(db),
  )
}
