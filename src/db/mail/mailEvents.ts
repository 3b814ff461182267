import { type Insertable, sql } from 'kysely'
import { deleteInBatches } from '../engine/batches.ts'
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

/**
 * Lists the mails of a subscriber that bounced or were refused for good, since a mail was last known to be delivered or
 * a suppression was lifted.
 */
export function listBounces(tx: Tx, subscriberId: number): Promise<{ status: string | null; at: Date }[]> {
  return tx
    .selectFrom('mail_events')
    .select(['status', 'at'])
    .where('subscriber_id', '=', subscriberId)
    .where((eb) =>
      eb.or([
        eb('kind', '=', 'bounced'),
        eb.and([eb('kind', '=', 'rejected'), eb('status', 'is not', null)]),
      ]),
    )
    .where('id', '>', (eb) =>
      eb
        .selectFrom('mail_events as cleared')
        .select((cleared) => cleared.fn.coalesce(cleared.fn.max('id'), cleared.lit(0)).as('id'))
        .where('cleared.subscriber_id', '=', subscriberId)
        .where('cleared.kind', 'in', ['delivered', 'lifted']),
    )
    .execute()
}

/** Deletes what was told of mails before a time. Looks at the oldest rows alone, by the primary key. */
export async function deleteMailEventsBefore(db: Db, before: Date): Promise<void> {
  await deleteInBatches((limit) =>
    sql`
      DELETE FROM mail_events WHERE id IN (
        SELECT id FROM (SELECT id, at FROM mail_events ORDER BY id LIMIT ${limit}) AS oldest WHERE at < ${before})`.execute(
      db,
    ),
  )
}
