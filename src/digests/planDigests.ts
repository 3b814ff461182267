import { keep, newCache } from '../caching.ts'
import { instantOf, localDateAt, nextDigestAt } from '../calendar.ts'
import { getDigestOf, insertDigests, type NewDigest, replanDigest } from '../db/digests/digests.ts'
import type { DigestRow, SubscriberRow } from '../db/engine/schema.ts'
import { endCatchUps, scheduleOf, setNextDigests, takeDueSubscribers } from '../db/subscribers/subscribers.ts'
import type { LocalDate } from '../domain.ts'
import type { Tools } from '../tools.ts'

/** Subscribers planned in one transaction. */
const BATCH = 500
const HOUR = 60 * 60 * 1000
/** A digest whose day is over is still sent, unless the next digest is nearer than this. */
const NEXT_IS_NEAR = 12 * HOUR
/** A digest planned this long after its hour counts as late. */
const PLANNED_LATE_AFTER = HOUR
/** After a longer stop, the earliest missed days get no row. */
const MOST_MISSED = 60

/** Many subscribers have the same hour, and the calendar takes longer than everything else here. */
const hoursKept = newCache<string, Date | null>(1000)
const daysKept = newCache<string, LocalDate>(1000)

/** Plans a digest for each subscriber whose hour has come. Gives the ids of the digests to compose. */
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
    const digests = due.flatMap((subscriber) => digestsFor(subscriber, now))
    const ids = await insertDigests(tx, digests)
    await setNextDigests(
      tx,
      due.map((subscriber) => ({ id: subscriber.id, at: nextFor(subscriber, now) })),
    )
    const madeUp = digests.filter(({ catch_up_from, status }) => catch_up_from && status === 'planned')
    await endCatchUps(
      tx,
      madeUp.map(({ subscriber_id }) => subscriber_id),
    )
    return { due: due.length, ids }
  })
}

/** The next step of a digest: choose its papers, send it, or nothing. */
export type OpenWork = 'compose' | 'send' | undefined

/**
 * Plans the digest of one subscriber for a day, due at that day's hour, or without a day for today, due now. Each day
 * has one digest. If it exists, it is returned, and planned again if it ended without a mail. `work`: its next step.
 */
export async function planDigestOf(
  { db, now }: Pick<Tools, 'db' | 'now'>,
  subscriber: SubscriberRow,
  on: LocalDate | undefined,
): Promise<{ digest: DigestRow; work: OpenWork }> {
  const date = on ?? localDateAt(now(), subscriber.time_zone)
  const due = on === undefined ? now() : instantOf(on, subscriber.send_at, subscriber.time_zone)
  const isToday = date === localDateAt(now(), subscriber.time_zone)
  const catchUp = isToday && subscriber.status === 'active' ? subscriber.catch_up_from : null
  await db.transaction().execute(async (tx) => {
    const planned = { subscriber_id: subscriber.id, local_date: date, due_at: due, catch_up_from: catchUp }
    const isNew = (await insertDigests(tx, [planned])).length > 0
    if (isNew && catchUp !== null) await endCatchUps(tx, [subscriber.id])
  })
  const digest = await getDigestOf(db, subscriber.id, date)
  if (digest.status === 'planned' || digest.status === 'composing') return { digest, work: 'compose' }
  if (digest.status === 'sending') return { digest, work: 'send' }
  const isAnew = await db.transaction().execute((tx) => replanDigest(tx, digest.id))
  return { digest, work: isAnew ? 'compose' : undefined }
}

/** One digest for each hour that has come. After a stop, only the last one may still be sent. */
function digestsFor(subscriber: SubscriberRow, now: Date): NewDigest[] {
  const hours: Date[] = []
  for (
    let hour: Date | null = subscriber.next_digest_at;
    hour && hour <= now;
    hour = nextFor(subscriber, hour)
  ) {
    hours.push(hour)
  }
  const last = lastDigest(subscriber, hours.pop()!, now)
  const missed = hours.slice(-MOST_MISSED).map((hour) => ({
    ...digestAt(subscriber, hour),
    status: 'skipped' as const,
    reason: 'Paperboy was not running on that day',
  }))
  // The first digest after a sign-up is due at once, so two hours may be of one day.
  return [...missed.filter(({ local_date }) => local_date !== last.local_date), last]
}

/** The last digest. It is sent, however late, until its day ends, and after that unless the next digest is near. */
function lastDigest(subscriber: SubscriberRow, hour: Date, now: Date): NewDigest {
  const digest = digestAt(subscriber, hour)
  const isDayOver = dayOf(now, subscriber.time_zone) > digest.local_date
  const next = nextFor(subscriber, now)
  if (isDayOver && next !== null && isNear(next, now)) {
    const hours = Math.round((now.getTime() - hour.getTime()) / HOUR)
    const reason = `Paperboy was not running at the hour it was due and came back ${hours} hours later, when the next one was near`
    return { ...digest, status: 'skipped', reason }
  }
  const late = now.getTime() - hour.getTime() > PLANNED_LATE_AFTER
  return { ...digest, status: 'planned', late, catch_up_from: subscriber.catch_up_from }
}

/** Whether a subscriber's next digest is less than 12 hours away: then a day that is over is not made up for any more. */
export function isNear(next: Date, now: Date): boolean {
  return next.getTime() - now.getTime() < NEXT_IS_NEAR
}

function digestAt(subscriber: SubscriberRow, hour: Date): NewDigest {
  const local_date = dayOf(hour, subscriber.time_zone)
  return { subscriber_id: subscriber.id, local_date, due_at: hour }
}

/** The first hour after an instant at which a digest is due; null if there is none. */
function nextFor(subscriber: SubscriberRow, after: Date): Date | null {
  const { zone, sendAt, weekdays } = scheduleOf(subscriber)
  const key = `${zone} ${sendAt} ${weekdays} ${after.getTime()}`
  return (
    hoursKept.entries.get(key) ??
    keep(hoursKept, key, nextDigestAt({ zone, sendAt, weekdays }, after) ?? null)
  )
}

function dayOf(instant: Date, zone: string): LocalDate {
  const key = `${zone} ${instant.getTime()}`
  return daysKept.entries.get(key) ?? keep(daysKept, key, localDateAt(instant, zone))
}
