import { addDays, isLocalDate, localDateAt } from '../../calendar.ts'
import type { SubscriberRow } from '../../db/engine/schema.ts'
import { listTopics } from '../../db/subscribers/topics.ts'
import { backtestSubscriberOf, digestOfDay } from '../../digests/backtest.ts'
import type { LocalDate } from '../../domain.ts'
import { displayLine } from '../../text/displayLine.ts'
import { texToUnicode } from '../../text/texToUnicode.ts'
import { rowsByTopic, type TopicRows } from '../papers/tuneView.ts'
import type { Site } from '../site/site.ts'

/** A past day, and the digest that today's topics would have made of it if one was asked for. */
export interface PastDayView {
  /** The day of the field: what was asked for, else yesterday. */
  day: string
  last: LocalDate
  error?: string
  shown?: { groups: TopicRows[]; count: number; reason: string }
}

/** Reads the day that was asked for and makes its digest. Nothing is stored. */
export async function viewPastDay(
  site: Site,
  { subscriber, answererId }: { subscriber: SubscriberRow; answererId: number | undefined },
  asked: unknown,
): Promise<PastDayView> {
  const today = localDateAt(site.now(), subscriber.time_zone)
  const last = addDays(today, -1)
  if (asked === undefined || asked === '') return { day: last, last }
  const day = displayLine(`${asked}`, 40)
  if (!isLocalDate(day) || day > last)
    return { day: last, last, error: `Expected a day before ${today}, such as ${last}, got “${day}”.` }
  const topics = await listTopics(site.db, subscriber.id)
  const { papers, reason } = await digestOfDay(site.db, backtestSubscriberOf(subscriber, topics), day)
  const groups = await rowsByTopic(site, papers, topics, answererId)
  return {
    day,
    last,
    shown: { groups, count: papers.length, reason: displayLine(texToUnicode(reason ?? '')) },
  }
}
