import { sql } from 'kysely'
import type { Db, Tx } from '../engine/connect.ts'
import type { CapturedMailRow } from '../engine/schema.ts'

/** A captured mail without its body, for lists. */
export type CapturedMailHead = Omit<CapturedMailRow, 'raw'>

const HEAD = ['id', 'received_at', 'mail_from', 'rcpt_to', 'subject'] as const

/** A mail as the capture server passes it on. */
export interface NewCapturedMail {
  /** The envelope's sender and recipients. */
  mailFrom: string
  rcptTo: string[]
  subject: string
  /** The message as received. */
  raw: Buffer
  receivedAt: Date
}

/** Stores a mail for the inbox page; returns its id. */
export async function insertCapturedMail(db: Db, mail: NewCapturedMail): Promise<number> {
  const row = await db
    .insertInto('captured_mails')
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

/** Lists mails, the newest first. `before`: only those with a smaller id. */
export function listCapturedMails(
  db: Db,
  options: { limit: number; before?: number },
): Promise<CapturedMailHead[]> {
  let query = db.selectFrom('captured_mails').select(HEAD).orderBy('id', 'desc').limit(options.limit)
  if (options.before !== undefined) query = query.where('id', '<', options.before)
  return query.execute()
}

export function findCapturedMail(db: Db, id: number): Promise<CapturedMailRow | undefined> {
  return db.selectFrom('captured_mails').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Deletes the captured mails to one address. */
export async function deleteCapturedMailsTo(tx: Tx, email: string): Promise<void> {
  await tx
    .deleteFrom('captured_mails')
    .where(
      sql<boolean>`EXISTS (SELECT FROM unnest(rcpt_to) AS rcpt WHERE lower(rcpt) = ${email.toLowerCase()})`,
    )
    .execute()
}

/** Keeps the newest `keep` mails and deletes the others; returns how many. */
export async function pruneCapturedMails(db: Db, keep: number): Promise<number> {
  const result = await db
    .deleteFrom('captured_mails')
    .where('id', '<=', (eb) =>
      eb.selectFrom('captured_mails').select('id').orderBy('id', 'desc').offset(keep).limit(1),
    )
    .executeTakeFirst()
  return Number(result.numDeletedRows)
}
