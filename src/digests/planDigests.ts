import { localDateAt, nextDigestAt } from '../calendar.ts'
import { insertDigests, type NewDigest } from '../db/digests/digests.ts'
import type { SubscriberRow } from '../db/engine/schema.ts'
import { setNextDigest, takeDueSubscribers } from '../db/subscribers/subscribers.ts'
import type { Tools } from '../tools.ts'

/** Subscribers planned in one transaction. */
const BATCH = 500
const HOUR = 60 * 60 * 1000
/** A digest that is later than this is skipped: the next one is near. */
const LATEST = 12 * HOUR

/** Plans the digest of everyone whose hour has come; gives the ids of those to compose. */
export async function planDueDigests(tools: Pick<Tools, 'db' | 'now'>): Promise<number[]> {
  const planned: number[] = []
  for (;;) {
    const { due, ids } = await planBatch(tools)
    planned.push(...ids)
    if (due < BATCH) return planned
  }
}

async function planBatch(tools: Pick<Tools, 'db' | 'now'>): Promise<{ due: number; ids: number[] }> {
  const now = tools.now()
  return tools.db.transaction().execute(async (tx) => {
    const due = await takeDueSubscribers(tx, now, BATCH)
    const digests = due.map((subscriber) => digestFor(subscriber, now))
    const ids = await insertDigests(tx, digests)
    for (const subscriber of due) await setNextDigest(tx, subscriber.id, nextFor(subscriber, now))
    return { due: due.length, ids }
  })
}

function digestFor(subscriber: SubscriberRow, now: Date): NewDigest {
  const due = subscriber.next_digest_at!
  const digest = {
    subscriber_id: subscriber.id,
    local_date: localDateAt(due, subscriber.time_zone),
    due_at: due,
  }
  const late = now.getTime() - due.getTime()
  if (late <= LATEST) return { ...digest, status: 'planned' }
  const reason = `Paperboy was not running at the hour it was due and came back ${Math.round(late / HOUR)} hours later`
  return { ...digest, status: 'skipped', reason }
}

function nextFor(subscriber: SubscriberRow, now: Date): Date | null {
  const { time_zone: zone, send_at: sendAt, weekdays } = subscriber
  return nextDigestAt({ zone, sendAt, weekdays }, now) ?? null
}
