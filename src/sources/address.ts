import { addDays } from '../calendar.ts'
import type { LocalDate } from '../domain.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** A timer that ticks a little early must not make a page wait for the next tick. */
const SLACK = HOUR / 4

/** With today two weeks: so long upvotes and summaries of a day's listing go on to change. */
export const LOOKBACK_DAYS = 13

/** The address of one day's listing: `{date}` stands for `YYYY-MM-DD`, as often as it occurs. */
export function addressFor(template: string, day: LocalDate): string {
  return template.replaceAll('{date}', day)
}

/**
 * The days of a dated source to fetch now, newest first. Today's listing grows all day; upvotes, comments and summaries
 * of the days before settle ever more slowly, so those are asked for ever less often, and not at all past the lookback.
 * `lastFetched` gives the time of the last fetch of a day, undefined for none. `today` is the day at the source.
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
