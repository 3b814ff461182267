import { fromCsvCell } from '../../text/csvCell.ts'
import { cleanLine, shorten } from '../../text/displayLine.ts'
import { DEFAULTS, type FieldError, type Preferences, parseEmail, parsePreferences } from '../preferences.ts'
import type { ListColumn } from './columns.ts'
import { readTopicsCell } from './topicsCell.ts'

/** What a list says of a person. */
export interface ListedPerson {
  /** As `parseAddress` gave it. */
  email: string
  /** `pending` has to confirm; `suppressed` gets no mail. */
  status: 'active' | 'pending' | 'paused' | 'unsubscribed' | 'suppressed'
  /** Where consent was given, in the words of the list; undefined: the list does not say. */
  consent: string | undefined
  /** When it was given; undefined: the list does not say. */
  consentAt: Date | undefined
  preferences: Preferences
}

/** What holds for rows that do not say it. */
export interface ListDefaults {
  /** Where these people gave consent; empty or undefined: nobody says so. */
  consent?: string | undefined
  now: Date
}

const LONGEST_CONSENT = 200

/** The words of other programs for the five states. */
const STATUSES: Record<ListedPerson['status'], RegExp> = {
  active: /^(?:active|confirmed|subscribed|enabled)$/,
  pending: /^(?:pending|unconfirmed|unactivated)$/,
  paused: /^(?:paused|disabled)$/,
  unsubscribed: /^unsubscribed$/,
  suppressed: /^(?:suppressed|block(?:list)?ed|blacklisted|bounced|complained|cleaned|undeliverable)$/,
}

type Cells = Partial<Record<ListColumn, string>>

/** Reads a row; or says in one line for each cell what is wrong with it. */
export function readPerson(
  columns: (ListColumn | undefined)[],
  cells: string[],
  defaults: ListDefaults,
): { person: ListedPerson } | { reason: string } {
  const row: Cells = {}
  for (const [index, column] of columns.entries())
    if (column !== undefined) row[column] = fromCsvCell((cells[index] ?? '').trim())
  const email = parseEmail(row.email ?? '')
  if ('errors' in email) return { reason: email.errors[0]!.message }
  const consent =
    shorten(cleanLine(row.consent_source || defaults.consent || ''), LONGEST_CONSENT) || undefined
  const status = readStatus(row, consent)
  const consentAt = readInstant(row.consent_at ?? '', defaults.now)
  const preferences = readPreferences(row)
  const wrong = [status, consentAt, preferences].flatMap((part) => ('reason' in part ? [part.reason] : []))
  if ('reason' in status || 'reason' in consentAt || 'reason' in preferences)
    return { reason: wrong.join(' ') }
  return {
    person: {
      email: email.values,
      status: status.value,
      consent,
      consentAt: consentAt.value,
      preferences: preferences.value,
    },
  }
}

type Read<Value> = { value: Value } | { reason: string }

/** Who has given consent is active, and who has not must confirm, whatever the list calls them. */
function readStatus(row: Cells, consent: string | undefined): Read<ListedPerson['status']> {
  if (row.suppressed && !/^(?:no|false|0)$/i.test(row.suppressed)) return { value: 'suppressed' }
  const given = (row.status ?? '').toLowerCase()
  const found = (Object.keys(STATUSES) as ListedPerson['status'][]).find((status) =>
    STATUSES[status].test(given),
  )
  if (found === undefined && given !== '')
    return { reason: `Status: expected ${Object.keys(STATUSES).join(', ')}, got "${shorten(given, 40)}".` }
  const wished = found ?? 'active'
  const needsConsent = wished === 'active' || wished === 'paused'
  return { value: needsConsent && consent === undefined ? 'pending' : wished }
}

/** A day, or an instant of ISO 8601; a time without a zone is UTC. */
function readInstant(text: string, now: Date): Read<Date | undefined> {
  if (text === '') return { value: undefined }
  const [, day, time = '00:00', zone = 'Z'] =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(Z|[+-]\d{2}:?\d{2})?)?$/.exec(text) ??
    []
  const at = new Date(`${day}T${time}${zone}`)
  if (Number.isNaN(at.getTime()))
    return { reason: `Consent date: expected a day such as 2026-05-31, got "${shorten(text, 40)}".` }
  if (at > now) return { reason: `Consent date: expected a day in the past, got ${shorten(text, 40)}.` }
  return { value: at }
}

const LABELS: Record<string, string> = {
  timeZone: 'Time zone',
  sendAt: 'Hour',
  weekdays: 'Weekdays',
  maxPapers: 'Papers',
  trendWeight: 'Trend weight',
}

function readPreferences(row: Cells): Read<Preferences> {
  const topics = readTopicsCell(row.topics ?? '')
  if (topics === undefined) return { reason: 'Topics: expected lines NAME=QUERY, or a list in JSON.' }
  const parsed = parsePreferences({
    topics,
    timeZone: row.time_zone || DEFAULTS.timeZone,
    sendAt: hourOf(row.send_at || DEFAULTS.sendAt),
    weekdays: daysOf(row.weekdays ?? ''),
    maxPapers: row.max_papers || String(DEFAULTS.maxPapers),
    ...(row.trend_weight ? { trendWeight: row.trend_weight } : {}),
    ...(row.explore ? { explore: checkbox(row.explore) } : {}),
    ...(row.counts_opens ? { countsOpens: checkbox(row.counts_opens) } : {}),
  })
  return 'values' in parsed ? { value: parsed.values } : { reason: parsed.errors.map(wordsOf).join(' ') }
}

function wordsOf({ field, message }: FieldError): string {
  const [, row] = /^topics\.(\d+)/.exec(field) ?? []
  const label = row === undefined ? (LABELS[field] ?? 'Topics') : `Topic ${Number(row) + 1}`
  return `${label}: ${message}`
}

/** `8`, `8:30` and `08:30:00` are hours too. */
function hourOf(text: string): string {
  const [, hour, minutes = ':00'] = /^(\d{1,2})(:\d{2})?(?::\d{2})?$/.exec(text) ?? []
  return hour === undefined ? text : `${hour.padStart(2, '0')}${minutes}`
}

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** `1 2 5`, `Mon, Tue` and `daily`; empty: every day. */
function daysOf(text: string): string[] {
  if (text === '' || /^(?:daily|every ?day)$/i.test(text)) return DEFAULTS.weekdays.map(String)
  return text.split(/[\s,;/|]+/).map((day) => {
    const named = DAYS.indexOf(day.slice(0, 3).toLowerCase())
    return named === -1 ? day : String(named + 1)
  })
}

function checkbox(text: string): string {
  return /^(?:no|false|off|0)$/i.test(text) ? '' : 'on'
}
