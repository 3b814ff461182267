import { insertAudit } from '../db/audit.ts'
import type { Db, Tx } from '../db/engine/connect.ts'
import type { SubscriberRow } from '../db/engine/schema.ts'
import { isSuppressed } from '../db/mail/suppressions.ts'
import { type MailAllowance, useMailAllowance } from '../db/subscribers/mailRequests.ts'
import { deleteSignUp, findSignUp, upsertSignUp } from '../db/subscribers/signUps.ts'
import {
  findSubscriberByEmail,
  insertSubscriber,
  lockSubscriber,
  updateSubscriber,
} from '../db/subscribers/subscribers.ts'
import { findToken, markTokenUsed } from '../db/subscribers/tokens.ts'
import { replaceTopics } from '../db/subscribers/topics.ts'
import { addressHash, mailboxHash } from '../mail/addressHash.ts'
import type { NextJob } from '../tools.ts'
import { type Actor, auditEntry, type Context, columnsOf, writePreferences } from './membership.ts'
import type { Preferences } from './preferences.ts'

export interface SignUp extends Preferences {
  /** As `parseAddress` gave it. */
  email: string
  /** Where the subscriber gave consent. */
  source: 'web' | 'command line'
  /** True if the operator vouches for the consent. Then no confirmation is mailed, and an existing subscriber gets these preferences. */
  confirmed?: boolean
}

/**
 * `asked`: a mail follows. `throttled`: this mailbox was mailed too often lately. `suppressed`: this address gets no mail.
 * Visitors must not be able to tell these apart.
 */
export type AskOutcome = 'asked' | 'throttled' | 'suppressed'

const MINUTE = 60 * 1000
const DAY = 24 * 60 * MINUTE
/** The sign-up form mails whatever address is typed into it. These limits keep it from flooding a stranger's mailbox. */
export const ALLOWANCE: MailAllowance = { most: 4, periodMs: DAY, pauseMs: 15 * MINUTE }

/**
 * Signs an address up. Nothing stored for a known address changes, because whoever types an address need not own it. If the
 * subscriber is new, not confirmed yet, or unsubscribed, what was typed waits until the mailbox confirms it, what was typed last
 * counts, and a link to confirm is mailed, unless one was mailed a short while ago. A subscriber who is active or paused is mailed
 * a link to their preferences.
 */
export async function signUp(
  context: Context,
  request: SignUp,
): Promise<{ outcome: AskOutcome | 'confirmed'; subscriberId?: number; next: NextJob[] }> {
  if (request.confirmed) return { outcome: 'confirmed', ...(await enlist(context, request)) }
  return context.db.transaction().execute((tx) => signUpIn(tx, context, request))
}

/** The same inside a transaction, for an address whose owner has not confirmed. */
export async function signUpIn(
  tx: Tx,
  context: Context,
  request: SignUp,
): Promise<{ outcome: AskOutcome; subscriberId?: number; next: NextJob[] }> {
  if (await isSuppressed(tx, addressHash(request.email, context.secret)))
    return { outcome: 'suppressed', next: [] }
  const subscriber = await addOrFind(tx, context, request)
  if (subscriber.status === 'pending' || subscriber.status === 'unsubscribed') {
    await upsertSignUp(tx, subscriber.id, wishOf(request), context.now())
  }
  return {
    subscriberId: subscriber.id,
    ...(await askForMail(tx, context, subscriber, request.source, 'signed up')),
  }
}

/** What was typed at sign-up and waits to be confirmed; undefined if nothing waits. */
export async function findWish(db: Db | Tx, subscriberId: number): Promise<Preferences | undefined> {
  return (await findSignUp(db, subscriberId)) as Preferences | undefined
}

/** The preferences alone, without address and source. */
function wishOf({ email: _email, source: _source, confirmed: _confirmed, ...wish }: SignUp): Preferences {
  return wish
}

/**
 * Has the mail sent again that a subscriber waits for, because the operator asks: the link to confirm, or to their
 * preferences. No allowance holds it back, and the newest mail replaces one that is not sent yet.
 */
export async function resendConfirmation(
  context: Context,
  subscriberId: number,
  actor: Actor,
): Promise<{ outcome: 'asked' | 'suppressed' | 'unknown'; next: NextJob[] }> {
  return context.db.transaction().execute(async (tx) => {
    const subscriber = await lockSubscriber(tx, subscriberId)
    if (!subscriber) return { outcome: 'unknown' as const, next: [] }
    if (await isSuppressed(tx, addressHash(subscriber.email, context.secret)))
      return { outcome: 'suppressed' as const, next: [] }
    const next = await recordAsked(tx, context, subscriber, actor, 'had the link mailed again')
    return { outcome: 'asked' as const, next }
  })
}

/**
 * Confirms a subscription by its mailed token. The subscriber becomes active, and the first digest is due at once. A token
 * that was used before changes nothing. Undefined if there is no such token, or it has expired.
 */
export async function confirm(
  context: Context,
  token: string,
): Promise<{ subscriber: SubscriberRow; next: NextJob[] } | undefined> {
  const now = context.now()
  return context.db.transaction().execute(async (tx) => {
    const found = await findToken(tx, 'confirm', token, now)
    const subscriber = found && (await lockSubscriber(tx, found.subscriber_id))
    if (!found || !subscriber) return undefined
    if (!(await markTokenUsed(tx, found.hash, now)) || subscriber.status === 'active') {
      return { subscriber, next: [] }
    }
    const wish = await findWish(tx, subscriber.id)
    if (wish) await writePreferences(tx, subscriber, wish, now)
    return activate(tx, subscriber, now, 'subscriber', 'confirmed')
  })
}

/** Makes the address an active subscriber with these preferences at once, because an operator vouches for it. */
async function enlist(context: Context, request: SignUp): Promise<{ subscriberId: number; next: NextJob[] }> {
  const now = context.now()
  return context.db.transaction().execute(async (tx) => {
    const subscriber = await addOrFind(tx, context, request)
    await writePreferences(tx, subscriber, request, now)
    if (subscriber.status === 'active') return { subscriberId: subscriber.id, next: [] }
    const { next } = await activate(tx, subscriber, now, request.source, 'confirmed')
    return { subscriberId: subscriber.id, next }
  })
}

async function addOrFind(tx: Tx, context: Context, request: SignUp): Promise<SubscriberRow> {
  const { email, source } = request
  const added = await insertSubscriber(tx, {
    ...columnsOf(request),
    email,
    status: 'pending',
    consent_source: source,
    created_at: context.now(),
  })
  if (added) {
    await replaceTopics(tx, added.id, request.topics)
    return added
  }
  const found = await findSubscriberByEmail(tx, email)
  const subscriber = found && (await lockSubscriber(tx, found.id))
  // If it was deleted between the two queries, the address is new again.
  return subscriber ?? addOrFind(tx, context, request)
}

/**
 * Records that a mail is asked for, unless this mailbox is suppressed or was mailed too often lately. The job that
 * follows sends it. The count outlives the subscriber and does not end when they leave.
 */
export async function askForMail(
  tx: Tx,
  context: Context,
  subscriber: SubscriberRow,
  actor: Actor,
  action: string,
): Promise<{ outcome: AskOutcome; next: NextJob[] }> {
  const { email } = subscriber
  if (await isSuppressed(tx, addressHash(email, context.secret))) return { outcome: 'suppressed', next: [] }
  const mailbox = mailboxHash(email, context.secret)
  if (!(await useMailAllowance(tx, mailbox, ALLOWANCE, context.now())))
    return { outcome: 'throttled', next: [] }
  return { outcome: 'asked', next: await recordAsked(tx, context, subscriber, actor, action) }
}

async function recordAsked(
  tx: Tx,
  context: Context,
  subscriber: SubscriberRow,
  actor: Actor,
  action: string,
): Promise<NextJob[]> {
  const now = context.now()
  const changes = { confirmation_asked_at: now, confirmation_sent_at: null }
  await updateSubscriber(tx, subscriber.id, changes, now)
  await insertAudit(tx, auditEntry(now, actor, action, subscriber.id))
  const payload = { subscriberId: subscriber.id, askedAt: now.toISOString() }
  return [{ name: 'sendConfirmation', payload, label: `person ${payload.subscriberId}` }]
}

async function activate(
  tx: Tx,
  subscriber: SubscriberRow,
  now: Date,
  actor: Actor,
  action: string,
): Promise<{ subscriber: SubscriberRow; next: NextJob[] }> {
  const changes = { status: 'active', confirmed_at: now, next_digest_at: now } as const
  const active = await updateSubscriber(tx, subscriber.id, changes, now)
  await deleteSignUp(tx, subscriber.id)
  await insertAudit(tx, auditEntry(now, actor, action, subscriber.id))
  return { subscriber: active, next: [{ name: 'planDigests', payload: { tick: now.toISOString() } }] }
}
