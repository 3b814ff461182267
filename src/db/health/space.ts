import { sql } from 'kysely'
import type { Db } from '../engine/connect.ts'

/** Reads the size of the database on disk, in bytes. */
export async function readDatabaseSize(db: Db): Promise<number> {
  const { rows } = await sql<{ bytes: number }>`SELECT pg_database_size(current_database()) AS bytes`.execute(
    db,
  )
  return rows[0]!.bytes
}

/** When the newest backup was made; undefined if there is none. */
export async function findLastBackup(db: Db): Promise<Date | undefined> {
  const row = await db.selectFrom('backups').select('at').orderBy('id', 'desc').limit(1).executeTakeFirst()
  return row?.at
}

/** Records that a backup was made. */
export async function insertBackup(db: Db, backup: { at: Date; bytes: number }): Promise<void> {
  await db.insertInto('backups').values(backup).execute()
}
