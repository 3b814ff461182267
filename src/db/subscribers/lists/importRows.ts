import { sql } from 'kysely'
import type { SubscriberStatus } from '../../../domain.ts'
import type { Db, Tx } from '../../engine/connect.ts'
import { emailKey, type NewSubscriber } from '../subscribers.ts'

export interface KnownSubscriber {
  id: number
  emailKey: string
  status: SubscriberStatus
  /** Where consent was given; it begins with `import` for whoever came by a list. */
  consentSource: string
}

/** Finds which of these addresses have a subscriber. */
export async function findKnownSubscribers(db: Db | Tx, emails: string[]): Promise<KnownSubscriber[]> {
  return db
    .selectFrom('subscribers')
    .select(['id', 'email_key as emailKey', 'status', 'consent_source as consentSource'])
    .where('email_key', '=', sql<string>`ANY(${emails.map(emailKey)}::text[])`)
    .execute()
}

/** Adds subscribers whose addresses have none yet; returns those that were added. */
export async function insertSubscribers(
  tx: Tx,
  subscribers: NewSubscriber[],
): Promise<{ id: number; emailKey: string }[]> {
  if (subscribers.length === 0) return []
  return tx
    .insertInto('subscribers')
    .values(subscribers.map((row) => ({ ...row, email_key: emailKey(row.email) })))
    .onConflict((oc) => oc.column('email_key').doNothing())
    .returning(['id', 'email_key as emailKey'])
    .execute()
}
