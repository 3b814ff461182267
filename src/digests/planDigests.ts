import { instantOf, localDateAt, nextDigestAt } from '../calendar.ts'
import { getDigestOf, insertDigests, type NewDigest, replanSkipped } from '../db/digests/digests.ts'
import type { DigestRow, SubscriberRow } from '../db/engine/schema.ts'
import { scheduleOf, setNextDigest, takeDueSubscribers } from '../db/subscribers/subscribers.ts'
import type { LocalDate } from '../domain.ts'
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
    for (const subscriber of due) {
      await setNextDigest(tx, subscriber.id, nextDigestAt(scheduleOf(subscriber), now) ?? null)
    }
    return { due: due.length, ids }
  })
}

/**
 * Plans the digest of one subscriber for a day of theirs, or for today where no day is given; it is due at that day's
 * hour, or now. A day has one digest: where there is one already it is given, and one that was skipped is planned again.
 * `isOpen`: nobody has sent it yet.
 */
export async function planDigestOf(
  { db, now }: Pick<Tools, 'db' | 'now'>,
  subscriber: SubscriberRow,
  on: LocalDate | undefined,
): Promise<{ digest: DigestRow; isOpen: boolean }> {
  const date = on ?? localDateAt(now(), subscriber.time_zone)
  const due = on === undefined ? now() : instantOf(on, subscriber.send_at, subscriber.time_zone)
  await insertDigests(db, [{ subscriber_id: subscriber.id, local_date: date, due_at: due }])
  const digest = await getDigestOf(db, subscriber.id, date)
  const isOpen =
    digest.status === 'planned' ||
    digest.status === 'composing' ||
    (await replanSkipped(db, digest.id, now()))
  return { digest, isOpen }
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
