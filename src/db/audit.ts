import type { Selectable } from 'kysely'
import type { Db, Tx } from './engine/connect.ts'
import type { AuditTable } from './engine/schema.ts'

export type AuditRow = Selectable<AuditTable>

export interface AuditEntry {
  at: Date
  /** Who acted: `subscriber`, `web`, `command line`, `admin`. */
  actor: string
  /** What was done, in the past tense: `confirmed`, `unsubscribed`. */
  action: string
  /** The id of the object: `subscriber 12`. Never an address, because these rows outlive the subscriber. */
  subject?: string
  details?: Record<string, unknown>
}

export function insertAudit(db: Db | Tx, entry: AuditEntry): Promise<void> {
  return insertAudits(db, [entry])
}

/** Writes many entries at once. */
export async function insertAudits(db: Db | Tx, entries: AuditEntry[]): Promise<void> {
  if (entries.length === 0) return
  await db
    .insertInto('audit')
    .values(
      entries.map((entry) => ({
        at: entry.at,
        actor: entry.actor,
        action: entry.action,
        subject: entry.subject ?? null,
        details: JSON.stringify(entry.details ?? {}),
      })),
    )
    .execute()
}

/** Lists the newest entries first. */
export function listAudit(db: Db, limit: number): Promise<AuditRow[]> {
  return db.selectFrom('audit').selectAll().orderBy('id', 'desc').limit(limit).execute()
}

/** Deletes entries older than `before`; returns how many. */
export async function deleteAuditBefore(db: Db, before: Date): Promise<number> {
  const result = await db.deleteFrom('audit').where('at', '<', before).executeTakeFirst()
  return Number(result.numDeletedRows)
}
