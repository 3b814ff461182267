import { sql } from 'kysely'
import type { SubscriberStatus, Topic } from '../../../domain.ts'
import type { Db, Tx } from '../../engine/connect.ts'
import type { NewSubscriber } from '../subscribers.ts'

export interface KnownSubscriber {
  id: number
  emailKey: string
  status: SubscriberStatus
  /** Where consent was given; it begins with `import` for whoever came by a list. */
  consentSource: string
}

/** Finds which of these addresses (in lower case) have a subscriber. */
export async function findKnownSubscribers(db: Db | Tx, emailKeys: string[]): Promise<KnownSubscriber[]> {
  return db
    .selectFrom('subscribers')
    .select(['id', 'email_key as emailKey', 'status', 'consent_source as consentSource'])
    .where('email_key', '=', sql<string>`ANY(${emailKeys}::text[])`)
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
    .values(subscribers.map((row) => ({ ...row, email_key: row.email.toLowerCase() })))
    .onConflict((oc) => oc.column('email_key').doNothing())
    .returning(['id', 'email_key as emailKey'])
    .execute()
}

/** Adds the topics of subscribers that have none. */
export async function insertTopics(
  tx: Tx,
  topics: { subscriberId: number; topics: Topic[] }[],
): Promise<void> {
  const rows = topics.flatMap(({ subscriberId, topics }) =>
    topics.map(({ name, query, quota, pickiness }, index) => ({
      subscriber_id: subscriberId,
      position: index + 1,
      name,
      query,
      quota,
      pickiness: pickiness ?? ('balanced' as const),
    })),
  )
  // PostgreSQL takes at most 65,535 values in a statement.
  for (let from = 0; from < rows.length; from += 5000)
    await tx
      .insertInto('topics')
      .values(rows.slice(from, from + 5000))
      .execute()
}
