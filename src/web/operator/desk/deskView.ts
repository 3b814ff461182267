import type { DayStatus } from '../../../db/health/digestStates.ts'
import type { DigestStatus, LocalDate } from '../../../domain.ts'
import type { SourceFacts } from '../../../health/facts.ts'
import type { Item } from '../../../health/item.ts'
import { judgeSource, type SourceWord } from '../../../health/sourceState.ts'
import { maskAddresses } from '../../../text/maskAddress.ts'
import { span } from '../../../text/quantities.ts'
import { drawSparkline } from './sparkline.ts'

/** A button beside something that needs a person: a page to open, or a form to send. */
export type Deed =
  | { label: string; open: string }
  | { label: string; post: string; fields?: Record<string, string> }

/** What needs a person, with its buttons. */
export function toItem(item: Item, now: Date) {
  const reason = maskAddresses(item.reason)
  return { ...item, reason, ago: span(now.getTime() - item.since.getTime()), deeds: deedsFor(item) }
}

function deedsFor({ kind, about }: Item): Deed[] {
  if (about !== undefined && 'source' in about) {
    return [
      { label: 'Look', open: `/admin/sources/${about.source}` },
      { label: 'Fetch now', post: `/admin/sources/${about.source}/fetch` },
    ]
  }
  if (kind === 'mail paused') return [{ label: 'Try now', post: '/admin/mail/try' }]
  if (kind === 'queue paused' && about !== undefined && 'step' in about) {
    return [{ label: 'Resume', post: `/admin/steps/${about.step}/resume` }]
  }
  if (kind === 'digests held') {
    return [
      { label: 'Look', open: '/admin/digests?status=held' },
      { label: 'Leave all', post: '/admin/digests/leave' },
      { label: 'Resend all', post: '/admin/digests/send', fields: { status: 'held' } },
    ]
  }
  if (kind === 'digests failed') return [{ label: 'Look', open: '/admin/digests?status=failed' }]
  if (kind === 'digests late') return [{ label: 'Look', open: '/admin/digests?status=sending' }]
  if (kind === 'merges in doubt') return [{ label: 'Look', open: '/admin/papers?doubt=on' }]
  return []
}

/** The colour of a word: a person must act, should look, or need not. */
const TONES: Record<SourceWord, 'good' | 'warn' | 'bad' | 'off'> = {
  off: 'off',
  new: 'off',
  fresh: 'good',
  'few papers': 'warn',
  silent: 'warn',
  failed: 'warn',
  blocked: 'warn',
  overdue: 'bad',
  'layout changed': 'bad',
}

/** A row of the table of sources. `ticks`: the next run of each timer, by its id. */
export function toSource(facts: SourceFacts, ticks: Record<string, Date>, now: Date) {
  const { row, days } = facts
  const state = judgeSource(facts, now)
  const today = now.toISOString().slice(0, 10) as LocalDate
  const next = ticks[`fetch-source-${row.id}`]
  return {
    id: row.id,
    name: row.name,
    enabled: row.enabled,
    state,
    tone: TONES[state.word],
    spark: drawSparkline(days, today),
    today: days.find(({ day }) => day === today)?.papers ?? 0,
    next: !row.enabled ? '–' : next === undefined ? 'not known' : inWords(next, now),
  }
}

function inWords(next: Date, now: Date): string {
  return next <= now ? 'now' : `in ${span(next.getTime() - now.getTime())}`
}

/** A day's digests: the numbers by status, and the same as parts of a bar of 100 units. */
export interface DigestDay {
  day: LocalDate
  due: number
  counts: Partial<Record<DigestStatus, number>>
  bar: { tone: string; x: number; width: number }[]
}

const BAR: [tone: string, statuses: DigestStatus[]][] = [
  ['good', ['sent']],
  ['off', ['skipped', 'suppressed']],
  ['open', ['planned', 'composing', 'sending']],
  ['warn', ['held']],
  ['bad', ['failed']],
]

/** The days that have digests, today first. Today is there even if nothing is due. */
export function toDays(rows: DayStatus[], today: LocalDate): DigestDay[] {
  const days = new Map<LocalDate, DigestDay['counts']>([[today, {}]])
  for (const { day, status, digests } of rows) days.set(day, { ...days.get(day), [status]: digests })
  return [...days]
    .sort(([one], [other]) => (one < other ? 1 : -1))
    .map(([day, counts]) => ({ day, counts, due: sum(counts, Object.keys(counts)), bar: barOf(counts) }))
}

function barOf(counts: DigestDay['counts']): DigestDay['bar'] {
  const due = sum(counts, Object.keys(counts))
  let x = 0
  return BAR.flatMap(([tone, statuses]) => {
    const width = due === 0 ? 0 : (sum(counts, statuses) / due) * 100
    if (width === 0) return []
    const part = { tone, x, width }
    x += width
    return [part]
  })
}

function sum(counts: DigestDay['counts'], statuses: string[]): number {
  return statuses.reduce((total, status) => total + (counts[status as DigestStatus] ?? 0), 0)
}
