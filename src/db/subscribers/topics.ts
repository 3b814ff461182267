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
  const asBefore = topics.map((topic) => ({ ...topic, pickiness: topic.pickiness ?? before.get(topic.name) }))
  await insertTopics(tx, [{ subscriberId, topics: asBefore }])
}

/** PostgreSQL takes at most 65,535 values in a statement, and a topic has six. */
const AT_ONCE = 5000

/** Adds the topics of subscribers that have none, in this order. */
export async function insertTopics(tx: Tx, all: { subscriberId: number; topics: Topic[] }[]): Promise<void> {
  const rows = all.flatMap(({ subscriberId, topics }) =>
    topics.map(({ name, query, quota, pickiness = 'balanced' }, index) => ({
      subscriber_id: subscriberId,
      position: index + 1,
      name,
      query,
      quota,
      pickiness,
    })),
  )
  for (let from = 0; from < rows.length; from += AT_ONCE)
    await tx
      .insertInto('topics')
      .values(rows.slice(from, from + AT_ONCE))
      .execute()
}
