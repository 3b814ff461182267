import { insertAudit } from '../db/audit.ts'
import type { Tx } from '../db/engine/connect.ts'
import type { SubscriberRow } from '../db/engine/schema.ts'
import { insertMailEvent } from '../db/mail/mailEvents.ts'
import {
  confirmAddressChange,
  deleteAddressChange,
  findAddressChange,
  type Mailbox,
  upsertAddressChange,
} from '../db/subscribers/addressChanges.ts'
import { useMailAllowance } from '../db/subscribers/mailRequests.ts'
import {
  changeAddress,
  emailKey,
  findSubscriberByEmail,
  lockSubscriber,
} from '../db/subscribers/subscribers.ts'
import { deleteTokensOf, findToken } from '../db/subscribers/tokens.ts'
import { mailboxHash } from '../mail/addressHash.ts'
import type { NextJob } from '../tools.ts'
import { suppressIn } from './directory.ts'
import { type Actor, auditEntry, type Context } from './membership.ts'
import { ALLOWANCE } from './subscribing.ts'

/**
 * Asks for another address. It counts once both mailboxes have confirmed it, each by a link of its own, so that neither
 * a link that was passed on nor a mistyped address moves a subscription. Nothing tells whether the new address is known.
 * @param vouched an operator answers for the old mailbox, which then is not asked.
 * @returns `same` if the subscriber has this address, `throttled` if one of the mailboxes was mailed too often lately.
 */
export async function requestAddressChange(
  context: Context,
  subscriberId: number,
  email: string,
  { actor, vouched = false }: { actor: Actor; vouched?: boolean },
): Promise<{ outcome: 'asked' | 'same' | 'throttled' | 'unknown'; next: NextJob[] }> {
  const now = context.now()
  return context.db.transaction().execute(async (tx) => {
    const subscriber = await lockSubscriber(tx, subscriberId)
    if (!subscriber) return { outcome: 'unknown', next: [] }
    if (emailKey(subscriber.email) === emailKey(email)) return { outcome: 'same', next: [] }
    const asked: Mailbox[] = vouched ? ['new'] : ['old', 'new']
    for (const address of vouched ? [email] : [subscriber.email, email]) {
      const mailbox = mailboxHash(address, context.secret)
      // An operator's wish is counted too, and held back by nothing.
      const mayAsk = await useMailAllowance(tx, mailbox, ALLOWANCE, now)
      if (!mayAsk && actor === 'subscriber') return { outcome: 'throttled', next: [] }
    }
    await endLinks(tx, subscriberId)
    await upsertAddressChange(tx, { subscriberId, email, at: now, vouched })
    await insertAudit(tx, auditEntry(now, actor, 'asked for another address', subscriberId))
    const askedAt = now.toISOString()
    const next = asked.map((mailbox) => ({
      name: 'sendAddressLetter',
      payload: { subscriberId, mailbox, askedAt },
    }))
    return { outcome: 'asked', next }
  })
}

/** What a link of such a letter leads to: whose it is, which mailbox has it, and the address that is wanted. */
export interface AddressLink {
  subscriber: SubscriberRow
  mailbox: Mailbox
  email: string
  /** Whether this mailbox has confirmed already. */
  isConfirmed: boolean
}

/** Finds what the link is for; undefined if it is none, has expired, or another address is wanted since. */
export function findAddressLink(context: Context, token: string): Promise<AddressLink | undefined> {
  return context.db.transaction().execute((tx) => lockAddressLink(tx, context, token))
}

async function lockAddressLink(tx: Tx, context: Context, token: string): Promise<AddressLink | undefined> {
  for (const mailbox of ['old', 'new'] as const) {
    const found = await findToken(tx, `${mailbox} address`, token, context.now())
    const subscriber = found && (await lockSubscriber(tx, found.subscriber_id))
    const change = subscriber && (await findAddressChange(tx, subscriber.id))
    if (!subscriber || !change) continue
    const confirmedAt = mailbox === 'old' ? change.old_confirmed_at : change.new_confirmed_at
    return { subscriber, mailbox, email: change.email, isConfirmed: confirmedAt !== null }
  }
  return undefined
}

/**
 * Confirms the new address from one mailbox. When both have confirmed, the subscriber has it: links of earlier mails to
 * preferences and sessions end, because they went to the old mailbox. `waits`: for the other mailbox. `taken`: the new
 * address has a subscription of its own. `dead`: the link works no more.
 */
export async function confirmAddress(
  context: Context,
  token: string,
): Promise<{ outcome: 'changed' | 'waits' | 'taken' | 'dead'; subscriberId?: number }> {
  const now = context.now()
  return context.db.transaction().execute(async (tx) => {
    const link = await lockAddressLink(tx, context, token)
    if (!link) return { outcome: 'dead' }
    const { subscriber, mailbox } = link
    const { id } = subscriber
    const change = (await confirmAddressChange(tx, id, mailbox, now))!
    if (!link.isConfirmed)
      await insertAudit(tx, auditEntry(now, 'subscriber', `confirmed by the ${mailbox} mailbox`, id))
    if (change.old_confirmed_at === null || change.new_confirmed_at === null) return { outcome: 'waits' }
    const other = await findSubscriberByEmail(tx, change.email)
    if (other && other.id !== id) return { outcome: 'taken' }
    await changeAddress(tx, id, change.email, now)
    await endLinks(tx, id)
    for (const purpose of ['manage', 'session', 'confirm'] as const) await deleteTokensOf(tx, id, purpose)
    await deleteAddressChange(tx, id)
    // What the old mailbox bounced says nothing of the new one.
    const event = { digest_id: null, subscriber_id: id, source: 'subscriber', at: now }
    await insertMailEvent(tx, { ...event, kind: 'lifted', detail: 'the address was changed' })
    await insertAudit(tx, auditEntry(now, 'subscriber', 'changed the address', id))
    return { outcome: 'changed', subscriberId: id }
  })
}

/** Whoever has the new mailbox wants none of this: the change is dropped, and the address gets no mail any more. */
export async function refuseAddressChange(context: Context, token: string): Promise<boolean> {
  return context.db.transaction().execute(async (tx) => {
    const link = await lockAddressLink(tx, context, token)
    if (link?.mailbox !== 'new') return false
    const { id } = link.subscriber
    await deleteAddressChange(tx, id)
    const reason = 'whoever has this mailbox asked for no mail at all'
    const given = {
      email: link.email,
      subscriber: undefined,
      actor: 'subscriber',
      cause: 'never',
      reason,
    } as const
    await suppressIn(tx, context, given)
    await insertAudit(tx, auditEntry(context.now(), 'subscriber', 'the new mailbox refused', id))
    return true
  })
}

async function endLinks(tx: Tx, subscriberId: number): Promise<void> {
  await deleteTokensOf(tx, subscriberId, 'old address')
  await deleteTokensOf(tx, subscriberId, 'new address')
}
