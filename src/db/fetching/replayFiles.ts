import { type Insertable, type Selectable, sql } from 'kysely'
import type { Db } from '../engine/connect.ts'
import { databaseTime } from '../engine/databaseTime.ts'
import type { ReplayFilesTable } from '../engine/schema.ts'

/** Files that the desk was given to replay. One worker at a time holds a file, until its claim ends. */

export type ReplayFileRow = Selectable<ReplayFilesTable>

/** Adds a file; gives its number. */
export async function insertReplayFile(db: Db, file: Insertable<ReplayFilesTable>): Promise<number> {
  const { id } = await db.insertInto('replay_files').values(file).returning('id').executeTakeFirstOrThrow()
  return id
}

export function findReplayFile(db: Db, id: number): Promise<ReplayFileRow | undefined> {
  return db.selectFrom('replay_files').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Lists the files added last, the newest first. */
export function listReplayFiles(db: Db, limit: number): Promise<ReplayFileRow[]> {
  return db.selectFrom('replay_files').selectAll().orderBy('id', 'desc').limit(limit).execute()
}

/** Takes a file that waits, or that its worker left. Undefined if it is not to be replayed, or another worker has it. */
export function claimReplayFile(
  db: Db,
  id: number,
  claim: string,
  leaseMs: number,
): Promise<ReplayFileRow | undefined> {
  return db
    .updateTable('replay_files')
    .set({
      status: 'running',
      claim,
      claimed_until: databaseTime(leaseMs),
      started_at: sql<Date>`coalesce(started_at, clock_timestamp())`,
    })
    .where('id', '=', id)
    .where('status', 'in', ['waiting', 'running'])
    .where((eb) => eb.or([eb('claimed_until', 'is', null), eb('claimed_until', '<', databaseTime())]))
    .returningAll()
    .executeTakeFirst()
}

/** Writes how far a replay has come and keeps the claim. Gives the file's state; undefined if the claim is lost. */
export async function reportReplayFile(
  db: Db,
  { id, claim }: Pick<ReplayFileRow, 'id'> & { claim: string },
  progress: Pick<ReplayFileRow, 'read_bytes' | 'entries'>,
  leaseMs: number,
): Promise<ReplayFileRow['status'] | undefined> {
  const row = await db
    .updateTable('replay_files')
    .set({ ...progress, claimed_until: databaseTime(leaseMs) })
    .where('id', '=', id)
    .where('claim', '=', claim)
    .returning('status')
    .executeTakeFirst()
  return row?.status
}

export type ReplayFileEnd = Pick<
  ReplayFileRow,
  | 'status'
  | 'read_bytes'
  | 'entries'
  | 'new'
  | 'updated'
  | 'unchanged'
  | 'rejected'
  | 'rejects_path'
  | 'remarks'
>

/** Writes what became of a file and gives it back. A file that was to be stopped is cancelled. */
export async function endReplayFile(
  db: Db,
  { id, claim }: Pick<ReplayFileRow, 'id'> & { claim: string },
  { status, ...end }: Partial<ReplayFileEnd> & Pick<ReplayFileEnd, 'status'>,
): Promise<void> {
  await db
    .updateTable('replay_files')
    .set({
      ...end,
      status: sql<
        ReplayFileRow['status']
      >`CASE WHEN status = 'stopping' AND ${status} = 'waiting' THEN 'cancelled' ELSE ${status} END`,
      claim: null,
      claimed_until: null,
      finished_at: sql<Date | null>`CASE WHEN status = 'stopping' OR ${status} <> 'waiting' THEN clock_timestamp() END`,
    })
    .where('id', '=', id)
    .where('claim', '=', claim)
    .execute()
}

/** Asks for a replay to stop, or ends one that nobody has begun. Gives whether it was to be done. */
export async function cancelReplayFile(db: Db, id: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('replay_files')
    .set({
      status: sql<
        ReplayFileRow['status']
      >`CASE WHEN claimed_until > clock_timestamp() THEN 'stopping' ELSE 'cancelled' END`,
      finished_at: sql<Date | null>`CASE WHEN claimed_until > clock_timestamp() THEN NULL ELSE clock_timestamp() END`,
    })
    .where('id', '=', id)
    .where('status', 'in', ['waiting', 'running', 'stopping'])
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Lets a replay that was cancelled or failed go on where it stopped. Gives whether it does. */
export async function resumeReplayFile(db: Db, id: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('replay_files')
    .set({ status: 'waiting', finished_at: null, remarks: [] })
    .where('id', '=', id)
    .where('status', 'in', ['cancelled', 'failed'])
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Lists files that wait or were left by their worker, and that nobody holds. One that was to be stopped ends here. */
export async function listForgottenReplayFiles(db: Db): Promise<number[]> {
  await db
    .updateTable('replay_files')
    .set({ status: 'cancelled', finished_at: databaseTime() })
    .where('status', '=', 'stopping')
    .where('claimed_until', '<', databaseTime())
    .execute()
  const rows = await db
    .selectFrom('replay_files')
    .select('id')
    .where('status', 'in', ['waiting', 'running'])
    .where((eb) => eb.or([eb('claimed_until', 'is', null), eb('claimed_until', '<', databaseTime())]))
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}

/** Deletes the rows of files that ended before a time; gives them, so that what they left can be removed. */
export function deleteReplayFilesBefore(db: Db, before: Date): Promise<ReplayFileRow[]> {
  return db.deleteFrom('replay_files').where('finished_at', '<', before).returningAll().execute()
}
