import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { instantOf, isLocalDate, localDateAt, nextDigestAt } from '../../calendar.ts'
import { type DigestSummary, listDigestsOf } from '../../db/digests/digestViews.ts'
import type { SubscriberRow } from '../../db/engine/schema.ts'
import { scheduleOf } from '../../db/subscribers/subscribers.ts'
import { listTopics } from '../../db/subscribers/topics.ts'
import { findSuppression } from '../../subscribers/directory.ts'
import {
  type Context,
  pause,
  resubscribe,
  resume,
  savePreferences,
  unsubscribe,
} from '../../subscribers/membership.ts'
import {
  type FieldError,
  MAX_TOPICS,
  parsePreferences,
  type TypedPreferences,
  type TypedTopic,
} from '../../subscribers/preferences.ts'
import { displayLine } from '../../text/displayLine.ts'
import { texToUnicode } from '../../text/texToUnicode.ts'
import { type TopicInsight, viewInsights, viewPreview } from '../papers/tuneView.ts'
import { field, showErrors } from '../site/form.ts'
import { type Site, show } from '../site/site.ts'
import { DIGEST_STATUS, SUBSCRIBER_STATUS, WEEKDAYS } from '../site/words.ts'
import { answererOf, holderOf, showDeadLink, type TokenParams } from './links.ts'
import { viewPastDay } from './pastDay.ts'
import { type Part, partOf, typedFrom, typedIn } from './preferencesForm.ts'
import { isLive } from './sayPage.ts'
import { viewTaste } from './tasteView.ts'

const ARCHIVED = 400

/** A preview follows the typing, a few times a second at most. */
const PREVIEWS = { max: 240, timeWindow: '1 minute' }

/** What the buttons beside the form do, by their value. */
const ACTIONS = new Map<string, (context: Context, id: number, until: Date | null) => Promise<void>>([
  ['pause', pause],
  ['resume', resume],
  ['unsubscribe', unsubscribe],
  ['resubscribe', resubscribe],
])

type Tab = 'topics' | 'schedule' | 'taste' | 'archive' | 'my-data'

/** The tabs, by the end of their address. */
const TABS: [Tab, string][] = [
  ['topics', 'Topics'],
  ['schedule', 'Schedule'],
  ['taste', 'Taste'],
  ['archive', 'Archive'],
  ['my-data', 'My data'],
]

type Query = { Querystring: { done?: unknown; day?: unknown } }

/** A subscriber's own pages: topics, hour, taste, archive; reached by a link from their mails, or signed in. */
export function addPreferencesPage(server: FastifyInstance, site: Site): void {
  for (const [tab] of TABS) {
    const end = tab === 'topics' ? '' : `/${tab}`
    server.get<TokenParams & Query>(`/preferences/:token${end}`, async (request, reply) => {
      const holder = await holderOf(site, 'manage', request)
      if (!holder) return showDeadLink(site, reply)
      const typed = await storedOf(site, holder.subscriber)
      const { done, day } = request.query
      return showTab(site, request, reply, { tab, ...holder, typed, done: `${done}`, day })
    })
  }

  server.post<TokenParams>('/preferences/:token', async (request, reply) => {
    const holder = await holderOf(site, 'manage', request)
    if (!holder) return showDeadLink(site, reply)
    const typed = typedIn(request, await storedOf(site, holder.subscriber))
    const parsed = parsePreferences(typed)
    const tab = tabOf(partOf(request) ?? ('errors' in parsed ? partAt(parsed.errors) : undefined))
    if ('errors' in parsed)
      return showTab(site, request, reply, { tab, ...holder, typed, errors: parsed.errors })
    await savePreferences(site.context, holder.subscriber.id, parsed.values)
    return reply.redirect(`${addressOf(request, tab)}?done=saved`, 303)
  })

  // Without JavaScript the button Preview leads here too, and so do the chips.
  server.post<TokenParams>(
    '/preferences/:token/preview',
    { config: { rateLimit: PREVIEWS } },
    async (request, reply) => {
      const holder = await holderOf(site, 'manage', request)
      if (!holder) return showDeadLink(site, reply)
      const all = typedIn(request, await storedOf(site, holder.subscriber))
      // More rows than may be saved are not looked at, nor written back.
      const typed = { ...all, topics: all.topics.slice(0, MAX_TOPICS) }
      const insights = await viewInsights(site, typed.topics)
      if (!isLive(request))
        return showTab(site, request, reply, { tab: 'topics', ...holder, typed, insights })
      return show(site, reply, 'tunePreview', {
        preview: await previewOf(site, request, holder.subscriber, typed.topics),
        insights,
        home: homeOf(request),
        isLive: true,
      })
    },
  )

  server.post<TokenParams>('/preferences/:token/status', async (request, reply) => {
    const holder = await holderOf(site, 'manage', request)
    if (!holder) return showDeadLink(site, reply)
    const action = field(request, 'action')
    const until = action === 'pause' ? pauseEnd(field(request, 'until'), holder.subscriber, site.now()) : null
    await ACTIONS.get(action)?.(site.context, holder.subscriber.id, until)
    const comesBack = action === 'resume' || action === 'resubscribe'
    const isSuppressed = comesBack && (await findSuppression(site.context, holder.subscriber.email))
    const done = isSuppressed ? 'suppressed' : ACTIONS.has(action) ? action : ''
    return reply.redirect(`${addressOf(request, 'schedule')}?done=${done}`, 303)
  })
}

/** When a pause ends: at the beginning of the chosen day; null where none is chosen, or it is not to come. */
function pauseEnd(day: string, subscriber: SubscriberRow, now: Date): Date | null {
  if (!isLocalDate(day)) return null
  const end = instantOf(day, '00:00', subscriber.time_zone)
  return end > now ? end : null
}

/** What a finished form says on the page that follows it. */
const DONE = new Map(
  Object.entries({
    saved: 'Saved. Your next digest follows these preferences.',
    pause:
      'Paused. No digest comes until you resume, or until the day you chose. The first one then has the best papers of the pause.',
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

async function storedOf(site: Site, subscriber: SubscriberRow): Promise<TypedPreferences> {
  return typedFrom(subscriber, await listTopics(site.db, subscriber.id))
}

function tabOf(part: Part | undefined): Tab {
  if (part === 'schedule') return 'schedule'
  return part === 'counting' ? 'taste' : 'topics'
}

/** The part that shows these errors, or most of them. */
function partAt(errors: FieldError[]): Part {
  if (errors.some(({ field: name }) => name.startsWith('topics'))) return 'topics'
  return errors.some(({ field: name }) => name === 'trendWeight') ? 'counting' : 'schedule'
}

function homeOf(request: FastifyRequest<TokenParams>): string {
  return `/preferences/${request.params.token}`
}

function addressOf(request: FastifyRequest<TokenParams>, tab: Tab): string {
  return tab === 'topics' ? homeOf(request) : `${homeOf(request)}/${tab}`
}

/** What a tab is shown with. */
interface Shown {
  tab: Tab
  subscriber: SubscriberRow
  typed: TypedPreferences
  errors?: FieldError[]
  done?: string
  /** The past day that was asked for, as it came in the address. */
  day?: unknown
  /** What each topic finds. Counting a month takes a while after a start, so a page shows it only when it is asked for. */
  insights?: (TopicInsight | undefined)[]
}

async function showTab(
  site: Site,
  request: FastifyRequest<TokenParams>,
  reply: FastifyReply,
  shown: Shown,
): Promise<FastifyReply> {
  const { tab, subscriber, typed, errors = [], done = '', day, insights = [] } = shown
  const digests = await listDigestsOf(site.db, subscriber.id, ARCHIVED)
  const home = homeOf(request)
  const data = {
    home,
    tab,
    tabs: TABS.map(([one, label]) => ({ label, url: addressOf(request, one), isHere: one === tab })),
    subscriber,
    nextDigest: nextDigestOf(subscriber, digests),
    status: SUBSCRIBER_STATUS[subscriber.status],
    typed,
    errors: showErrors(errors, typed.topics),
    done: DONE.get(done),
    weekdays: WEEKDAYS.map((name, index) => ({ name, value: `${index + 1}` })),
    digests: digests.map(archived),
    insights,
    ...(tab === 'topics' ? await topicsPart(site, request, subscriber, typed.topics) : {}),
    ...(tab === 'taste' ? await tastePart(site, subscriber, done) : {}),
    ...(tab === 'archive' ? await archivePart(site, request, subscriber, day) : {}),
  }
  return show(site, reply, 'preferences', data, errors.length > 0 ? 422 : 200)
}

async function topicsPart(
  site: Site,
  request: FastifyRequest,
  subscriber: SubscriberRow,
  rows: TypedTopic[],
) {
  return { preview: await previewOf(site, request, subscriber, rows), canAdd: rows.length < MAX_TOPICS }
}

async function archivePart(site: Site, request: FastifyRequest, subscriber: SubscriberRow, day: unknown) {
  const answererId = await answererOf(site, request, subscriber)
  return { pastDay: await viewPastDay(site, { subscriber, answererId }, day) }
}

async function previewOf(site: Site, request: FastifyRequest, subscriber: SubscriberRow, rows: TypedTopic[]) {
  return viewPreview(site, rows, {
    subscriberId: subscriber.id,
    answererId: await answererOf(site, request, subscriber),
    max: subscriber.max_papers,
    trendWeight: subscriber.trend_weight,
  })
}

async function tastePart(site: Site, subscriber: SubscriberRow, done: string) {
  return {
    tasteDone: TASTE_DONE.get(done),
    taste: await viewTaste(site, subscriber.id),
  }
}

function archived(digest: DigestSummary) {
  return {
    ...digest,
    words: DIGEST_STATUS[digest.status],
    // It names the nearest misses by their titles, as stored (TeX).
    reason: displayLine(texToUnicode(digest.reason ?? '')),
  }
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
