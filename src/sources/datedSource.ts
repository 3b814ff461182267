import { addDays } from '../calendar.ts'
import type { LocalDate } from '../domain.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** If a timer ticks a little early, a page must not wait for the next tick. */
const SLACK = HOUR / 4

/** Two weeks with today. For that long the upvotes and summaries of a day's listing still change. */
export const LOOKBACK_DAYS = 13

/** The address of one day's listing. Every `{date}` is replaced by `YYYY-MM-DD`. */
export function addressFor(template: string, day: LocalDate): string {
  return template.replaceAll('{date}', day)
}

/**
 * The days of a dated source to fetch now, newest first. Today's listing grows all day. The upvotes, comments and
 * summaries of earlier days change more and more slowly, so those days are fetched less and less often, and not at
 * all past the lookback.
 * `lastFetched` returns the time of a day's last fetch, undefined for none. `today` is the day at the source.
 */
export function daysDue(
  today: LocalDate,
  lookbackDays: number,
  lastFetched: (day: LocalDate) => Date | undefined,
  now: Date,
): LocalDate[] {
  const due: LocalDate[] = []
  for (let back = 0; back <= lookbackDays; back += 1) {
    const day = addDays(today, -back)
    const last = lastFetched(day)
    if (last === undefined || now.getTime() - last.getTime() >= waitFor(back)) due.push(day)
  }
  return due
}

/** How long after its last fetch the listing of `back` days ago is due again, in milliseconds. */
function waitFor(back: number): number {
  if (back === 0) return Number.NEGATIVE_INFINITY
  if (back === 1) return 3 * HOUR - SLACK
  return (back <= 3 ? 12 * HOUR : DAY) - SLACK
}
