import { releaseItems } from '../db/digests/digestItems.ts'
import { findDigest, findDigestByMessageId } from '../db/digests/digests.ts'
import type { Db, Tx } from '../db/engine/connect.ts'
import type { SubscriberRow } from '../db/engine/schema.ts'
import { insertMailEvent, insertReportedEvent, listBounces } from '../db/mail/mailEvents.ts'
import { findSubscriber, findSubscriberByEmail, lockSubscriber } from '../db/subscribers/subscribers.ts'
import { domainOf, parseAddress, parseSender } from '../mail/address.ts'
import { type MailReport, readReport } from '../mail/returned/report.ts'
import {
  type FoundToken,
  findReturnPaths,
  type ReturnPathKey,
  readReturnPath,
} from '../mail/returned/returnPath.ts'
import { classOf, reasonToSuppress } from '../mail/returned/verdict.ts'
import type { ProviderEvent } from '../mail/returned/webhooks/event.ts'
import { suppressIn } from './directory.ts'
import { type Context, unsubscribeIn } from './membership.ts'

/** `noted`: it is on a subscriber's timeline; `repeated`: it was before; `ignored`: it proves nothing, or says nothing. */
export type ReturnOutcome = 'noted' | 'repeated' | 'ignored'

/** A mail that came to a return path. */
export interface ReturnedMail {
  /** The sender of the envelope; empty for bounces. */
  mailFrom: string
  rcptTo: string
  raw: Buffer
}

/**
 * Takes a mail that came to a return path: a bounce, a complaint, or the wish to be unsubscribed. Only a genuine token
 * of the subscriber's present address counts, in the address that it was sent to or in the mail that it quotes.
 */
export async function takeReturnedMail(
  context: Context,
  key: ReturnPathKey,
  { mailFrom, rcptTo, raw }: ReturnedMail,
): Promise<ReturnOutcome> {
  const addressed = readReturnPath(rcptTo, key)
  if (addressed?.target.kind === 'unsubscribe') {
    // An automatic answer has no sender. It is nobody's wish.
    return mailFrom === '' ? 'ignored' : leaveByMail(context, addressed)
  }
  const report = await readReport(raw)
  if (report === undefined) return 'ignored'
  const tokens = addressed ? [addressed] : findReturnPaths(unfolded(raw), key)
  for (const token of tokens) {
    const about = await mailOf(context.db, token)
    if (about) return noteReport(context, { ...about, report, source: 'report' })
  }
  return 'ignored'
}

/** Quoted-printable breaks long lines anywhere, also within an address. */
function unfolded(raw: Buffer): string {
  return raw.toString('latin1').replace(/=\r?\n/g, '')
}

/** The mail that a report is about. */
interface ReportedMail {
  subscriberId: number
  digestId: number | null
  /** Names the mail, so that a report of it counts once whoever tells it. */
  name: string
}

async function mailOf(db: Db, token: FoundToken): Promise<ReportedMail | undefined> {
  const { kind, id } = token.target
  const digest = kind === 'digest' ? await findDigest(db, id) : undefined
  if (kind === 'digest' && !digest) return undefined
  const subscriber = await findSubscriber(db, digest?.subscriber_id ?? id)
  if (!subscriber || !token.isFor(subscriber.email)) return undefined
  const letter = `letter ${subscriber.id} ${subscriber.confirmation_sent_at?.toISOString() ?? ''}`
  return { subscriberId: subscriber.id, digestId: digest?.id ?? null, name: digest ? `digest ${id}` : letter }
}

async function leaveByMail(context: Context, token: FoundToken): Promise<ReturnOutcome> {
  const about = await mailOf(context.db, token)
  if (!about) return 'ignored'
  const report: MailReport = { kind: 'unsubscribed', status: null, detail: 'asked by mail' }
  return noteReport(context, { ...about, report, source: 'report' })
}

/**
 * Writes a report on the subscriber's timeline, once, and does what follows from it: a complaint ends the subscription
 * and all mail; bounces suppress by the rule of `reasonToSuppress`, and release the papers of a digest.
 */
async function noteReport(
  context: Context,
  { subscriberId, digestId, name, report, source }: ReportedMail & { report: MailReport; source: string },
): Promise<ReturnOutcome> {
  const isOurs = report.kind === 'bounced' && classOf(report.status) === 'ours'
  const kind = isOurs ? 'our fault' : report.kind
  return context.db.transaction().execute(async (tx) => {
    const subscriber = await lockSubscriber(tx, subscriberId)
    if (!subscriber) return 'ignored'
    const isNew = await insertReportedEvent(tx, {
      digest_id: digestId,
      subscriber_id: subscriberId,
      kind,
      detail: report.detail,
      status: report.status,
      source,
      report: `${kind} ${name}`,
      at: context.now(),
    })
    if (!isNew) return 'repeated'
    // The papers reached nobody: once mail goes again, they may come in a later digest.
    if (report.kind === 'bounced' && digestId !== null) await releaseItems(tx, digestId)
    if (kind === 'bounced') await suppressBouncing(tx, context, subscriber)
    if (kind === 'unsubscribed' || kind === 'complained')
      await unsubscribeIn(tx, context, subscriber, 'report')
    if (kind === 'complained') await suppressReported(tx, context, subscriber, 'complaint', report.detail)
    return 'noted'
  })
}

/**
 * Takes what a provider told, signed, of one mail. It counts only for a subscriber of that address, and if the provider
 * tells the mail's Message-ID, only for our mail: other programs may send by the same account.
 * @param mailFrom MAIL_FROM, whose domain all our Message-IDs have.
 */
export async function noteProviderEvent(
  context: Context,
  provider: string,
  { id, recipient, messageId, report }: ProviderEvent,
  mailFrom: string,
): Promise<ReturnOutcome> {
  const email = parseAddress(recipient)
  const subscriber = email && (await findSubscriberByEmail(context.db, email))
  if (!subscriber) return 'ignored'
  const ourDomain = domainOf(parseSender(mailFrom).address)
  if (messageId !== undefined && domainOf(messageId.replace(/>$/, '')) !== ourDomain) return 'ignored'
  const digest = messageId && (await findDigestByMessageId(context.db, subscriber.id, messageId))
  const about = digest
    ? { digestId: digest.id, name: `digest ${digest.id}` }
    : { digestId: null, name: `${provider} ${id}` }
  return noteReport(context, { subscriberId: subscriber.id, ...about, report, source: provider })
}

/**
 * Writes that the relay refused a mail for good because of its recipient, and suppresses the address by the same rule
 * as bounces. Does nothing if the subscriber is gone.
 */
export async function noteRefusal(
  tx: Tx,
  context: Context,
  refusal: { subscriberId: number; digestId: number | null; status: string | null; reason: string },
): Promise<void> {
  const subscriber = await lockSubscriber(tx, refusal.subscriberId)
  if (!subscriber) return
  await insertMailEvent(tx, {
    digest_id: refusal.digestId,
    subscriber_id: subscriber.id,
    kind: 'rejected',
    detail: refusal.reason,
    status: refusal.status,
    at: context.now(),
  })
  if (refusal.status !== null) await suppressBouncing(tx, context, subscriber)
}

async function suppressBouncing(tx: Tx, context: Context, subscriber: SubscriberRow): Promise<void> {
  const reason = reasonToSuppress(await listBounces(tx, subscriber.id), context.now())
  if (reason !== undefined) await suppressReported(tx, context, subscriber, 'bounce', reason)
}

async function suppressReported(
  tx: Tx,
  context: Context,
  subscriber: SubscriberRow,
  cause: 'bounce' | 'complaint',
  reason: string,
): Promise<void> {
  const { email } = subscriber
  await suppressIn(tx, context, { email, subscriber, actor: 'report', cause, reason })
}
