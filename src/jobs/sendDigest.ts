import { z } from 'zod'
import { listDigestItems, releaseItems } from '../db/digests/digestItems.ts'
import { claimDigest, markEnded, markHanded, markSent, releaseDigest } from '../db/digests/digests.ts'
import type { DigestRow, SubscriberRow } from '../db/engine/schema.ts'
import { insertMailEvent } from '../db/mail/mailEvents.ts'
import { insertSuppression, isSuppressed } from '../db/mail/suppressions.ts'
import { findSubscriber } from '../db/subscribers/subscribers.ts'
import { digestLinks } from '../digests/digestLinks.ts'
import { PermanentError, TemporaryError } from '../errors.ts'
import { parseSender } from '../mail/address.ts'
import { addressHash } from '../mail/addressHash.ts'
import { messageIdOf } from '../mail/compose/headers.ts'
import { SITE_NAME } from '../mail/compose/link.ts'
import { buildDigestMail, type Mail } from '../mail/compose/message.ts'
import type { SendResult } from '../mail/deliver/sendResult.ts'
import type { Tools } from '../tools.ts'
import { defineStep } from './step.ts'

const MINUTE = 60 * 1000
/** Longer than the mail server's time limits together: after it a claim is what a crash left. */
const LEASE = 5 * MINUTE
/** Then the next day's digest is near, and brings these papers if they still are the best. */
const EXPIRES = 20 * 60 * MINUTE
const MAYBE_DELIVERED =
  'the mail server took the message and the connection ended before its answer: it may have been delivered, so it is not sent again'

/**
 * Sends one composed digest: claim, render, hand to the mail server, mark sent. At most once: a message that was handed
 * over and whose answer never came is not sent again.
 */
export const sendDigest = defineStep({
  name: 'sendDigest',
  payload: z.object({ digestId: z.number().int() }),
  key: ({ digestId }) => `${digestId}`,
  attempts: 12,
  concurrency: 5,
  async run({ digestId }, tools) {
    const digest = await claimDigest(tools.db, digestId, tools.now(), LEASE)
    if (!digest) return []
    if (digest.handed_at !== null) {
      await end(digest, 'failed', MAYBE_DELIVERED, 'unknown', tools)
      return []
    }
    if (tools.now().getTime() - digest.composed_at!.getTime() > EXPIRES) {
      await giveBack(
        digest,
        'failed',
        `the mail server did not take it for 20 hours: ${digest.reason}`,
        tools,
      )
      return []
    }
    const subscriber = await findSubscriber(tools.db, digest.subscriber_id)
    const stop = subscriber ? await reasonNotToSend(subscriber, tools) : 'the subscriber is gone'
    if (!subscriber || stop !== undefined) {
      await giveBack(digest, 'skipped', stop ?? '', tools)
      return []
    }
    const mail = await writeMail(digest, subscriber, tools).catch(async (error) => {
      // A mail that cannot be written now cannot be written later: told on the row, its papers free again.
      if (error instanceof PermanentError) await giveBack(digest, 'failed', error.message, tools)
      throw error
    })
    await markHanded(tools.db, digest.id, mail.messageId, tools.now())
    await record(digest, subscriber, await tools.mailer.send(mail), tools)
    return []
  },
})

/** Looked at as late as can be: who unsubscribed a minute ago gets nothing that was on its way. */
async function reasonNotToSend(subscriber: SubscriberRow, tools: Tools): Promise<string | undefined> {
  if (subscriber.status !== 'active') return `the subscription is ${subscriber.status}`
  const suppressed = await isSuppressed(tools.db, addressHash(subscriber.email, tools.secret))
  return suppressed ? 'the address does not accept mail' : undefined
}

async function writeMail(digest: DigestRow, subscriber: SubscriberRow, tools: Tools): Promise<Mail> {
  const papers = await listDigestItems(tools.db, digest.id)
  const links = await digestLinks(tools.db, digest, tools.publicUrl, tools.now())
  return buildDigestMail({
    digest: {
      siteName: SITE_NAME,
      publicUrl: tools.publicUrl,
      localDate: digest.local_date,
      papers,
      viewUrl: links.viewUrl,
      judgeUrl: links.judgeUrl,
      recipient: { email: subscriber.email, ...links },
    },
    from: tools.mailFrom,
    messageId: messageIdOf(`digest ${digest.id}`, tools.secret, parseSender(tools.mailFrom).address),
    date: tools.now(),
  })
}

/** Writes what the mail server said; a refusal that may pass is thrown, so that the queue tries again. */
async function record(
  digest: DigestRow,
  subscriber: SubscriberRow,
  result: SendResult,
  tools: Tools,
): Promise<void> {
  const { db } = tools
  const now = tools.now()
  const event = { digest_id: digest.id, subscriber_id: subscriber.id, at: now }
  if (result.kind === 'accepted') {
    await db.transaction().execute(async (tx) => {
      await markSent(tx, digest.id, now)
      await insertMailEvent(tx, { ...event, kind: 'accepted', detail: result.response })
    })
    return
  }
  if (result.kind === 'unknown') {
    return end(digest, 'failed', `${MAYBE_DELIVERED} (${result.reason})`, 'unknown', tools)
  }
  if (result.permanent) {
    if (result.hardBounce) {
      await insertSuppression(db, addressHash(subscriber.email, tools.secret), result.reason)
    }
    await giveBack(digest, 'failed', result.reason, tools)
    throw new PermanentError(`digest ${digest.id}: the mail server refused it for good: ${result.reason}`)
  }
  await releaseDigest(db, digest.id, result.reason, now)
  await insertMailEvent(db, { ...event, kind: 'deferred', detail: result.reason })
  throw new TemporaryError(`digest ${digest.id}: the mail server did not take it now: ${result.reason}`)
}

/** Ends a digest that surely reached nobody: its papers are free for a later one. */
async function giveBack(
  digest: DigestRow,
  status: 'skipped' | 'failed',
  reason: string,
  tools: Tools,
): Promise<void> {
  await tools.db.transaction().execute((tx) => releaseItems(tx, digest.id))
  await end(digest, status, reason, 'rejected', tools)
}

async function end(
  digest: DigestRow,
  status: 'skipped' | 'failed',
  reason: string,
  kind: 'rejected' | 'unknown',
  tools: Tools,
): Promise<void> {
  const now = tools.now()
  await tools.db.transaction().execute(async (tx) => {
    await markEnded(tx, digest.id, status, reason, now)
    await insertMailEvent(tx, {
      digest_id: digest.id,
      subscriber_id: digest.subscriber_id,
      kind,
      detail: reason,
      at: now,
    })
  })
}
