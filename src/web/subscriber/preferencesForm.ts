import type { FastifyRequest } from 'fastify'
import type { SubscriberRow } from '../../db/engine/schema.ts'
import type { Topic } from '../../domain.ts'
import type { TypedPreferences, TypedTopic } from '../../subscribers/preferences.ts'
import { field, fields, topicRows } from '../site/form.ts'
import { zoneNamed } from '../site/timeZones.ts'

/** The part of the preferences that one form sends. A form without a part sends all of them. */
export type Part = 'topics' | 'schedule' | 'counting'

export function partOf(request: FastifyRequest): Part | undefined {
  return (['topics', 'schedule', 'counting'] as const).find((part) => part === field(request, 'part'))
}

/** What is stored, as the forms have it. */
export function typedFrom(subscriber: SubscriberRow, topics: Topic[]): TypedPreferences {
  return {
    topics: topics.map(({ name, query, quota, pickiness = 'balanced' }) => ({
      name,
      query,
      quota: quota === null ? '' : `${quota}`,
      pickiness,
    })),
    timeZone: subscriber.time_zone,
    sendAt: subscriber.send_at,
    weekdays: subscriber.weekdays.map(String),
    maxPapers: `${subscriber.max_papers}`,
    trendWeight: `${subscriber.trend_weight}`,
    explore: subscriber.explore ? 'on' : '',
    countsOpens: subscriber.counts_opens ? 'on' : '',
  }
}

/** What was sent; what the form does not have stays as it is stored. */
export function typedIn(request: FastifyRequest, stored: TypedPreferences): TypedPreferences {
  const part = partOf(request)
  const has = (one: Part) => part === undefined || part === one
  return {
    ...stored,
    ...(has('topics') ? { topics: arrangedRows(request) } : {}),
    ...(has('schedule') ? scheduleIn(request) : {}),
    ...(has('counting') ? countingIn(request) : {}),
  }
}

function scheduleIn(request: FastifyRequest) {
  const zone = field(request, 'timeZone')
  return {
    timeZone: zoneNamed(zone) ?? zone,
    sendAt: field(request, 'sendAt'),
    weekdays: fields(request, 'weekday'),
    maxPapers: field(request, 'maxPapers'),
  }
}

/** What counts: a form with the slider has the checkboxes too, and one that is not ticked is not sent. */
function countingIn(request: FastifyRequest): Partial<TypedPreferences> {
  const [trendWeight] = fields(request, 'trendWeight')
  if (trendWeight === undefined) return {}
  return { trendWeight, explore: field(request, 'explore'), countsOpens: field(request, 'countsOpens') }
}

/**
 * The rows that stay, in the order of the numbers typed beside them; whoever is followed comes first of all. A word of a chip that
 * was pressed without JavaScript is added to its query.
 */
function arrangedRows(request: FastifyRequest): TypedTopic[] {
  const places = fields(request, 'topicPlace').map(Number)
  const removed = new Set(fields(request, 'topicRemove'))
  const [, addTo, word] = /^(\d{1,3}) (.{1,120})$/.exec(field(request, 'add')) ?? []
  const rows = topicRows(request)
    .map((row, index) => ({ row: index === Number(addTo) ? withWord(row, word!) : row, index }))
    .map((one) => ({ ...one, place: places[one.index] || one.index + 1 }))
    .filter(({ index }) => !removed.has(`${index}`))
    .sort((a, b) => a.place - b.place || a.index - b.index)
    .map(({ row }) => row)
    .filter(({ name, query }) => (name + query).trim() !== '')
  return [...followed(request), ...rows]
}

function withWord(row: TypedTopic, word: string): TypedTopic {
  const isPlain = /\s/.test(word) && !word.includes('"')
  const text = isPlain ? `"${word}"` : word
  return { ...row, query: `${row.query.trim()} ${text}`.trim() }
}

/** The topic of an author or organization whose name was typed; names have no quotation marks. */
function followed(request: FastifyRequest): TypedTopic[] {
  const filter = field(request, 'followKind') === 'org' ? 'org' : 'author'
  const name = field(request, 'follow')
    .replace(/["“”\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 80)
  return name === '' ? [] : [{ name, query: `${filter}:"${name}"`, quota: '' }]
}
