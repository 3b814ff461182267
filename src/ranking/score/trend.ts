import { keptFor } from '../../caching.ts'
import type { PaperIndex, RankablePaper } from '../index/paperIndex.ts'

/** At this many upvotes a paper gets half of what upvotes can add. */
const HALF_UPVOTES = 20

/** At this many new upvotes a day a paper gets half of what its speed can add. */
const HALF_SPEED = 20

/** How popular a paper is. Both numbers are 0 or more, and their sum is below 1. */
export interface Trend {
  /** From its upvotes. */
  popular: number
  /** From how fast upvotes came in lately: a part of what `popular` leaves, so that an unknown speed costs nothing. */
  rising: number
}

/** The trend of a paper with u upvotes and s new ones a day: popular is u / (u + 20), rising is s / (s + 20) of the rest. */
export function trendOf(paper: RankablePaper): Trend {
  const popular = share(paper.upvotes, HALF_UPVOTES)
  return { popular, rising: (1 - popular) * share(risePerDay(paper), HALF_SPEED) }
}

/** The trend of each paper of an index. */
export interface Trends {
  popular: Float64Array
  rising: Float64Array
  /** The sum of the two. */
  both: Float64Array
}

/** trendOf for each paper of an index; the same for all subscribers. */
export const trendsOf = keptFor(({ papers }: PaperIndex): Trends => {
  const all = papers.map(trendOf)
  return {
    popular: Float64Array.from(all, ({ popular }) => popular),
    rising: Float64Array.from(all, ({ rising }) => rising),
    both: Float64Array.from(all, ({ popular, rising }) => popular + rising),
  }
})

/** Whole upvotes a day that came in lately; 0 if none did, or where the speed is unknown. */
export function risePerDay({ upvotesPerDay }: RankablePaper): number {
  const rise = Math.round(upvotesPerDay ?? 0)
  return Number.isFinite(rise) ? Math.max(rise, 0) : 0
}

function share(count: number | null, half: number): number {
  const amount = Math.max(count ?? 0, 0)
  return Number.isFinite(amount) ? amount / (amount + half) : 0
}
