import { sql } from 'kysely'
import type { Db, Tx } from '../engine/connect.ts'
import type { CaughtMailRow } from '../engine/schema.ts'

/** A caught mail without its body, for lists. */
export type CaughtMailHead = Omit<CaughtMailRow, 'raw'>

const HEAD = ['id', 'received_at', 'mail_from', 'rcpt_to', 'subject'] as const

/** A mail as the catcher hands it over. */
export interface NewCaughtMail {
  /** Envelope sender and recipients. */
  mailFrom: string
  rcptTo: string[]
  subject: string
  /** The message as received. */
  raw: Buffer
  receivedAt: Date
}

/** Keeps a mail for the inbox page; gives its id. */
export async function insertCaughtMail(db: Db, mail: NewCaughtMail): Promise<number> {
  const row = await db
    .insertInto('caught_mails')
    .values({
      received_at: mail.receivedAt,
      mail_from: mail.mailFrom,
      rcpt_to: mail.rcptTo,
      // PostgreSQL text cannot hold U+0000; the raw message keeps it.
      subject: mail.subject.replaceAll('\0', ''),
      raw: mail.raw,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

/** The newest first; `before`: only those with a smaller id. */
export function listCaughtMails(
  db: Db,
  options: { limit: number; before?: number },
): Promise<CaughtMailHead[]> {
  let query = db.selectFrom('caught_mails').select(HEAD).orderBy('id', 'desc').limit(options.limit)
  if (options.before !== undefined) query = query.where('id', '<', options.before)
  return query.execute()
}

export function findCaughtMail(db: Db, id: number): Promise<CaughtMailRow | undefined> {
  return db.selectFrom('caught_mails').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Removes the mails caught for one address. */
export async function deleteCaughtMailsTo(tx: Tx, email: string): Promise<void> {
  await tx
    .deleteFrom('caught_mails')
    .where(
      sql<boolean>`EXISTS (SELECT FROM unnest(rcpt_to) AS rcpt WHERE lower(rcpt) = ${email.toLowerCase()})`,
    )
    .execute()
}

/** Keeps the newest `keep` mails; gives how many went. */
export async function pruneCaughtMails(db: Db, keep: number): Promise<number> {
  const result = await db
    .deleteFrom('caught_mails')
    .where('id', '<=', (eb) =>
      eb.selectFrom('caught_mails').select('id').orderBy('id', 'desc').offset(keep).limit(1),
    )
    .executeTakeFirst()
  return Number(result.numDeletedRows)
}
