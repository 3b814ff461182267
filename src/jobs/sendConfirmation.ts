import { z } from 'zod'
import type { SubscriberRow } from '../db/engine/schema.ts'
import { isSuppressed } from '../db/mail/suppressions.ts'
import { findSignUp } from '../db/subscribers/signUps.ts'
import { claimConfirmation, findSubscriber, releaseConfirmation } from '../db/subscribers/subscribers.ts'
import { createToken, TOKEN_LIFETIME_MS } from '../db/subscribers/tokens.ts'
import { type Letter, sendLetter } from '../digests/delivery/sendLetter.ts'
import { parseSender } from '../mail/address.ts'
import { addressHash } from '../mail/addressHash.ts'
import { messageIdOf } from '../mail/compose/headers.ts'
import { SITE_NAME } from '../mail/compose/link.ts'
import { buildConfirmationMail, buildPreferencesMail } from '../mail/compose/message.ts'
import { returnAddressesOf } from '../mail/returned/returnPath.ts'
import { noteRefusal } from '../subscribers/returned.ts'
import type { Tools } from '../tools.ts'
import { defineStep } from './step.ts'

/**
 * Sends the one mail that somebody requested in a form at `askedAt`: the link to confirm or, for a known subscriber,
 * the link to their preferences. The mail is claimed just before it is sent. So a crash in between loses one mail,
 * which can be requested again, and never sends it twice. Suppressed addresses get no mail.
 */
export const sendConfirmation = defineStep({
  name: 'sendConfirmation',
  payload: z.object({ subscriberId: z.number().int(), askedAt: z.iso.datetime() }),
  key: ({ subscriberId, askedAt }) => `${subscriberId}-${askedAt.replace(/\D/g, '')}`,
  attempts: 6,
  concurrency: 2,
  keepsNoJobs: true,
  async run({ subscriberId, askedAt }, tools) {
    await sendLetter(() => confirmationOf(subscriberId, askedAt, tools), tools)
    return []
  },
})

/** Undefined if nothing is to be sent. */
async function confirmationOf(
  subscriberId: number,
  askedAt: string,
  tools: Tools,
): Promise<Letter | undefined> {
  const { db, now } = tools
  const asked = new Date(askedAt)
  const subscriber = await findSubscriber(db, subscriberId)
  if (!subscriber || !isWaiting(subscriber, asked)) return undefined
  const claim = async () => (await claimConfirmation(db, subscriberId, asked, now())) !== undefined
  if (await isSuppressed(db, addressHash(subscriber.email, tools.secret))) {
    await claim()
    return undefined
  }
  return {
    ...(await writeLetter(subscriber, askedAt, tools)),
    name: `confirmation of subscriber ${subscriberId}`,
    subscriberId,
    claim,
    release: () => releaseConfirmation(db, subscriberId, asked),
    noteRefusal,
  }
}

/** Whether the mail of `askedAt` is the latest request and not yet claimed. */
function isWaiting(subscriber: SubscriberRow, askedAt: Date): boolean {
  const sent = subscriber.confirmation_sent_at?.getTime() ?? 0
  return subscriber.confirmation_asked_at?.getTime() === askedAt.getTime() && sent < askedAt.getTime()
}

/** Whether the subscriber has not confirmed yet, or has left and was signed up again since. */
async function isToBeConfirmed({ id, status }: SubscriberRow, tools: Tools): Promise<boolean> {
  if (status === 'pending') return true
  return status === 'unsubscribed' && (await findSignUp(tools.db, id)) !== undefined
}

async function writeLetter(subscriber: SubscriberRow, askedAt: string, tools: Tools) {
  const now = tools.now()
  const purpose = (await isToBeConfirmed(subscriber, tools)) ? 'confirm' : 'manage'
  const target = { subscriberId: subscriber.id }
  const token = await createToken(tools.db, { ...target, purpose }, now)
  const unsubscribeToken = await createToken(tools.db, { ...target, purpose: 'unsubscribe' }, now)
  const common = {
    siteName: SITE_NAME,
    publicUrl: tools.publicUrl,
    from: tools.mailFrom,
    to: subscriber.email,
    ...returnAddressesOf({ kind: 'letter', id: subscriber.id }, subscriber, tools),
    unsubscribeUrl: `${tools.publicUrl}/unsubscribe/${unsubscribeToken}`,
    expiresAt: new Date(now.getTime() + TOKEN_LIFETIME_MS[purpose]),
    messageId: messageIdOf(
      `${purpose} ${subscriber.id} ${askedAt}`,
      tools.secret,
      parseSender(tools.mailFrom).address,
    ),
    date: now,
  }
  const mail =
    purpose === 'confirm'
      ? await buildConfirmationMail({ ...common, confirmUrl: `${tools.publicUrl}/confirm/${token}` })
      : await buildPreferencesMail({ ...common, preferencesUrl: `${tools.publicUrl}/preferences/${token}` })
  return { mail, tokens: [token, unsubscribeToken] }
}
