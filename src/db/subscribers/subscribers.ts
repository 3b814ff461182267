import { type ExpressionBuilder, type Insertable, sql } from 'kysely'
import type { DigestTime } from '../../calendar.ts'
import type { Db, Tx } from '../engine/connect.ts'
import { selectRows } from '../engine/rows.ts'
import type { Database, SubscriberRow, SubscribersTable, SubscriberUpdate } from '../engine/schema.ts'

const DAY = 24 * 60 * 60 * 1000

export type NewSubscriber = Omit<Insertable<SubscribersTable>, 'email_key'>

/** An address for comparisons: one mailbox has one row, in whatever case it is typed. */
export function emailKey(email: string): string {
  return email.toLowerCase()
}

export function findSubscriber(db: Db | Tx, id: number): Promise<SubscriberRow | undefined> {
  return db.selectFrom('subscribers').selectAll().where('id', '=', id).executeTakeFirst()
}

export function findSubscriberByEmail(db: Db | Tx, email: string): Promise<SubscriberRow | undefined> {
  return db.selectFrom('subscribers').selectAll().where('email_key', '=', emailKey(email)).executeTakeFirst()
}

/** When a subscriber wants their digest, in the words of the calendar. */
export function scheduleOf({
  time_zone: zone,
  send_at: sendAt,
  weekdays,
}: Pick<SubscriberRow, 'time_zone' | 'send_at' | 'weekdays'>): DigestTime {
  return { zone, sendAt, weekdays }
}

/** Reads and locks a subscriber until the transaction ends. */
export function lockSubscriber(tx: Tx, id: number): Promise<SubscriberRow | undefined> {
  return tx.selectFrom('subscribers').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

export function listSubscribers(db: Db | Tx, ids: number[]): Promise<SubscriberRow[]> {
  return db
    .selectFrom('subscribers')
    .selectAll()
    .where('id', '=', sql<number>`ANY(${ids})`)
    .orderBy('id')
    .execute()
}

/** Adds a subscriber; undefined if the address has one already. */
export function insertSubscriber(tx: Tx, subscriber: NewSubscriber): Promise<SubscriberRow | undefined> {
  return tx
    .insertInto('subscribers')
    .values({ ...subscriber, email_key: emailKey(subscriber.email) })
    .onConflict((oc) => oc.column('email_key').doNothing())
    .returningAll()
    .executeTakeFirst()
}

/** Changes a subscriber and returns the changed row. */
export function updateSubscriber(
  db: Db | Tx,
  id: number,
  changes: SubscriberUpdate,
  now: Date,
): Promise<SubscriberRow> {
  return db
    .updateTable('subscribers')
    .set({ ...changes, updated_at: now })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Gives a subscriber another address. @throws if another subscriber has it. */
export async function changeAddress(tx: Tx, id: number, email: string, now: Date): Promise<void> {
  await tx
    .updateTable('subscribers')
    .set({ email, email_key: emailKey(email), updated_at: now })
    .where('id', '=', id)
    .execute()
}

/**
 * Deletes a subscriber with topics, tokens and digests (cascades) and with the mail server's answers to their mails.
 */
export async function deleteSubscriber(tx: Tx, id: number): Promise<void> {
  await tx.deleteFrom('mail_events').where('subscriber_id', '=', id).execute()
  await tx.deleteFrom('subscribers').where('id', '=', id).execute()
}

/**
 * Deletes subscribers who never confirmed (or wanted no mail) and were last asked before `before`; returns how many. Whom an
 * imported list calls unsubscribed stays, so that no later list makes them active.
 */
export async function deleteUnconfirmedSubscribers(db: Db, before: Date): Promise<number> {
  const result = await db
    .deleteFrom('subscribers')
    .where('status', 'in', ['pending', 'unsubscribed'])
    .where('confirmed_at', 'is', null)
    .where((eb) => eb.or([eb('status', '=', 'pending'), eb('consent_source', 'not like', 'import%')]))
    .where(sql<Date>`coalesce(confirmation_asked_at, created_at)`, '<', before)
    .executeTakeFirst()
  return Number(result.numDeletedRows)
}

/**
 * Lists and locks active subscribers whose digest is due, the longest due first. Other planners skip them until the
 * transaction ends.
 */
export function takeDueSubscribers(tx: Tx, now: Date, limit: number): Promise<SubscriberRow[]> {
  return tx
    .selectFrom('subscribers')
    .selectAll()
    .where('status', '=', 'active')
    .where('next_digest_at', '<=', now)
    .orderBy('next_digest_at')
    .orderBy('id')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute()
}

/** Lists subscribers whose pause is over, by id. */
export async function listPausedUntil(db: Db, now: Date, limit: number): Promise<number[]> {
  const rows = await db
    .selectFrom('subscribers')
    .select('id')
    .where('status', '=', 'paused')
    .where('paused_until', '<=', now)
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
}

/** Sets when each subscriber's next digest is due; null: none is. */
export async function setNextDigests(db: Db | Tx, next: { id: number; at: Date | null }[]): Promise<void> {
  if (next.length === 0) return
  await sql`
    UPDATE subscribers SET next_digest_at = next.at
    FROM (${selectRows(next, { id: 'bigint', at: 'timestamptz' })}) AS next
    WHERE subscribers.id = next.id`.execute(db)
}

/** Notes that a planned digest makes up for the pauses of these subscribers. */
export async function endCatchUps(db: Db | Tx, ids: number[]): Promise<void> {
  if (ids.length === 0) return
  await db
    .updateTable('subscribers')
    .set({ catch_up_from: null })
    .where('id', '=', sql<number>`ANY(${ids})`)
    .execute()
}

/**
 * Claims the mail requested at `askedAt` for sending, once; undefined if it was claimed before or requested again.
 */
export function claimConfirmation(
  db: Db,
  id: number,
  askedAt: Date,
  now: Date,
): Promise<SubscriberRow | undefined> {
  return db
    .updateTable('subscribers')
    .set({ confirmation_sent_at: now })
    .where('id', '=', id)
    .where('confirmation_asked_at', '=', askedAt)
    .where(isUnsent)
    .returningAll()
    .executeTakeFirst()
}

/** Releases a confirmation that the mail server certainly did not accept, so that another attempt may follow. */
export async function releaseConfirmation(db: Db, id: number, askedAt: Date): Promise<void> {
  await db
    .updateTable('subscribers')
    .set({ confirmation_sent_at: null })
    .where('id', '=', id)
    .where('confirmation_asked_at', '=', askedAt)
    .execute()
}

/** Lists mails requested in the day before `before` that nobody claimed: their job was lost. */
export async function listUnsentConfirmations(
  db: Db,
  before: Date,
  limit: number,
): Promise<{ subscriberId: number; askedAt: string }[]> {
  const rows = await db
    .selectFrom('subscribers')
    .select(['id', 'confirmation_asked_at'])
    .where('confirmation_asked_at', '>', new Date(before.getTime() - DAY))
    .where('confirmation_asked_at', '<', before)
    .where(isUnsent)
    .orderBy('confirmation_asked_at')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ subscriberId: row.id, askedAt: row.confirmation_asked_at!.toISOString() }))
}

/** The mail was requested and not claimed since. */
function isUnsent(eb: ExpressionBuilder<Database, 'subscribers'>) {
  return eb.or([
    eb('confirmation_sent_at', 'is', null),
    eb('confirmation_sent_at', '<', eb.ref('confirmation_asked_at')),
  ])
}

/** Lists everyone who gets digests, by id. */
export function listActiveSubscribers(db: Db): Promise<SubscriberRow[]> {
  return db.selectFrom('subscribers').selectAll().where('status', '=', 'active').orderBy('id').execute()
}
