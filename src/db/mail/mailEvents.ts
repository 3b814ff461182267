import type { Insertable } from 'kysely'
import type { Db, Tx } from '../engine/connect.ts'
import type { MailEventsTable } from '../engine/schema.ts'

export async function insertMailEvent(db: Db | Tx, event: Insertable<MailEventsTable>): Promise<void> {
  await db.insertInto('mail_events').values(event).execute()
}
