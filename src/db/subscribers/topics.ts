import { sql } from 'kysely'
import type { Topic } from '../../domain.ts'
import type { Db, Tx } from '../engine/connect.ts'

/** Lists a subscriber's topics in their order. */
export function listTopics(db: Db | Tx, subscriberId: number): Promise<Topic[]> {
  return db
    .selectFrom('topics')
    .select(['name', 'query', 'quota'])
    .where('subscriber_id', '=', subscriberId)
    .orderBy('position')
    .orderBy('id')
    .execute()
}

/** Lists the topics of each of these subscribers in their order; an empty list for a subscriber without topics. */
export async function listTopicsOf(db: Db | Tx, subscriberIds: number[]): Promise<Map<number, Topic[]>> {
  const rows = await db
    .selectFrom('topics')
    .select(['subscriber_id', 'name', 'query', 'quota'])
    .where('subscriber_id', '=', sql<number>`ANY(${subscriberIds})`)
    .orderBy('position')
    .orderBy('id')
    .execute()
  const topics = new Map<number, Topic[]>(subscriberIds.map((id) => [id, []]))
  for (const { subscriber_id, ...topic } of rows) topics.get(subscriber_id)?.push(topic)
  return topics
}

/** Replaces a subscriber's topics by these, in this order. Names differ from one another. */
export async function replaceTopics(tx: Tx, subscriberId: number, topics: Topic[]): Promise<void> {
  await tx.deleteFrom('topics').where('subscriber_id', '=', subscriberId).execute()
  if (topics.length === 0) return
  await tx
    .insertInto('topics')
    .values(
      topics.map(({ name, query, quota }, index) => ({
        subscriber_id: subscriberId,
        position: index + 1,
        name,
        query,
        quota,
      })),
    )
    .execute()
}
