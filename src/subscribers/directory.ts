import { insertAudit } from '../db/audit.ts'
import type { Tx } from '../db/engine/connect.ts'
import type { SubscriberRow, SuppressionCause } from '../db/engine/schema.ts'
import { insertMailEvent } from '../db/mail/mailEvents.ts'
import {
  deleteSuppression,
  insertSuppression,
  listSuppressions,
  type Suppression,
} from '../db/mail/suppressions.ts'
import { findSubscriberByEmail, lockSubscriber } from '../db/subscribers/subscribers.ts'
import {
  type ListedSubscriber,
  listSubscriberPage,
  type SubscriberQuery,
} from '../db/subscribers/subscriberViews.ts'
import { addressHash } from '../mail/addressHash.ts'
import { type Actor, auditEntry, type Context, unsubscribeIn } from './membership.ts'

/** A subscriber in a list, with why they get no mail. */
export type SubscriberEntry = ListedSubscriber & { suppression: Suppression | undefined }

export interface DirectoryQuery extends SubscriberQuery {
  /** Only subscribers whose address gets no mail. */
  suppressed?: boolean
}

/** Read at once. A suppression is a hash of an address, so the database cannot look for suppressed subscribers itself. */
const PAGE = 500

/** Lists subscribers, the newest first. The next page begins `before` the last id of this one. */
export async function listDirectory(context: Context, query: DirectoryQuery): Promise<SubscriberEntry[]> {
  const found: SubscriberEntry[] = []
  let before = query.before
  while (found.length < query.limit) {
    const limit = query.suppressed ? PAGE : query.limit
    const page = await listSubscriberPage(context.db, { ...query, before, limit })
    const entries = await withSuppressions(context, page)
    found.push(...entries.filter(({ suppression }) => !query.suppressed || suppression))
    if (page.length < limit || !query.suppressed) break
    before = page.at(-1)!.id
  }
  return found.slice(0, query.limit)
}

async function withSuppressions(context: Context, page: ListedSubscriber[]): Promise<SubscriberEntry[]> {
  const hashes = page.map(({ email }) => addressHash(email, context.secret))
  const suppressions = await listSuppressions(context.db, hashes)
  const byHash = new Map(suppressions.map((suppression) => [suppression.addressHash, suppression]))
  return page.map((entry, index) => ({ ...entry, suppression: byHash.get(hashes[index]!) }))
}

/** Why an address gets no mail; undefined if it does. */
export async function findSuppression(
  { db, secret }: Context,
  email: string,
): Promise<Suppression | undefined> {
  return (await listSuppressions(db, [addressHash(email, secret)]))[0]
}

/**
 * Holds back all mail to an address from now on, whether it has a subscriber or not, also mail that is on its way. The
 * subscription itself stays as it is. False if the address was suppressed before.
 */
export async function suppress(
  context: Context,
  email: string,
  { actor, cause, reason }: { actor: Actor; cause: SuppressionCause; reason: string },
): Promise<boolean> {
  return context.db.transaction().execute(async (tx) => {
    const subscriber = await findLocked(tx, email)
    return suppressIn(tx, context, { email, subscriber, actor, cause, reason })
  })
}

/** The same inside a transaction that has the subscriber's row. */
export async function suppressIn(
  tx: Tx,
  context: Context,
  given: {
    email: string
    subscriber: SubscriberRow | undefined
    actor: Actor
    cause: SuppressionCause
    reason: string
  },
): Promise<boolean> {
  const { email, subscriber, actor, cause, reason } = given
  const isNew = await insertSuppression(tx, addressHash(email, context.secret), reason, cause)
  if (isNew && subscriber) await note(tx, context, subscriber, 'suppressed', actor, reason)
  return isNew
}

/**
 * Ends the subscription and all mail to its address for good, because whoever has the mailbox never asked for it or wants
 * no more. Only the operator can lift this.
 */
export async function refuseAllMail(context: Context, subscriberId: number): Promise<void> {
  await context.db.transaction().execute(async (tx) => {
    const subscriber = await lockSubscriber(tx, subscriberId)
    if (!subscriber) return
    const { email } = subscriber
    const reason = 'whoever has this mailbox asked for no mail at all'
    await unsubscribeIn(tx, context, subscriber, 'subscriber')
    await suppressIn(tx, context, { email, subscriber, actor: 'subscriber', cause: 'never', reason })
  })
}

/**
 * Lets mail to an address go again. Bounces from before no longer count. Returns the suppression that was lifted;
 * undefined if there was none. A subscription that ended with a complaint stays ended.
 */
export async function liftSuppression(
  context: Context,
  email: string,
  actor: Actor,
): Promise<Suppression | undefined> {
  return context.db.transaction().execute(async (tx) => {
    const subscriber = await findLocked(tx, email)
    const lifted = await deleteSuppression(tx, addressHash(email, context.secret))
    if (lifted && subscriber) await note(tx, context, subscriber, 'lifted', actor, lifted.reason)
    return lifted
  })
}

async function findLocked(tx: Tx, email: string): Promise<SubscriberRow | undefined> {
  const found = await findSubscriberByEmail(tx, email)
  return found && lockSubscriber(tx, found.id)
}

async function note(
  tx: Tx,
  context: Context,
  { id }: SubscriberRow,
  kind: 'suppressed' | 'lifted',
  actor: Actor,
  detail: string,
): Promise<void> {
  const at = context.now()
  await insertMailEvent(tx, { digest_id: null, subscriber_id: id, kind, source: actor, detail, at })
  const action = kind === 'suppressed' ? 'suppressed the address' : 'lifted the suppression'
  await insertAudit(tx, auditEntry(at, actor, action, id))
}
