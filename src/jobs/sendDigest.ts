import { z } from 'zod'
import { localDateAt } from '../calendar.ts'
import {
  type ClaimedDigest,
  claimDigest,
  type End,
  endClaimed,
  markHanded,
  releaseClaimed,
} from '../db/digests/claims.ts'
import { releaseItems } from '../db/digests/digestItems.ts'
import type { SubscriberRow } from '../db/engine/schema.ts'
import { insertMailEvent } from '../db/mail/mailEvents.ts'
import { endMailPause } from '../db/mail/mailPauses.ts'
import { isSuppressed } from '../db/mail/suppressions.ts'
import { findSubscriber } from '../db/subscribers/subscribers.ts'
import { writeDigestMail } from '../digests/delivery/digestMail.ts'
import { LEASE, untilWritten, whileClaimed } from '../digests/delivery/lease.ts'
import { pauseUnlessOthersPass, waitOutPause } from '../digests/delivery/pause.ts'
import { isNear } from '../digests/planDigests.ts'
import { PermanentError, TemporaryError } from '../errors.ts'
import { addressHash } from '../mail/addressHash.ts'
import { refusedMailbox, type SendResult } from '../mail/deliver/sendResult.ts'
import { noteRefusal } from '../subscribers/returned.ts'
import type { Tools } from '../tools.ts'
import { defineStep } from './step.ts'

const SECOND = 1000
const HOUR = 60 * 60 * SECOND
const FIRST_RETRY = 5 * SECOND
const LONGEST_RETRY = 0.5 * HOUR
const IN_DOUBT =
  'the mail server took some or all of the message and the connection ended before its answer: it may have been delivered'

/**
 * Sends one composed digest, once: claims it, writes the mail, hands it to the mail server and marks it sent. Every
 * write checks the claim. The row says that the message is handed over before its first byte goes to the mail server.
 * If the message was begun and no answer came, the digest is held for the operator, or sent once more under the same
 * Message-ID if MAIL_ON_DOUBT says so.
 */
export const sendDigest = defineStep({
  name: 'sendDigest',
  payload: z.object({ digestId: z.number().int() }),
  key: ({ digestId }) => `${digestId}`,
  attempts: 12,
  concurrency: 5,
  keepsNoJobs: true,
  async run({ digestId }, tools) {
    const wasPaused = await waitOutPause(tools.db, tools.now())
    const digest = await claimDigest(tools.db, digestId, LEASE)
    if (!digest) return []
    return whileClaimed(tools.db, digest, async () => {
      await deliver(digest, wasPaused, tools)
      return []
    })
  },
})

async function deliver(digest: ClaimedDigest, wasPaused: boolean, tools: Tools): Promise<void> {
  if (digest.handed_at !== null) return settleDoubt(digest, 'its sender went away', tools)
  const subscriber = await findSubscriber(tools.db, digest.subscriber_id)
  if (!subscriber) return giveBack(digest, { status: 'skipped', reason: 'the subscriber is gone' }, tools)
  const stop = await reasonNotToSend(digest, subscriber, tools)
  if (stop) return giveBack(digest, stop, tools)
  const mail = await writeDigestMail(digest, subscriber, tools).catch(async (error) => {
    // Another attempt could not write the mail either. The row says why, and the papers are free again.
    if (error instanceof PermanentError)
      await giveBack(digest, { status: 'failed', reason: error.message }, tools)
    throw error
  })
  const handover = {
    messageId: mail.messageId,
    addressHash: addressHash(subscriber.email, tools.secret),
    leaseMs: LEASE,
  }
  const result = await tools.mailer.send(mail, async () => {
    if (!(await markHanded(tools.db, digest, handover))) throw new TemporaryError(OVERTAKEN)
  })
  await record(digest, result, tools)
  if (wasPaused && result.kind === 'accepted') await endMailPause(tools.db)
}

const OVERTAKEN = 'another sender has taken the digest over, or its subscriber left meanwhile'

/**
 * Why the digest must not be sent. This is checked as late as possible, so that someone who unsubscribed a minute ago
 * gets nothing.
 */
async function reasonNotToSend(
  digest: ClaimedDigest,
  subscriber: SubscriberRow,
  tools: Tools,
): Promise<(End & { status: 'skipped' | 'suppressed' | 'failed' }) | undefined> {
  if (subscriber.status !== 'active') {
    return { status: 'skipped', reason: `the subscription is ${subscriber.status}` }
  }
  if (await isSuppressed(tools.db, addressHash(subscriber.email, tools.secret))) {
    return { status: 'suppressed', reason: 'the address does not accept mail' }
  }
  if (isTooLate(digest, subscriber, tools.now())) {
    return { status: 'failed', reason: `not sent before the next digest was near: ${digest.reason}` }
  }
  return undefined
}

/** A digest may be sent until the end of the day on which it was composed, or later if the next one is far off. */
function isTooLate(digest: ClaimedDigest, subscriber: SubscriberRow, now: Date): boolean {
  const zone = subscriber.time_zone
  if (localDateAt(now, zone) <= localDateAt(digest.composed_at!, zone)) return false
  const next = subscriber.next_digest_at
  return next === null || isNear(next, now)
}

/** Writes the mail server's answer. Throws if another attempt may succeed, so that the queue tries again. */
async function record(digest: ClaimedDigest, result: SendResult, tools: Tools): Promise<void> {
  if (result.kind === 'accepted') {
    return end(digest, { status: 'sent', sentAt: tools.now() }, 'accepted', result.response, tools)
  }
  if (result.kind === 'unknown') return settleDoubt(digest, result.reason, tools)
  if (result.kind === 'withheld') {
    // If another sender holds the claim, that sender finishes the digest.
    if (!(await releaseClaimed(tools.db, digest, { reason: null }))) return
    throw new TemporaryError(`digest ${digest.id}: ${result.reason}`)
  }
  if (result.permanent) {
    return giveBack(digest, { status: 'failed', reason: result.reason }, tools, refusedMailbox(result).status)
  }
  await postpone(digest, result, tools)
}

/**
 * The mail was not accepted now, so the digest waits for another attempt. If the refusal did not concern this mail, all
 * mail waits.
 */
async function postpone(
  digest: ClaimedDigest,
  refusal: SendResult & { kind: 'refused' },
  tools: Tools,
): Promise<never> {
  await releaseClaimed(tools.db, digest, { reason: refusal.reason })
  if (refusal.blame !== 'mail') await pauseUnlessOthersPass(tools.db, refusal.reason)
  const kind = refusal.blame === 'sender' ? 'our fault' : 'deferred'
  await insertMailEvent(tools.db, { ...eventOf(digest, tools), kind, detail: refusal.reason })
  const retryAfterMs = Math.min(FIRST_RETRY * 2 ** (digest.attempts - 1), LONGEST_RETRY)
  throw new TemporaryError(`digest ${digest.id}: the mail server did not take it now: ${refusal.reason}`, {
    retryAfterMs,
  })
}

/** The message may have been delivered. It is sent once more if the setting says so, else held for the operator. */
async function settleDoubt(digest: ClaimedDigest, reason: string, tools: Tools): Promise<void> {
  const told = `${IN_DOUBT} (${reason})`
  if (tools.mailOnDoubt === 'hold' || digest.doubts > 0) {
    return end(digest, { status: 'held', reason: told }, 'unknown', told, tools)
  }
  await insertMailEvent(tools.db, { ...eventOf(digest, tools), kind: 'unknown', detail: told })
  if (!(await releaseClaimed(tools.db, digest, { reason: told, inDoubt: true }))) return
  throw new TemporaryError(`digest ${digest.id}: ${told}; it is sent once more`)
}

/**
 * Ends a digest that surely reached nobody. Its papers may come in a later one. `status`: of the relay's refusal, if it
 * says something of the mailbox.
 */
async function giveBack(
  digest: ClaimedDigest,
  outcome: End & { status: 'skipped' | 'failed' | 'suppressed' },
  tools: Tools,
  status: string | null = null,
): Promise<void> {
  await tools.db.transaction().execute(async (tx) => {
    if (!(await endClaimed(tx, digest, outcome))) return
    await releaseItems(tx, digest.id)
    const { subscriber_id: subscriberId, id: digestId } = digest
    await noteRefusal(tx, tools, { subscriberId, digestId, status, reason: outcome.reason })
  })
}

async function end(
  digest: ClaimedDigest,
  outcome: End,
  kind: 'accepted' | 'unknown',
  detail: string,
  tools: Tools,
): Promise<void> {
  await untilWritten(() =>
    tools.db.transaction().execute(async (tx) => {
      if (!(await endClaimed(tx, digest, outcome))) return
      await insertMailEvent(tx, { ...eventOf(digest, tools), kind, detail })
    }),
  )
}

function eventOf(digest: ClaimedDigest, tools: Tools) {
  return { digest_id: digest.id, subscriber_id: digest.subscriber_id, at: tools.now() }
}
