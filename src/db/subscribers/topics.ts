import { sql } from 'kysely'
import type { Topic } from '../../domain.ts'
import type { Db, Tx } from '../engine/connect.ts'

/** Lists a subscriber's topics in their order. */
export async function listTopics(db: Db | Tx, subscriberId: number): Promise<Topic[]> {
  const rows = await db
    .selectFrom('topics')
    .select(['name', 'query', 'quota', 'pickiness'])
    .where('subscriber_id', '=', subscriberId)
    .orderBy('position')
    .orderBy('id')
    .execute()
  return rows.map(topicOf)
}

/** A balanced topic does not say so: that is what absent means. */
function topicOf({ pickiness, ...topic }: Topic): Topic {
  return pickiness === 'balanced' ? topic : { ...topic, pickiness }
}

/** Lists the topics of each of these subscribers in their order; an empty list for a subscriber without topics. */
export async function listTopicsOf(db: Db | Tx, subscriberIds: number[]): Promise<Map<number, Topic[]>> {
  const rows = await db
    .selectFrom('topics')
    .select(['subscriber_id', 'name', 'query', 'quota', 'pickiness'])
    .where('subscriber_id', '=', sql<number>`ANY(${subscriberIds})`)
    .orderBy('position')
    .orderBy('id')
    .execute()
  const topics = new Map<number, Topic[]>(subscriberIds.map((id) => [id, []]))
  for (const { subscriber_id, ...topic } of rows) topics.get(subscriber_id)?.push(topicOf(topic))
  return topics
}

/**
 * Replaces a subscriber's topics by these, in this order. Names differ from one another. A topic that does not say how picky it is
 * stays as picky as the one of its name was.
 */
export async function replaceTopics(tx: Tx, subscriberId: number, topics: Topic[]): Promise<void> {
  const before = new Map((await listTopics(tx, subscriberId)).map(({ name, pickiness }) => [name, pickiness]))
  await tx.deleteFrom('topics').where('subscriber_id', '=', subscriberId).execute()
  if (topics.length === 0) return
  await tx
    .insertInto('topics')
    .values(
      topics.map(({ name, query, quota, pickiness }, index) => ({
        subscriber_id: subscriberId,
        position: index + 1,
        name,
        query,
        quota,
        pickiness: pickiness ?? before.get(name) ?? 'balanced',
      })),
    )
    .execute()
}
