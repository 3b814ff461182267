import { span } from '../text/quantities.ts'
import type { SourceFacts } from './facts.ts'

/** How a source does, in a word: the worst of its last fetch, its freshness and the number of its papers. */
export type SourceWord =
  | 'off'
  | 'new'
  | 'fresh'
  | 'few papers'
  | 'silent'
  | 'overdue'
  | 'failed'
  | 'blocked'
  | 'layout changed'

export interface SourceState {
  word: SourceWord
  /** Why, or how fresh, in a few words. */
  detail: string
  since: Date | undefined
}

const MINUTE = 60 * 1000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** A source is silent after its longest usual gap and half of it again. Weekends are part of what is usual. */
const SILENT_AFTER = 1.5
/** With fewer pages than that the rhythm is not known yet. */
const KNOWN_FROM = 4
const LEAST_SILENCE = DAY
const SILENCE_UNKNOWN = 4 * DAY
/** Fetches may wait for their host; a timer that missed some in a row is overdue. */
const MISSED_TICKS = 3
const FEW = 0.25
const LEAST_USUAL = 8

/** Judges a source by its row and its history. */
export function judgeSource({ row, rhythm, days }: SourceFacts, now: Date): SourceState {
  if (!row.enabled) return { word: 'off', detail: 'switched off', since: undefined }
  if (row.outcome === null || row.outcome_at === null) return judgeUnfetched(row.created_at, row, now)
  if (row.outcome === 'layout changed' || row.outcome === 'blocked' || row.outcome === 'failed') {
    const since = row.failing_since ?? row.outcome_at
    return { word: row.outcome, detail: row.outcome_detail ?? 'no reason is known', since }
  }
  const overdue = now.getTime() - row.outcome_at.getTime() - MISSED_TICKS * row.every_minutes * MINUTE - HOUR
  if (overdue > 0) {
    const detail = `not fetched for ${span(now.getTime() - row.outcome_at.getTime())}, though due every ${row.every_minutes} min`
    return { word: 'overdue', detail, since: row.outcome_at }
  }
  const silence = rhythm && silentFor(rhythm, now)
  if (rhythm && silence !== undefined) {
    return { word: 'silent', detail: silence, since: rhythm.lastNews }
  }
  const short = fewPapers(days, now)
  if (short !== undefined) return { word: 'few papers', ...short }
  const news = rhythm?.lastNews ?? row.outcome_at
  return { word: 'fresh', detail: span(now.getTime() - news.getTime()), since: undefined }
}

function judgeUnfetched(createdAt: Date, row: SourceFacts['row'], now: Date): SourceState {
  const waits = now.getTime() - createdAt.getTime()
  if (waits <= MISSED_TICKS * row.every_minutes * MINUTE + HOUR)
    return { word: 'new', detail: 'not fetched yet', since: undefined }
  return { word: 'overdue', detail: `added ${span(waits)} ago and never fetched`, since: createdAt }
}

function silentFor(
  { lastNews, pages, longestGapMs }: NonNullable<SourceFacts['rhythm']>,
  now: Date,
): string | undefined {
  const silence = now.getTime() - lastNews.getTime()
  const isKnown = pages >= KNOWN_FROM && longestGapMs !== null
  const limit = isKnown ? Math.max(longestGapMs * SILENT_AFTER, LEAST_SILENCE) : SILENCE_UNKNOWN
  if (silence <= limit) return undefined
  const usual = isKnown ? `; its longest pause before was ${span(longestGapMs)}` : ''
  return `nothing new for ${span(silence)}${usual}`
}

/** The last whole day with papers, against the usual number of such a day: weekends are compared with weekends. */
function fewPapers(days: SourceFacts['days'], now: Date): { detail: string; since: Date } | undefined {
  const today = now.toISOString().slice(0, 10)
  const whole = days.filter(({ day }) => day < today)
  const last = whole.at(-1)
  if (last === undefined || now.getTime() - Date.parse(last.day) > 3 * DAY) return undefined
  const alike = whole.slice(0, -1).filter(({ day }) => isWeekend(day) === isWeekend(last.day))
  const usual = median(alike.map(({ papers }) => papers))
  if (alike.length < KNOWN_FROM || usual < LEAST_USUAL || last.papers >= usual * FEW) return undefined
  const detail = `${last.papers} papers on ${last.day}, where ${usual} are usual`
  return { detail, since: new Date(Date.parse(last.day)) }
}

function isWeekend(day: string): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  return weekday === 0 || weekday === 6
}

function median(numbers: number[]): number {
  const sorted = [...numbers].sort((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
