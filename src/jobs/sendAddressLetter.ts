import { z } from 'zod'
import type { AddressChangeRow, SubscriberRow } from '../db/engine/schema.ts'
import { isSuppressed } from '../db/mail/suppressions.ts'
import {
  claimAddressLetter,
  findAddressChange,
  type Mailbox,
  releaseAddressLetter,
} from '../db/subscribers/addressChanges.ts'
import { findSubscriber } from '../db/subscribers/subscribers.ts'
import { createToken, TOKEN_LIFETIME_MS } from '../db/subscribers/tokens.ts'
import { type Letter, sendLetter } from '../digests/delivery/sendLetter.ts'
import { parseSender } from '../mail/address.ts'
import { addressHash } from '../mail/addressHash.ts'
import { messageIdOf } from '../mail/compose/headers.ts'
import { SITE_NAME } from '../mail/compose/link.ts'
import { buildNewMailboxMail, buildOldMailboxMail } from '../mail/compose/message.ts'
import { returnAddressesOf } from '../mail/returned/returnPath.ts'
import { noteRefusal } from '../subscribers/returned.ts'
import type { Tools } from '../tools.ts'
import { defineStep } from './step.ts'

/**
 * Sends one of the two mails by which a new address is confirmed: to the mailbox that has the digests, or to the one that
 * shall have them.
 */
export const sendAddressLetter = defineStep({
  name: 'sendAddressLetter',
  payload: z.object({
    subscriberId: z.number().int(),
    mailbox: z.enum(['old', 'new']),
    askedAt: z.iso.datetime(),
  }),
  key: ({ subscriberId, mailbox, askedAt }) => `${subscriberId}-${mailbox}-${askedAt.replace(/\D/g, '')}`,
  attempts: 6,
  concurrency: 1,
  keepsNoJobs: true,
  async run({ subscriberId, mailbox, askedAt }, tools) {
    await sendLetter(() => letterOf(subscriberId, mailbox, new Date(askedAt), tools), tools)
    return []
  },
})

/** Undefined if nothing is to be sent. */
async function letterOf(
  subscriberId: number,
  mailbox: Mailbox,
  askedAt: Date,
  tools: Tools,
): Promise<Letter | undefined> {
  const { db, now } = tools
  const subscriber = await findSubscriber(db, subscriberId)
  const change = await findAddressChange(db, subscriberId)
  if (!subscriber || change?.asked_at.getTime() !== askedAt.getTime()) return undefined
  if ((mailbox === 'old' ? change.old_sent_at : change.new_sent_at) !== null) return undefined
  const to = mailbox === 'old' ? subscriber.email : change.email
  const claim = () => claimAddressLetter(db, subscriberId, mailbox, askedAt, now())
  if (await isSuppressed(db, addressHash(to, tools.secret))) {
    await claim()
    return undefined
  }
  return {
    ...(await writeLetter({ subscriber, change, mailbox, to }, tools)),
    name: `mail to the ${mailbox} mailbox of subscriber ${subscriberId}`,
    subscriberId,
    claim,
    release: () => releaseAddressLetter(db, subscriberId, mailbox, askedAt),
    noteRefusal: mailbox === 'old' ? noteRefusal : undefined,
  }
}

async function writeLetter(
  wanted: { subscriber: SubscriberRow; change: AddressChangeRow; mailbox: Mailbox; to: string },
  tools: Tools,
): Promise<Pick<Letter, 'mail' | 'tokens'>> {
  const { subscriber, change, mailbox, to } = wanted
  const { publicUrl, mailFrom } = tools
  const now = tools.now()
  const purpose = `${mailbox} address` as const
  const token = await createToken(tools.db, { subscriberId: subscriber.id, purpose }, now)
  const confirmUrl = `${publicUrl}/address/${token}`
  const { returnPath } = returnAddressesOf(
    { kind: 'letter', id: subscriber.id },
    { ...subscriber, email: to },
    tools,
  )
  const leaving = await leavingOf(wanted, confirmUrl, tools)
  const input = {
    siteName: SITE_NAME,
    publicUrl,
    from: mailFrom,
    to,
    ...(returnPath !== undefined && { returnPath }),
    unsubscribeUrl: leaving.url,
    expiresAt: new Date(now.getTime() + TOKEN_LIFETIME_MS[purpose]),
    messageId: messageIdOf(
      `${purpose} ${subscriber.id} ${change.asked_at.toISOString()}`,
      tools.secret,
      parseSender(mailFrom).address,
    ),
    date: now,
    confirmUrl,
  }
  const mail = await (mailbox === 'old'
    ? buildOldMailboxMail(input, change.email)
    : buildNewMailboxMail(input))
  return { mail, tokens: [token, ...leaving.tokens] }
}

/** The new mailbox has no subscription to end yet: its link ends the change, and all mail to it. */
async function leavingOf(
  { subscriber, mailbox }: { subscriber: SubscriberRow; mailbox: Mailbox },
  confirmUrl: string,
  tools: Tools,
): Promise<{ url: string; tokens: string[] }> {
  if (mailbox === 'new') return { url: `${confirmUrl}/never`, tokens: [] }
  const target = { subscriberId: subscriber.id, purpose: 'unsubscribe' } as const
  const token = await createToken(tools.db, target, tools.now())
  return { url: `${tools.publicUrl}/unsubscribe/${token}`, tokens: [token] }
}
