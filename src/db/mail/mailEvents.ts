import type { Insertable } from 'kysely'
import type { Db, Tx } from '../engine/connect.ts'
import { databaseTime } from '../engine/databaseTime.ts'
import type { MailEventsTable } from '../engine/schema.ts'

export async function insertMailEvent(db: Db | Tx, event: Insertable<MailEventsTable>): Promise<void> {
  await db.insertInto('mail_events').values(event).execute()
}

/** Adds an event that came back with a report; false if that report was stored before. */
export async function insertReportedEvent(
  db: Db | Tx,
  event: Insertable<MailEventsTable> & { report: string },
): Promise<boolean> {
  const result = await db
    .insertInto('mail_events')
    .values(event)
    .onConflict((oc) => oc.column('report').doNothing())
    .executeTakeFirst()
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n
}

/** Lists the mail server's newest answers that are not older than `withinMs`, the newest first. */
export async function listNewestEventKinds(
  db: Db,
  limit: number,
  withinMs: number,
): Promise<MailEventsTable['kind'][]> {
  const newest = db
    .selectFrom('mail_events')
    .select(['kind', 'at'])
    .where('source', '=', 'relay')
    .orderBy('id', 'desc')
    .limit(limit)
    .as('newest')
  const rows = await db.selectFrom(newest).select('kind').where('at', '>', databaseTime(-withinMs)).execute()
  return rows.map((row) => row.kind)
}
