import type { SightingView } from '../../db/papers/paperViews.ts'
import { shortDay } from '../../text/dates.ts'

/** A line of upvotes over time as the numbers of an inline SVG; the table of sightings says the same. */
export interface UpvotesChart {
  width: number
  height: number
  /** Points of the line, `x,y x,y`. */
  line: string
  dots: { x: number; y: number }[]
  top: { y: number; label: string }
  bottom: { y: number; label: string }
  from: string
  to: string
  words: string
}

const WIDTH = 640
const HEIGHT = 150
const LEFT = 44
const RIGHT = 12
const TOP = 14
const BOTTOM = 24

/** Two lists read in one run are one look at the upvotes. */
const LEAST_SPAN = 60 * 60 * 1000

/** Draws the upvotes of a paper. Undefined if they were not seen over at least an hour. */
export function upvotesChart(sightings: SightingView[]): UpvotesChart | undefined {
  const seen = sightings
    .flatMap(({ observedAt, upvotes }) => (upvotes === null ? [] : [{ at: observedAt.getTime(), upvotes }]))
    .sort((a, b) => a.at - b.at || a.upvotes - b.upvotes)
  const [first, last] = [seen[0], seen.at(-1)]
  if (first === undefined || last === undefined || last.at - first.at < LEAST_SPAN) return undefined
  const most = Math.max(...seen.map(({ upvotes }) => upvotes), 1)
  const dots = seen.map(({ at, upvotes }) => ({
    x: Math.round(LEFT + ((WIDTH - LEFT - RIGHT) * (at - first.at)) / (last.at - first.at)),
    y: Math.round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - upvotes / most)),
  }))
  const [from, to] = [first, last].map(({ at }) => shortDay(new Date(at).toISOString().slice(0, 10)))
  return {
    width: WIDTH,
    height: HEIGHT,
    line: dots.map(({ x, y }) => `${x},${y}`).join(' '),
    dots,
    top: { y: TOP, label: most.toLocaleString('en') },
    bottom: { y: HEIGHT - BOTTOM, label: '0' },
    from: from!,
    to: to!,
    words: `From ${first.upvotes} upvotes on ${from} to ${last.upvotes} on ${to}; the most were ${most}.`,
  }
}
