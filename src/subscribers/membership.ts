import { localDateAt, nextDigestAt } from '../calendar.ts'
import { type AuditEntry, insertAudit } from '../db/audit.ts'
import type { Tx } from '../db/engine/connect.ts'
import type { SubscriberRow, SubscriberUpdate } from '../db/engine/schema.ts'
import { deleteCapturedMailsTo } from '../db/mail/capturedMails.ts'
import { deleteSignUp } from '../db/subscribers/signUps.ts'
import {
  deleteSubscriber,
  lockSubscriber,
  scheduleOf,
  updateSubscriber,
} from '../db/subscribers/subscribers.ts'
import { deleteTokensOf } from '../db/subscribers/tokens.ts'
import { replaceTopics } from '../db/subscribers/topics.ts'
import type { LocalDate, SubscriberStatus } from '../domain.ts'
import type { Tools } from '../tools.ts'
import type { Preferences } from './preferences.ts'

/** The part of a step's tools that these functions need. The web server has the same. */
export type Context = Pick<Tools, 'db' | 'now' | 'secret'>

/** Who did something, as the audit names them. */
export type Actor = 'subscriber' | 'web' | 'command line' | 'admin' | 'report'

/** Saves a subscriber's preferences. Does nothing if the subscriber is gone. */
export async function savePreferences(
  context: Context,
  subscriberId: number,
  preferences: Preferences,
): Promise<void> {
  const now = context.now()
  await context.db.transaction().execute(async (tx) => {
    const subscriber = await lockSubscriber(tx, subscriberId)
    if (!subscriber) return
    await writePreferences(tx, subscriber, preferences, now)
    await insertAudit(tx, auditEntry(now, 'subscriber', 'changed preferences', subscriberId))
  })
}

/** Writes preferences. A digest that is already due stays due; otherwise the next one comes at the next hour that fits them. */
export async function writePreferences(
  tx: Tx,
  subscriber: SubscriberRow,
  preferences: Preferences,
  now: Date,
): Promise<void> {
  const columns = columnsOf(preferences)
  const isDue = subscriber.next_digest_at !== null && subscriber.next_digest_at <= now
  const moves = subscriber.status === 'active' && !isDue
  const next = moves
    ? (nextDigestAt(scheduleOf({ ...subscriber, ...columns }), now) ?? null)
    : subscriber.next_digest_at
  await replaceTopics(tx, subscriber.id, preferences.topics)
  await updateSubscriber(tx, subscriber.id, { ...columns, next_digest_at: next }, now)
}

/**
 * Stops digests until `resume`, or until that time if one is given. Changes nothing for a subscriber who is neither active
 * nor paused.
 */
export function pause(context: Context, subscriberId: number, until: Date | null = null): Promise<void> {
  return move(context, subscriberId, ['active', 'paused'], 'paused', 'paused', until)
}

/** Goes on with the next hour that fits. Changes nothing for a subscriber who did not pause. */
export function resume(context: Context, subscriberId: number): Promise<void> {
  return move(context, subscriberId, ['paused'], 'active', 'resumed')
}

/** Ends all mail, digests on their way included, and open confirmation links. A second call changes nothing more. */
export function unsubscribe(context: Context, subscriberId: number): Promise<void> {
  return move(context, subscriberId, LEAVABLE, 'unsubscribed', 'unsubscribed')
}

const LEAVABLE: SubscriberStatus[] = ['pending', 'active', 'paused']

/** The same for a locked subscriber, inside a transaction. */
export async function unsubscribeIn(
  tx: Tx,
  context: Context,
  subscriber: SubscriberRow,
  actor: Actor,
): Promise<void> {
  if (!LEAVABLE.includes(subscriber.status)) return
  await moveTo(tx, subscriber, { to: 'unsubscribed', actor, action: 'unsubscribed', now: context.now() })
}

/** Takes an unsubscribe back, by a token that was mailed to this address alone. Digests go on with the next hour that fits. */
export function resubscribe(context: Context, subscriberId: number): Promise<void> {
  return move(context, subscriberId, ['unsubscribed'], 'active', 'subscribed again')
}

/**
 * Deletes everything kept of a subscriber. The audit still says that it was done, with the bare id. A suppression stays,
 * because it holds no address and protects the mailbox.
 */
export async function erase(
  context: Context,
  subscriberId: number,
  actor: Actor = 'subscriber',
): Promise<void> {
  await context.db.transaction().execute(async (tx) => {
    const subscriber = await lockSubscriber(tx, subscriberId)
    if (!subscriber) return
    await deleteCapturedMailsTo(tx, subscriber.email)
    await deleteSubscriber(tx, subscriberId)
    await insertAudit(tx, auditEntry(context.now(), actor, 'deleted their data', subscriberId))
  })
}

/** The audit entry for something that was done to a subscriber. */
export function auditEntry(at: Date, actor: Actor, action: string, subscriberId: number): AuditEntry {
  return { at, actor, action, subject: `subscriber ${subscriberId}` }
}

/** Preferences as columns of the subscriber's row. Topics are not among them: they have a table of their own. */
export function columnsOf(preferences: Preferences) {
  return {
    time_zone: preferences.timeZone,
    send_at: preferences.sendAt,
    weekdays: preferences.weekdays,
    max_papers: preferences.maxPapers,
    trend_weight: preferences.trendWeight,
    explore: preferences.explore,
    counts_opens: preferences.countsOpens,
  } satisfies SubscriberUpdate
}

async function move(
  context: Context,
  subscriberId: number,
  from: SubscriberStatus[],
  to: SubscriberStatus,
  action: string,
  pausedUntil: Date | null = null,
): Promise<void> {
  const now = context.now()
  await context.db.transaction().execute(async (tx) => {
    const subscriber = await lockSubscriber(tx, subscriberId)
    if (!subscriber || !from.includes(subscriber.status)) return
    await moveTo(tx, subscriber, { to, actor: 'subscriber', action, now, pausedUntil })
  })
}

async function moveTo(
  tx: Tx,
  subscriber: SubscriberRow,
  change: { to: SubscriberStatus; actor: Actor; action: string; now: Date; pausedUntil?: Date | null },
): Promise<void> {
  const { to, actor, action, now, pausedUntil = null } = change
  const next =
    to === 'active' ? (nextDigestAt(scheduleOf(subscriber), resumesAt(subscriber, now)) ?? null) : null
  const confirmedAt = to === 'active' ? (subscriber.confirmed_at ?? now) : subscriber.confirmed_at
  const changes = {
    status: to,
    next_digest_at: next,
    confirmed_at: confirmedAt,
    paused_until: pausedUntil,
    catch_up_from: catchUpFrom(subscriber, to, now),
  }
  await updateSubscriber(tx, subscriber.id, changes, now)
  if (to === 'unsubscribed') await deleteTokensOf(tx, subscriber.id, 'confirm')
  await deleteSignUp(tx, subscriber.id)
  await insertAudit(tx, auditEntry(now, actor, action, subscriber.id))
}

/**
 * The day on which a pause began, until a digest has made up for it. A second pause before that digest goes on with the
 * first one. Leaving ends it.
 */
function catchUpFrom(subscriber: SubscriberRow, to: SubscriberStatus, now: Date): LocalDate | null {
  if (to === 'unsubscribed' || subscriber.status === 'unsubscribed') return null
  const begins = to === 'paused' ? localDateAt(now, subscriber.time_zone) : null
  return subscriber.catch_up_from ?? begins
}

/** When digests go on. A pause that is over ended at its time, even if Paperboy was not running then. */
function resumesAt({ status, paused_until }: SubscriberRow, now: Date): Date {
  return status === 'paused' && paused_until !== null && paused_until < now ? paused_until : now
}
