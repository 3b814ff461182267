import type { Insertable, Selectable } from 'kysely'
import type { Db } from './engine/connect.ts'
import type { AdminSessionsTable } from './engine/schema.ts'

export type AdminSessionRow = Selectable<AdminSessionsTable>

export async function insertAdminSession(db: Db, session: Insertable<AdminSessionsTable>): Promise<void> {
  await db.insertInto('admin_sessions').values(session).execute()
}

/** Finds a session that has not expired. */
export function findAdminSession(db: Db, hash: string, now: Date): Promise<AdminSessionRow | undefined> {
  return db
    .selectFrom('admin_sessions')
    .selectAll()
    .where('hash', '=', hash)
    .where('expires_at', '>', now)
    .executeTakeFirst()
}

export async function markAdminSessionSeen(db: Db, id: number, now: Date): Promise<void> {
  await db.updateTable('admin_sessions').set({ seen_at: now }).where('id', '=', id).execute()
}

/** Lists the sessions that have not expired, the last used first. */
export function listAdminSessions(db: Db, now: Date): Promise<AdminSessionRow[]> {
  return db
    .selectFrom('admin_sessions')
    .selectAll()
    .where('expires_at', '>', now)
    .orderBy('seen_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
}

/** Ends a session; false if there is none of that number. */
export async function deleteAdminSession(db: Db, id: number): Promise<boolean> {
  const result = await db.deleteFrom('admin_sessions').where('id', '=', id).executeTakeFirst()
  return result.numDeletedRows > 0n
}

/** Ends all sessions but one; all, if whoever asks has none of their own. */
export async function deleteOtherAdminSessions(db: Db, keep: number | undefined): Promise<void> {
  await db
    .deleteFrom('admin_sessions')
    .where('id', '<>', keep ?? 0)
    .execute()
}

/** Deletes sessions that expired before a time; returns how many. */
export async function deleteAdminSessionsBefore(db: Db, before: Date): Promise<number> {
  const result = await db.deleteFrom('admin_sessions').where('expires_at', '<', before).executeTakeFirst()
  return Number(result.numDeletedRows)
}
