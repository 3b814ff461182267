import { sql } from 'kysely'
import type { Db, Tx } from '../engine/connect.ts'
import { databaseTime } from '../engine/databaseTime.ts'

/** A pause of sending, because the mail server is away or refuses every mail. */
export interface MailPause {
  /** The mail server's answer, for people. */
  reason: string
  since: Date
  /** The time of the next try. */
  until: Date
  /** Whether that time is still to come, by the database's clock. */
  lasts: boolean
}

const FIRST_PAUSE_SECONDS = 10
const LONGEST_PAUSE_SECONDS = 40

/** Finds the current pause; undefined if mail is being sent. */
export async function findMailPause(db: Db | Tx): Promise<MailPause | undefined> {
  return db
    .selectFrom('mail_pauses')
    .select((eb) => ['reason', 'since', 'until', eb('until', '>', databaseTime()).as('lasts')])
    .executeTakeFirst() as Promise<MailPause | undefined>
}

/**
 * Begins a pause of ten seconds. If an earlier pause is over and no mail was accepted since, the new one is twice as
 * long, up to forty seconds: one mail tries then, and sending goes on within a minute after the fault is mended.
 */
export async function pauseMail(db: Db | Tx, reason: string): Promise<void> {
  await sql`
    INSERT INTO mail_pauses (id, reason, since, until, tries)
    VALUES (1, ${reason}, ${databaseTime()}, ${databaseTime(FIRST_PAUSE_SECONDS * 1000)}, 1)
    ON CONFLICT (id) DO UPDATE SET
      reason = excluded.reason,
      tries = mail_pauses.tries + 1,
      until = ${databaseTime()}
        + least(${FIRST_PAUSE_SECONDS} * 2 ^ least(mail_pauses.tries, 20), ${LONGEST_PAUSE_SECONDS}) * interval '1 second'
    WHERE mail_pauses.until <= ${databaseTime()}`.execute(db)
}

/** Ends the pause, because the mail server accepted a mail. */
export async function endMailPause(db: Db | Tx): Promise<void> {
  await db.deleteFrom('mail_pauses').execute()
}

/** Lets all mail that waits be tried at once. The pause ends only when the mail server accepts a mail. */
export async function tryMailNow(db: Db): Promise<void> {
  await db.updateTable('mail_pauses').set({ until: databaseTime() }).execute()
  await db
    .updateTable('digests')
    .set({ retry_at: null })
    .where('status', '=', 'sending')
    .where('retry_at', 'is not', null)
    .execute()
}
