import { addDays } from '../../../calendar.ts'
import type { LocalDate } from '../../../domain.ts'

/** A line of the last thirty days for an SVG of WIDTH × HEIGHT. */
export interface Sparkline {
  width: number
  height: number
  /** Lines through days with papers; a day without papers interrupts them. */
  path: string
  /** The middle of each day without papers. */
  gaps: number[]
  /** The same in words. */
  words: string
}

const DAYS = 30
const STEP = 4
const HEIGHT = 22
const MARGIN = 3

/** Draws the papers of each of the last thirty days, today last. */
export function drawSparkline(days: { day: LocalDate; papers: number }[], today: LocalDate): Sparkline {
  const papersOf = new Map(days.map(({ day, papers }) => [day, papers]))
  const values = Array.from(
    { length: DAYS },
    (_, index) => papersOf.get(addDays(today, index - DAYS + 1)) ?? 0,
  )
  const most = Math.max(...values, 1)
  const xOf = (index: number) => index * STEP + STEP / 2
  const yOf = (papers: number) => Math.round(HEIGHT - MARGIN - (papers / most) * (HEIGHT - 2 * MARGIN))
  const parts = values.map((papers, index) => {
    if (papers === 0) return ''
    const begins = index === 0 || values[index - 1] === 0
    // A day between two gaps is a dot: a line of no length with round ends.
    const isAlone = begins && (index === DAYS - 1 || values[index + 1] === 0)
    return `${begins ? 'M' : 'L'}${xOf(index)} ${yOf(papers)}${isAlone ? 'h0' : ''}`
  })
  const gaps = values.flatMap((papers, index) => (papers === 0 ? [xOf(index)] : []))
  const words = `at most ${Math.max(...values)} papers a day in 30 days, none on ${gaps.length}`
  return { width: DAYS * STEP, height: HEIGHT, path: parts.join(''), gaps, words }
}
