import type { LocalDate } from '../../domain.ts'
import type { SamplePaper } from '../papers/samplePaper.ts'
import { samplePapers } from '../papers/samplePapers.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const DAYS = 6
/** A weekend's list has one paper for every four of a weekday's. */
const WEEKDAY_SHARE = 4
/** One in this many papers is on the next day's list too. */
const LISTED_TWICE_EVERY = 9
/** Upvotes reach half of their peak in this time. */
const HALF_WAY = 14 * HOUR

/** A paper with its publication time and the days on which it is listed. */
export interface PlacedPaper extends SamplePaper {
  /** An id in arXiv's form, with a number that no month reaches: `2611.90017`. */
  id: string
  publishedOn: LocalDate
  /** The first is the day on which it was put on the list. */
  listedOn: LocalDate[]
}

/** The days with a list, newest first: `today` and the five before it. */
export function sampleDays(today: LocalDate): LocalDate[] {
  return Array.from({ length: DAYS }, (_, back) => dayAfter(today, -back))
}

/** All sample papers, spread over the days; Saturdays and Sundays get few. */
export function placePapers(today: LocalDate): PlacedPaper[] {
  const days = sampleDays(today)
  const turns = days.flatMap((day) => Array<LocalDate>(isWeekend(day) ? 1 : WEEKDAY_SHARE).fill(day))
  return samplePapers.map((paper, index) => {
    // Neighbours are of different subjects. Steps of 5 put them on different days.
    const day = turns[(index * 5) % turns.length]!
    const publishedOn = dayAfter(day, -1 - (index % 3))
    const isListedTwice = index % LISTED_TWICE_EVERY === 0 && day !== today
    return {
      ...paper,
      id: `${publishedOn.slice(2, 4)}${publishedOn.slice(5, 7)}.9${String(index + 1).padStart(4, '0')}`,
      publishedOn,
      listedOn: isListedTwice ? [day, dayAfter(day, 1)] : [day],
    }
  })
}

/** The papers of one day's list, most upvotes first. */
export function listOf(papers: readonly PlacedPaper[], day: LocalDate, now: Date): PlacedPaper[] {
  return papers
    .filter((paper) => paper.listedOn.includes(day))
    .sort((a, b) => upvotesOf(b, now) - upvotesOf(a, now) || a.id.localeCompare(b.id))
}

/** The upvotes at a time. They grow with every hour since the list's day began, more and more slowly. */
export function upvotesOf(paper: PlacedPaper, now: Date): number {
  const listedFor = Math.max(now.getTime() - startOf(paper.listedOn[0]!), 0)
  const hours = Math.floor(listedFor / HOUR)
  return 1 + Math.floor(paper.peak * (1 - 0.5 ** ((hours * HOUR) / HALF_WAY)))
}

/** Whether the paper has a summary and keywords yet. As at the real source, they appear a day after the paper. */
export function hasSummary(paper: PlacedPaper, now: Date): boolean {
  return now.getTime() - startOf(paper.listedOn[0]!) >= DAY
}

export function dayAfter(day: LocalDate, days: number): LocalDate {
  return new Date(startOf(day) + days * DAY).toISOString().slice(0, 10)
}

function startOf(day: LocalDate): number {
  return Date.parse(`${day}T00:00:00Z`)
}

function isWeekend(day: LocalDate): boolean {
  return [0, 6].includes(new Date(startOf(day)).getUTCDay())
}
