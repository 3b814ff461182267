import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { instantOf, localDateAt, nextDigestAt } from '../../calendar.ts'
import { type DigestSummary, listDigestsOf } from '../../db/digests/digestViews.ts'
import type { SubscriberRow } from '../../db/engine/schema.ts'
import { scheduleOf } from '../../db/subscribers/subscribers.ts'
import { listTopics } from '../../db/subscribers/topics.ts'
import { LEAST_PAPERS } from '../../digests/corpus/currentModel.ts'
import type { Topic } from '../../domain.ts'
import { findSuppression } from '../../subscribers/directory.ts'
import { pause, resubscribe, resume, savePreferences, unsubscribe } from '../../subscribers/membership.ts'
import {
  type FieldError,
  MAX_TOPICS,
  parsePreferences,
  type TypedPreferences,
  type TypedTopic,
} from '../../subscribers/preferences.ts'
import { displayLine } from '../../text/displayLine.ts'
import { texToUnicode } from '../../text/texToUnicode.ts'
import { field, fields, showErrors, topicRows, withBlankRows } from '../site/form.ts'
import { type Site, show } from '../site/site.ts'
import { zoneGroups } from '../site/timeZones.ts'
import { DIGEST_STATUS, SUBSCRIBER_STATUS, WEEKDAYS } from '../site/words.ts'
import { holderOf, showDeadLink, type TokenParams } from './links.ts'
import { viewTaste } from './tasteView.ts'

const ARCHIVED = 60
const BLANK_ROWS = 2

/** What the buttons beside the form do, by their value. */
const ACTIONS = new Map([
  ['pause', pause],
  ['resume', resume],
  ['unsubscribe', unsubscribe],
  ['resubscribe', resubscribe],
])

/** A subscriber's own page: topics, hour, pause, archive; reached by a link from their mails. */
export function addPreferencesPage(server: FastifyInstance, site: Site): void {
  server.get<TokenParams & { Querystring: { done?: unknown } }>(
    '/preferences/:token',
    async (request, reply) => {
      const holder = await holderOf(site, 'manage', request)
      if (!holder) return showDeadLink(site, reply)
      const { subscriber } = holder
      const typed = typedFrom(subscriber, await listTopics(site.db, subscriber.id))
      return showPreferences(
        site,
        reply,
        request.params.token,
        subscriber,
        typed,
        [],
        `${request.query.done}`,
      )
    },
  )

  server.post<TokenParams>('/preferences/:token', async (request, reply) => {
    const holder = await holderOf(site, 'manage', request)
    if (!holder) return showDeadLink(site, reply)
    const typed = typedIn(request)
    const parsed = parsePreferences(typed)
    if ('errors' in parsed) {
      return showPreferences(site, reply, request.params.token, holder.subscriber, typed, parsed.errors)
    }
    await savePreferences(site.context, holder.subscriber.id, parsed.values)
    return reply.redirect(`/preferences/${request.params.token}?done=saved`, 303)
  })

  server.post<TokenParams>('/preferences/:token/status', async (request, reply) => {
    const holder = await holderOf(site, 'manage', request)
    if (!holder) return showDeadLink(site, reply)
    const action = field(request, 'action')
    await ACTIONS.get(action)?.(site.context, holder.subscriber.id)
    const comesBack = action === 'resume' || action === 'resubscribe'
    const isSuppressed = comesBack && (await findSuppression(site.context, holder.subscriber.email))
    const done = isSuppressed ? 'suppressed' : ACTIONS.has(action) ? action : ''
    return reply.redirect(`/preferences/${request.params.token}?done=${done}`, 303)
  })
}

/** What a finished form says on the page that follows it. */
const DONE = new Map(
  Object.entries({
    saved: 'Saved. Your next digest follows these preferences.',
    pause: 'Paused. No digest comes until you resume.',
    resume: 'Resumed. Your digest comes again at your hour.',
    unsubscribe: 'Unsubscribed. No more mail comes, not even what was on its way.',
    resubscribe: 'Welcome back. Your digest comes again at your hour.',
    suppressed:
      'No mail goes to this address: it was refused, reported as spam, or ended for good. Whoever runs this site can let it go again.',
  }),
)

/** The same for the section of what was learned, which says it itself. */
const TASTE_DONE = new Map(
  Object.entries({
    forgotten: 'Forgotten: this word counts no more.',
    remembered: 'This word counts again.',
    undone: 'Taken back.',
    reset: 'All of it is forgotten.',
  }),
)

function typedFrom(subscriber: SubscriberRow, topics: Topic[]): TypedPreferences {
  return {
    topics: topics.map(({ name, query, quota }) => ({
      name,
      query,
      quota: quota === null ? '' : `${quota}`,
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

function typedIn(request: FastifyRequest): TypedPreferences {
  return {
    topics: arrangedRows(request),
    timeZone: field(request, 'timeZone'),
    sendAt: field(request, 'sendAt'),
    weekdays: fields(request, 'weekday'),
    maxPapers: field(request, 'maxPapers'),
    ...countingIn(request),
  }
}

/** What counts: a form with the slider has the checkboxes too, and one that is not ticked is not sent. */
function countingIn(request: FastifyRequest): Partial<TypedPreferences> {
  const [trendWeight] = fields(request, 'trendWeight')
  if (trendWeight === undefined) return {}
  return { trendWeight, explore: field(request, 'explore'), countsOpens: field(request, 'countsOpens') }
}

/** The rows that stay, in the order of the numbers typed beside them; empty ones are added anew by the page. */
function arrangedRows(request: FastifyRequest): TypedTopic[] {
  const places = fields(request, 'topicPlace').map(Number)
  const removed = new Set(fields(request, 'topicRemove'))
  return topicRows(request)
    .map((row, index) => ({ row, index, place: places[index] || index + 1 }))
    .filter(({ index }) => !removed.has(`${index}`))
    .sort((a, b) => a.place - b.place || a.index - b.index)
    .map(({ row }) => row)
    .filter(({ name, query }) => (name + query).trim() !== '')
}

async function showPreferences(
  site: Site,
  reply: FastifyReply,
  token: string,
  subscriber: SubscriberRow,
  typed: TypedPreferences,
  errors: FieldError[],
  done = '',
): Promise<FastifyReply> {
  const blank = typed.topics.length < MAX_TOPICS ? BLANK_ROWS : 0
  const digests = await listDigestsOf(site.db, subscriber.id, ARCHIVED)
  const data = {
    home: `/preferences/${token}`,
    subscriber,
    nextDigest: nextDigestOf(subscriber, digests),
    status: SUBSCRIBER_STATUS[subscriber.status],
    typed: { ...typed, topics: withBlankRows(typed.topics, 0, blank) },
    kept: typed.topics.length,
    errors: showErrors(errors, typed.topics),
    done: DONE.get(done),
    tasteDone: TASTE_DONE.get(done),
    taste: await viewTaste(site, subscriber.id),
    learnsFrom: LEAST_PAPERS,
    zones: zoneGroups(typed.timeZone),
    weekdays: WEEKDAYS.map((name, index) => ({ name, value: `${index + 1}` })),
    digests: digests.map((digest) => ({
      ...digest,
      words: DIGEST_STATUS[digest.status],
      // It names the nearest misses by their titles, as stored (TeX).
      reason: displayLine(texToUnicode(digest.reason ?? '')),
    })),
  }
  return show(site, reply, 'preferences', data, errors.length > 0 ? 422 : 200)
}

/** When the next digest comes: a day that has its digest already, as that of the confirmation, gets no other at its hour. */
function nextDigestOf(subscriber: SubscriberRow, digests: DigestSummary[]): Date | null {
  const next = subscriber.next_digest_at
  if (next === null) return null
  const schedule = scheduleOf(subscriber)
  const day = localDateAt(next, schedule.zone)
  const isServed = digests.some((digest) => digest.localDate === day)
  return isServed ? (nextDigestAt(schedule, instantOf(day, schedule.sendAt, schedule.zone)) ?? null) : next
}
