import { type Selectable, sql } from 'kysely'
import type { Db } from '../engine/connect.ts'
import { databaseTime } from '../engine/databaseTime.ts'
import type { AlertsTable } from '../engine/schema.ts'

export type AlertRow = Selectable<AlertsTable>

/** What needs a person now. */
export interface OpenAlert {
  key: string
  severity: 'bad' | 'warning'
  title: string
  reason: string
  since: Date
}

/**
 * Writes what needs a person now, and what no longer does. New trouble waits for `graceMs` before it is told: what
 * clears within that time is told to nobody. Trouble that comes back after it cleared is new.
 */
export async function writeAlerts(db: Db, open: OpenAlert[], now: Date, graceMs: number): Promise<void> {
  await db.transaction().execute(async (tx) => {
    for (const alert of open) {
      await sql`
        INSERT INTO alerts (key, severity, title, reason, since, claimed_until)
        VALUES (${alert.key}, ${alert.severity}, ${alert.title}, ${alert.reason}, ${alert.since}, ${databaseTime(graceMs)})
        ON CONFLICT (key) DO UPDATE SET
          severity = excluded.severity, title = excluded.title, reason = excluded.reason,
          since = CASE WHEN alerts.cleared_at IS NULL THEN alerts.since ELSE excluded.since END,
          claimed_until = CASE WHEN alerts.cleared_at IS NULL THEN alerts.claimed_until ELSE excluded.claimed_until END,
          told_at = CASE WHEN alerts.cleared_at IS NULL THEN alerts.told_at END,
          set_aside_at = CASE WHEN alerts.cleared_at IS NULL THEN alerts.set_aside_at END,
          tries = CASE WHEN alerts.cleared_at IS NULL THEN alerts.tries ELSE 0 END,
          cleared_at = NULL, clear_told_at = NULL`.execute(tx)
    }
    const keys = open.map(({ key }) => key)
    await tx
      .updateTable('alerts')
      .set({ cleared_at: now, claimed_until: null, tries: 0 })
      .where('cleared_at', 'is', null)
      .where('key', '<>', sql<string>`ALL(${keys})`)
      .execute()
    // Nobody was told of these, so nobody need be told that they are over.
    await tx
      .deleteFrom('alerts')
      .where('cleared_at', 'is not', null)
      .where((eb) => eb.or([eb('told_at', 'is', null), eb('clear_told_at', 'is not', null)]))
      .execute()
  })
}

/** Claims what is to be told: new trouble, and what cleared after it was told. Nobody else gets it for `leaseMs`. */
export function claimAlerts(db: Db, leaseMs: number): Promise<AlertRow[]> {
  return db
    .updateTable('alerts')
    .set((eb) => ({ claimed_until: databaseTime(leaseMs), tries: eb('tries', '+', 1) }))
    .where((eb) =>
      eb.or([
        eb.and([eb('told_at', 'is', null), eb('cleared_at', 'is', null), eb('set_aside_at', 'is', null)]),
        eb.and([
          eb('told_at', 'is not', null),
          eb('cleared_at', 'is not', null),
          eb('clear_told_at', 'is', null),
        ]),
      ]),
    )
    .where((eb) => eb.or([eb('claimed_until', 'is', null), eb('claimed_until', '<', databaseTime())]))
    .returningAll()
    .execute()
}

/** Records that claimed alerts were told. */
export async function markAlertsTold(db: Db, told: AlertRow[], now: Date): Promise<void> {
  const keysOf = (cleared: boolean) =>
    told.filter((alert) => (alert.cleared_at !== null) === cleared).map(({ key }) => key)
  await db
    .updateTable('alerts')
    .set({ told_at: now, claimed_until: null, tries: 0 })
    .where('key', '=', sql<string>`ANY(${keysOf(false)})`)
    .where('told_at', 'is', null)
    .execute()
  await db
    .updateTable('alerts')
    .set({ clear_told_at: now, claimed_until: null })
    .where('key', '=', sql<string>`ANY(${keysOf(true)})`)
    .where('cleared_at', 'is not', null)
    .execute()
}

/** Lets alerts that could not be told be tried again after `waitMs`. */
export async function postponeAlerts(db: Db, alerts: AlertRow[], waitMs: number): Promise<void> {
  await db
    .updateTable('alerts')
    .set({ claimed_until: databaseTime(waitMs) })
    .where('key', '=', sql<string>`ANY(${alerts.map(({ key }) => key)})`)
    .execute()
}

/** Takes trouble off the list until it clears. */
export async function setAlertAside(db: Db, alert: OpenAlert, now: Date): Promise<void> {
  await db
    .insertInto('alerts')
    .values({ ...alert, set_aside_at: now })
    .onConflict((oc) => oc.column('key').doUpdateSet({ set_aside_at: now, cleared_at: null }))
    .execute()
}

/** Lists the keys of trouble that an admin has set aside. */
export async function listSetAside(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('alerts')
    .select('key')
    .where('set_aside_at', 'is not', null)
    .where('cleared_at', 'is', null)
    .execute()
  return rows.map(({ key }) => key)
}
