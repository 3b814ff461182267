import { insertAudit } from '../db/audit.ts'
import { listPausedUntil, lockSubscriber } from '../db/subscribers/subscribers.ts'
import { listTopics } from '../db/subscribers/topics.ts'
import { auditEntry, type Context, pause, resume, writePreferences } from './membership.ts'
import type { Preferences } from './preferences.ts'

const DAY = 24 * 60 * 60 * 1000
const LONG_PAUSE = 30 * DAY
const MONDAY = 1
const WORKDAYS = [1, 2, 3, 4, 5]

/** One digest a week, on Mondays. It chooses from the papers of seven days, so it is the best of the week. */
export function getWeekly(context: Context, subscriberId: number): Promise<void> {
  return changeWeekdays(context, subscriberId, [MONDAY])
}

/** No digest on Saturdays and Sundays. Monday's digest chooses from the weekend's papers too. */
export function getWorkdays(context: Context, subscriberId: number): Promise<void> {
  return changeWeekdays(context, subscriberId, WORKDAYS)
}

/** No digest for thirty days. The first one afterwards chooses from the papers of the whole pause. */
export function pauseForMonth(context: Context, subscriberId: number): Promise<void> {
  return pause(context, subscriberId, new Date(context.now().getTime() + LONG_PAUSE))
}

async function changeWeekdays(context: Context, subscriberId: number, weekdays: number[]): Promise<void> {
  const now = context.now()
  await context.db.transaction().execute(async (tx) => {
    const subscriber = await lockSubscriber(tx, subscriberId)
    if (subscriber?.status !== 'active') return
    const preferences: Preferences = {
      topics: await listTopics(tx, subscriberId),
      timeZone: subscriber.time_zone,
      sendAt: subscriber.send_at,
      weekdays,
      maxPapers: subscriber.max_papers,
      trendWeight: subscriber.trend_weight,
      explore: subscriber.explore,
      countsOpens: subscriber.counts_opens,
    }
    await writePreferences(tx, subscriber, preferences, now)
    await insertAudit(tx, auditEntry(now, 'subscriber', 'asked for fewer digests', subscriberId))
  })
}

const BATCH = 500

/** Ends the pauses whose time has come: each subscriber gets digests again from their next hour on. */
export async function endPauses(context: Context): Promise<void> {
  for (;;) {
    const over = await listPausedUntil(context.db, context.now(), BATCH)
    for (const subscriberId of over) await resume(context, subscriberId)
    if (over.length < BATCH) return
  }
}
