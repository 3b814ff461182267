import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isLocalDate } from '../../../calendar.ts'
import { countFoundDigests, type DigestQuery, findDigests } from '../../../db/digests/digestSearch.ts'
import { leaveHeldDigest } from '../../../digests/delivery/held.ts'
import { takeUpDigests } from '../../../digests/delivery/takeUp.ts'
import type { DigestStatus } from '../../../domain.ts'
import { maskAddress, maskAddresses } from '../../../text/maskAddress.ts'
import { plural } from '../../../text/plural.ts'
import { field, parseId } from '../../site/form.ts'
import { type Site, show } from '../../site/site.ts'
import { addDigestPage } from './digestPage.ts'

const PER_PAGE = 50
/** A click must end before the browser gives up; the rest is the next click's. */
const MOST_AT_ONCE = 2000

const STATUSES: readonly DigestStatus[] = [
  'planned',
  'composing',
  'sending',
  'sent',
  'held',
  'failed',
  'skipped',
  'suppressed',
]
/** What can be sent once more, or goes on. */
const SENDABLE: readonly DigestStatus[] = ['planned', 'composing', 'sending', 'held', 'failed']

type Filter = Record<'who' | 'person' | 'day' | 'status' | 'reason', string>
/** `taken`, `left`: the numbers that the deed before tells about. */
type Query = Partial<Filter> & { before?: string; taken?: string; left?: string }

/** The digests of all subscribers: found by person, day and state; sent again one by one, or all that match. */
export function addDigests(scope: FastifyInstance, site: Site): void {
  scope.get<{ Querystring: Query }>('/admin/digests', (request, reply) => showDigests(site, request, reply))
  const write = { preHandler: scope.csrfProtection }
  scope.post('/admin/digests/send', write, async (request, reply) => {
    const { filter, query } = readFilter(formOf(request))
    const ids = await findSendable(site, query)
    const taken = await takeUpDigests(site, ids, 'admin')
    await site.enqueue(taken.jobs)
    const { resent, anew, resumed, left } = taken
    return back(reply, filter, { taken: [resent, anew, resumed, left].join('.') })
  })
  scope.post('/admin/digests/leave', write, async (request, reply) => {
    const { filter, query } = readFilter(formOf(request))
    const held = await findDigests(site.db, { ...query, status: 'held' }, { limit: MOST_AT_ONCE })
    for (const { id } of held) await leaveHeldDigest(site, id, 'admin')
    return back(reply, filter, { left: `${held.length}` })
  })
  addDigestPage(scope, site)
}

async function findSendable(site: Site, query: DigestQuery): Promise<number[]> {
  const statuses = query.status === undefined ? SENDABLE : [query.status]
  const found = await Promise.all(
    statuses.map((status) => findDigests(site.db, { ...query, status }, { limit: MOST_AT_ONCE })),
  )
  // Oldest first: who waits longest gets theirs first.
  const ids = found.flat().map(({ id }) => id)
  return ids.sort((one, other) => one - other).slice(0, MOST_AT_ONCE)
}

/** What was done, in a sentence; undefined if nothing was. Only numbers come from the address. */
function tell({ taken, left: leftAsTheyAre }: Query): string | undefined {
  if (/^\d{1,9}$/.test(leftAsTheyAre ?? ''))
    return `${plural(Number(leftAsTheyAre), 'digest')} left as they are.`
  if (!/^\d{1,9}(\.\d{1,9}){3}$/.test(taken ?? '')) return undefined
  const [resent = 0, anew = 0, resumed = 0, left = 0] = taken!.split('.').map(Number)
  const parts = [
    [resent, 'sent once more'],
    [anew, 'composed anew and sent'],
    [resumed, 'taken up where they stood'],
    [left, 'left alone, because they are sent already'],
  ] as const
  const told = parts.filter(([count]) => count > 0).map(([count, words]) => `${count} ${words}`)
  return told.length === 0 ? 'No digest matches, so nothing is sent.' : `Digests: ${told.join(', ')}.`
}

function formOf(request: FastifyRequest): Query {
  const names = ['who', 'person', 'day', 'status', 'reason'] as const
  return Object.fromEntries(names.map((name) => [name, field(request, name)]))
}

function back(reply: FastifyReply, filter: Filter, told: Record<string, string>): FastifyReply {
  return reply.redirect(`/admin/digests?${new URLSearchParams({ ...filter, ...told })}`, 303)
}

/** Reads the filter of an address or a form. What cannot be meant is left out, and the form shows that. */
function readFilter(given: Query): { filter: Filter; query: DigestQuery } {
  const text = (value: unknown) => (typeof value === 'string' ? value.trim().slice(0, 200) : '')
  const day = text(given.day)
  const status = STATUSES.find((known) => known === given.status)
  const person = parseId(text(given.person))
  const filter = {
    who: text(given.who),
    person: person === undefined ? '' : `${person}`,
    day: isLocalDate(day) ? day : '',
    status: status ?? '',
    reason: text(given.reason),
  }
  const query: DigestQuery = {
    ...(filter.who === '' ? {} : { who: filter.who }),
    ...(person === undefined ? {} : { subscriberId: person }),
    ...(isLocalDate(day) ? { day } : {}),
    ...(status === undefined ? {} : { status }),
    ...(filter.reason === '' ? {} : { reason: filter.reason }),
  }
  return { filter, query }
}

async function showDigests(
  site: Site,
  request: FastifyRequest<{ Querystring: Query }>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { filter, query } = readFilter(request.query)
  const before = parseId(request.query.before)
  const [found, counts] = await Promise.all([
    findDigests(site.db, query, { limit: PER_PAGE + 1, ...(before === undefined ? {} : { before }) }),
    countFoundDigests(site.db, query),
  ])
  const sendable = SENDABLE.reduce((total, status) => total + (counts[status] ?? 0), 0)
  const digests = found.slice(0, PER_PAGE).map((digest) => ({
    ...digest,
    email: maskAddress(digest.email),
    reason: digest.reason === null ? null : maskAddresses(digest.reason),
    sendable: digest.status !== 'sent',
  }))
  return show(site, reply, 'admin/digests', {
    csrf: reply.generateCsrf(),
    done: tell(request.query),
    filter,
    statuses: STATUSES,
    digests,
    counts,
    sendable,
    mostAtOnce: MOST_AT_ONCE,
    older: found.length > PER_PAGE ? addressOf(filter, digests.at(-1)!.id) : undefined,
    newest: before === undefined ? undefined : addressOf(filter),
    now: site.now(),
  })
}

function addressOf(filter: Filter, before?: number): string {
  const search = new URLSearchParams(filter)
  if (before !== undefined) search.set('before', `${before}`)
  return `/admin/digests?${search}`
}
