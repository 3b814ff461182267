import { sql } from 'kysely'
import type { Db, Tx } from '../engine/connect.ts'
import type { MailRequestKind } from '../engine/schema.ts'

/** What somebody typed into a form that asks for a mail. */
export interface MailRequest {
  kind: MailRequestKind
  /** As `parseAddress` gave it. */
  email: string
  /** The preferences of a sign-up; else empty. */
  wish: object
}

/** Keeps a request until a job takes it; returns its id. */
export async function insertMailRequest(db: Db | Tx, request: MailRequest, at: Date): Promise<number> {
  const row = await db
    .insertInto('mail_requests')
    .values({ ...request, wish: JSON.stringify(request.wish), at })
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

/** Takes a request: it is gone when the transaction ends. Undefined if it was taken before. */
export async function takeMailRequest(tx: Tx, id: number): Promise<MailRequest | undefined> {
  return tx
    .deleteFrom('mail_requests')
    .where('id', '=', id)
    .returning(['kind', 'email', 'wish'])
    .executeTakeFirst() as Promise<MailRequest | undefined>
}

/** Lists requests from before that nobody took: their job was lost. */
export async function listForgottenRequests(db: Db, before: Date, limit: number): Promise<number[]> {
  const rows = await db
    .selectFrom('mail_requests')
    .select('id')
    .where('at', '<', before)
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
}

/** Limits on the mails that one mailbox gets because somebody typed its address. */
export interface MailAllowance {
  /** Most mails within the period. */
  most: number
  periodMs: number
  /** Time between two mails. */
  pauseMs: number
}

/**
 * Counts a mail to a mailbox (as keyed hash), if it may have one now; false if not, and then nothing is counted. Two
 * who ask at the same moment are counted one after the other.
 */
export async function useMailAllowance(
  db: Db | Tx,
  mailboxHash: string,
  { most, periodMs, pauseMs }: MailAllowance,
  now: Date,
): Promise<boolean> {
  const since = new Date(now.getTime() - periodMs)
  const lastBefore = new Date(now.getTime() - pauseMs)
  const { numAffectedRows } = await sql`
    INSERT INTO mail_allowances (mailbox_hash, mailed, updated_at)
    VALUES (${mailboxHash}, ARRAY[${now}::timestamptz], ${now})
    ON CONFLICT (mailbox_hash) DO UPDATE SET
      mailed = ARRAY(SELECT at FROM unnest(mail_allowances.mailed) AS at WHERE at > ${since}) || ${now}::timestamptz,
      updated_at = excluded.updated_at
    WHERE (SELECT count(*) FROM unnest(mail_allowances.mailed) AS at WHERE at > ${since}) < ${most}
      AND NOT EXISTS (SELECT FROM unnest(mail_allowances.mailed) AS at WHERE at > ${lastBefore})`.execute(db)
  return (numAffectedRows ?? 0n) > 0n
}

/** Forgets mailboxes that were not mailed since. */
export async function deleteMailAllowances(db: Db, before: Date): Promise<void> {
  await db.deleteFrom('mail_allowances').where('updated_at', '<', before).execute()
}

/**
 * Counts a sign-up in the hour of `at` and keeps its request, in one statement: everyone who signs up waits for the row of the
 * hour, so nobody may hold it for longer than that. Undefined if the hour has `most` already; then nothing is written. The
 * count is exact however many processes count at the same moment.
 */
export async function insertSignUpRequest(
  db: Db,
  { email, wish }: Omit<MailRequest, 'kind'>,
  { most, at }: { most: number; at: Date },
): Promise<number | undefined> {
  const { rows } = await sql<{ id: number }>`
    WITH counted AS (
      INSERT INTO sign_up_hours (hour, sign_ups) VALUES (date_trunc('hour', ${at}::timestamptz), 1)
      ON CONFLICT (hour) DO UPDATE SET sign_ups = sign_up_hours.sign_ups + 1
      WHERE sign_up_hours.sign_ups < ${most}
      RETURNING hour)
    INSERT INTO mail_requests (kind, email, wish, at)
    SELECT ${'sign-up' satisfies MailRequestKind}, ${email}, ${JSON.stringify(wish)}::jsonb, ${at} FROM counted
    RETURNING id`.execute(db)
  return rows[0]?.id
}

/** Takes a sign-up out of the count of its hour again, because no mail follows from it. */
export async function uncountSignUp(db: Db | Tx, now: Date): Promise<void> {
  await sql`
    UPDATE sign_up_hours SET sign_ups = greatest(sign_ups - 1, 0)
    WHERE hour = date_trunc('hour', ${now}::timestamptz)`.execute(db)
}

/** Forgets the counts of hours from before. */
export async function deleteSignUpHours(db: Db, before: Date): Promise<void> {
  await db.deleteFrom('sign_up_hours').where('hour', '<', before).execute()
}
