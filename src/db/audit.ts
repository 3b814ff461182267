import type { Selectable } from 'kysely'
import type { Db, Tx } from './engine/connect.ts'
import type { AuditTable } from './engine/schema.ts'

export type AuditRow = Selectable<AuditTable>

export interface AuditEntry {
  at: Date
  /** Who did it: `subscriber`, `web`, `command line`, `admin`. */
  actor: string
  /** In the past tense: `confirmed`, `unsubscribed`. */
  action: string
  /** What it was done to, by id: `subscriber 12`. Never an address: these rows outlive the subscriber. */
  subject?: string
  details?: Record<string, unknown>
}

export async function insertAudit(db: Db | Tx, entry: AuditEntry): Promise<void> {
  await db
    .insertInto('audit')
    .values({
      at: entry.at,
      actor: entry.actor,
      action: entry.action,
      subject: entry.subject ?? null,
      details: JSON.stringify(entry.details ?? {}),
    })
    .execute()
}

/** The newest entries first. */
export function listAudit(db: Db, limit: number): Promise<AuditRow[]> {
  return db.selectFrom('audit').selectAll().orderBy('id', 'desc').limit(limit).execute()
}

/** Removes entries older than `before`; gives how many. */
export async function deleteAuditBefore(db: Db, before: Date): Promise<number> {
  const result = await db.deleteFrom('audit').where('at', '<', before).executeTakeFirst()
  return Number(result.numDeletedRows)
}
