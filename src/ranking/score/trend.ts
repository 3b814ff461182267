import type { PaperIndex, RankablePaper } from '../index/paperIndex.ts'

/** At this many upvotes what they add has reached half of its bound. */
const HALF_UPVOTES = 20

/** At so many new upvotes a day speed brings a paper half of the way that is left to the bound. */
const HALF_SPEED = 20

/** How a paper is doing: both 0 or more, their sum below 1. */
export interface Trend {
  /** By its upvotes. */
  popular: number
  /** By how fast they came in lately: part of what `popular` leaves, so that an unknown speed costs nothing. */
  rising: number
}

/** How a paper is doing, by its upvotes u and their speed s: u / (u + 20), and s / (s + 20) of the rest. */
export function trendOf(paper: RankablePaper): Trend {
  const popular = share(paper.upvotes, HALF_UPVOTES)
  return { popular, rising: (1 - popular) * share(risePerDay(paper), HALF_SPEED) }
}

/** How each paper of an index is doing. */
export interface Trends {
  popular: Float64Array
  rising: Float64Array
  /** Their sum. */
  both: Float64Array
}

const known = new WeakMap<PaperIndex, Trends>()

/** trendOf each paper of the index, the same for all subscribers. */
export function trendsOf(index: PaperIndex): Trends {
  const found = known.get(index)
  if (found !== undefined) return found
  const all = index.papers.map(trendOf)
  const trends = {
    popular: Float64Array.from(all, ({ popular }) => popular),
    rising: Float64Array.from(all, ({ rising }) => rising),
    both: Float64Array.from(all, ({ popular, rising }) => popular + rising),
  }
  known.set(index, trends)
  return trends
}

/** Whole upvotes a day that came in lately; 0 where none did or where nobody looked twice. */
export function risePerDay({ upvotesPerDay }: RankablePaper): number {
  const rise = Math.round(upvotesPerDay ?? 0)
  return Number.isFinite(rise) ? Math.max(rise, 0) : 0
}

function share(count: number | null, half: number): number {
  const amount = Math.max(count ?? 0, 0)
  return Number.isFinite(amount) ? amount / (amount + half) : 0
}
