import { z } from 'zod'
import { laterOf, localDateAt } from '../calendar.ts'
import { insertDigestItems } from '../db/digestItems.ts'
import { lockComposing, markComposed, markEnded, startComposing } from '../db/digests.ts'
import type { DigestRow, SubscriberRow } from '../db/schema.ts'
import { listSubscribers } from '../db/subscribers.ts'
import { listTopicsOf } from '../db/topics.ts'
import type { LocalDate, Topic } from '../domain.ts'
import { chooseDigest } from './chooseDigest.ts'
import { defineStep, type NextJob, type Tools } from './step.ts'

/** Ranks the day's papers for each subscriber and freezes the chosen ones, with scores and reasons, in rows. */
export const composeDigests = defineStep({
  name: 'composeDigests',
  payload: z.object({ digestIds: z.array(z.number().int()).min(1).max(500) }),
  key: ({ digestIds }) => `${digestIds[0]}-${digestIds.length}-${digestIds.at(-1)}`,
  attempts: 5,
  concurrency: 1,
  async run({ digestIds }, tools) {
    const digests = await startComposing(tools.db, digestIds, tools.now())
    const subscriberIds = digests.map((digest) => digest.subscriber_id)
    const subscribers = new Map((await listSubscribers(tools.db, subscriberIds)).map((row) => [row.id, row]))
    const topics = await listTopicsOf(tools.db, subscriberIds)
    const next: NextJob[] = []
    for (const digest of digests) {
      const subscriber = subscribers.get(digest.subscriber_id)
      if (!subscriber) continue
      const composed = await composeDigest(digest, subscriber, topics.get(subscriber.id) ?? [], tools)
      if (composed) next.push({ name: 'sendDigest', payload: { digestId: digest.id } })
    }
    return next
  },
})

async function composeDigest(
  digest: DigestRow,
  subscriber: SubscriberRow,
  topics: Topic[],
  tools: Tools,
): Promise<boolean> {
  const { db } = tools
  const reader = { id: subscriber.id, max: subscriber.max_papers, topics }
  const { items, reason } = await chooseDigest(db, reader, lastDay(digest))
  return db.transaction().execute(async (tx) => {
    // Another worker may have composed it meanwhile, or the reader left: then there is nothing to do.
    if (!(await lockComposing(tx, digest.id))) return false
    if (items.length === 0) {
      await markEnded(tx, digest.id, 'skipped', reason ?? 'nothing matched', tools.now())
      return false
    }
    await insertDigestItems(tx, digest.id, subscriber.id, items)
    await markComposed(tx, digest.id, tools.now())
    return true
  })
}

/** The last listing day a digest may bring: its own, or the UTC day where that has begun when it is due. */
export function lastDay(digest: { local_date: LocalDate; due_at: Date }): LocalDate {
  return laterOf(digest.local_date, localDateAt(digest.due_at, 'UTC'))
}
