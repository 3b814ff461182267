import { z } from 'zod'
import type { SubscriberRow } from '../db/engine/schema.ts'
import { insertMailEvent } from '../db/mail/mailEvents.ts'
import { blockDomain } from '../db/mail/mailLimits.ts'
import { endMailPause } from '../db/mail/mailPauses.ts'
import { isSuppressed } from '../db/mail/suppressions.ts'
import { findSignUp } from '../db/subscribers/signUps.ts'
import { claimConfirmation, findSubscriber, releaseConfirmation } from '../db/subscribers/subscribers.ts'
import { createToken, deleteToken, TOKEN_LIFETIME_MS } from '../db/subscribers/tokens.ts'
import { pauseUnlessOthersPass, waitOutPause } from '../digests/delivery/pause.ts'
import { PermanentError, TemporaryError } from '../errors.ts'
import { domainOf, parseSender } from '../mail/address.ts'
import { addressHash } from '../mail/addressHash.ts'
import { messageIdOf } from '../mail/compose/headers.ts'
import { SITE_NAME } from '../mail/compose/link.ts'
import { buildConfirmationMail, buildPreferencesMail, type Mail } from '../mail/compose/message.ts'
import { refusedMailbox, type SendResult } from '../mail/deliver/sendResult.ts'
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
    const asked = new Date(askedAt)
    const wasPaused = await waitOutPause(tools.db, tools.now())
    const subscriber = await findSubscriber(tools.db, subscriberId)
    if (!subscriber || !isWaiting(subscriber, asked)) return []
    if (await isSuppressed(tools.db, addressHash(subscriber.email, tools.secret))) {
      await claimConfirmation(tools.db, subscriberId, asked, tools.now())
      return []
    }
    const letter = await writeLetter(subscriber, askedAt, tools)
    let taken = false
    // The claim comes as late as possible. A failure before it can be tried again; after it, the mail may have been
    // delivered.
    const result = await tools.mailer.send(letter.mail, async () => {
      taken = (await claimConfirmation(tools.db, subscriberId, asked, tools.now())) !== undefined
      if (!taken) throw new TemporaryError('another mail was asked for meanwhile')
    })
    if (result.kind === 'accepted' || result.kind === 'unknown') {
      await record(subscriber, result, tools)
      if (wasPaused && result.kind === 'accepted') await endMailPause(tools.db)
      return []
    }
    for (const token of letter.tokens) await deleteToken(tools.db, token)
    if (result.kind === 'refused' && result.permanent) {
      if (!taken) await claimConfirmation(tools.db, subscriberId, asked, tools.now())
    } else if (taken) await releaseConfirmation(tools.db, subscriberId, asked)
    if (result.kind === 'withheld') throw new TemporaryError(result.reason)
    await record(subscriber, result, tools)
    return refuse(subscriber, result, tools)
  },
})

/** Whether the mail of `askedAt` is the latest request and not yet claimed. */
function isWaiting(subscriber: SubscriberRow, askedAt: Date): boolean {
  const sent = subscriber.confirmation_sent_at?.getTime() ?? 0
  return subscriber.confirmation_asked_at?.getTime() === askedAt.getTime() && sent < askedAt.getTime()
}

interface Letter {
  mail: Mail
  /** The secret tokens that it carries. */
  tokens: string[]
}

/** Whether the subscriber has not confirmed yet, or has left and was signed up again since. */
async function isToBeConfirmed({ id, status }: SubscriberRow, tools: Tools): Promise<boolean> {
  if (status === 'pending') return true
  return status === 'unsubscribed' && (await findSignUp(tools.db, id)) !== undefined
}

async function writeLetter(subscriber: SubscriberRow, askedAt: string, tools: Tools): Promise<Letter> {
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

type Answer = Exclude<SendResult, { kind: 'withheld' }>

async function record(subscriber: SubscriberRow, result: Answer, tools: Tools): Promise<void> {
  if (result.kind === 'refused' && result.permanent) {
    const refusal = { subscriberId: subscriber.id, digestId: null, ...refusedMailbox(result) }
    return tools.db.transaction().execute((tx) => noteRefusal(tx, tools, refusal))
  }
  const kind = result.kind === 'refused' ? kindOf(result) : result.kind
  const detail = result.kind === 'accepted' ? result.response : result.reason
  await insertMailEvent(tools.db, {
    digest_id: null,
    subscriber_id: subscriber.id,
    kind,
    detail,
    at: tools.now(),
  })
}

function kindOf({ blame }: SendResult & { kind: 'refused' }) {
  return blame === 'sender' ? 'our fault' : 'deferred'
}

/** The mail was certainly not sent. A refusal for good ends it; other failures are tried again. */
async function refuse(
  subscriber: SubscriberRow,
  refusal: SendResult & { kind: 'refused' },
  tools: Tools,
): Promise<never> {
  const what = `confirmation of subscriber ${subscriber.id}`
  if (refusal.permanent) {
    throw new PermanentError(`${what}: the mail server refused it for good: ${refusal.reason}`)
  }
  if (refusal.blame === 'domain') await blockDomain(tools.db, domainOf(subscriber.email), refusal.reason)
  else if (refusal.blame !== 'mail') await pauseUnlessOthersPass(tools.db, refusal.reason)
  throw new TemporaryError(`${what}: the mail server did not take it now: ${refusal.reason}`)
}
