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

/** What a group of tables takes on disk, indexes and all. */
export interface TableSize {
  name: string
  bytes: number
}

/** Reads the sizes of the product's tables and of the queue that lives in the database (`queue`). */
export async function readTableSizes(db: Db): Promise<TableSize[]> {
  const { rows } = await sql<TableSize>`
    SELECT CASE WHEN nspname = 'public' THEN relname::text ELSE 'queue' END AS name,
      sum(pg_total_relation_size(class.oid))::float8 AS bytes
    FROM pg_class AS class JOIN pg_namespace AS space ON space.oid = relnamespace
    WHERE relkind = 'r' AND nspname IN ('public', 'bullmq')
    GROUP BY 1`.execute(db)
  return rows
}

/** The size of the newest backup, in bytes; undefined if there is none. */
export async function findLastBackupSize(db: Db): Promise<number | undefined> {
  const row = await db.selectFrom('backups').select('bytes').orderBy('id', 'desc').limit(1).executeTakeFirst()
  return row?.bytes
}
