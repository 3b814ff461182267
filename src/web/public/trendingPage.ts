import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { latestDayAt } from '../../calendar.ts'
import { type ListedRow, listDays, listPapersOf, listRows } from '../../db/papers/paperLists.ts'
import { latestDay } from '../../db/papers/sightings.ts'
import { listTopics } from '../../db/subscribers/topics.ts'
import { categoriesOf } from '../../digests/categories.ts'
import { matchPapers } from '../../digests/matchPapers.ts'
import type { LocalDate, Topic } from '../../domain.ts'
import { parseQuery } from '../../ranking/language/query.ts'
import { QueryError } from '../../ranking/language/queryError.ts'
import { feedsOf } from '../feeds/feedPages.ts'
import { type ListAddress, listUrl, readListAddress, spanOf } from '../papers/listAddress.ts'
import { answersOf, type PaperRow, type RowContext, rowOf } from '../papers/paperRow.ts'
import { findSignedIn, hasSession } from '../site/signIn.ts'
import { type Site, show, showMessage } from '../site/site.ts'

const PER_PAGE = 50
const DAYS_SHOWN = 14

/** A query costs more than a list that the database sorts. */
const REQUESTS = { max: 120, timeWindow: '1 minute' }

/** The lists of papers: of a day, a week or a month, with filters that stand in the address. */
export function addTrendingPage(server: FastifyInstance, site: Site): void {
  server.get<{ Querystring: Record<string, unknown> }>(
    '/trending',
    { config: { rateLimit: REQUESTS } },
    async (request, reply) => {
      const address = readListAddress(request.query)
      if (address === undefined) return showWrongDay(site, reply)
      const newest = await latestDay(site.db, latestDayAt(site.now()))
      setCaching(site, request, reply)
      if (newest === undefined) return show(site, reply, 'trending', { wide: true })
      return showList(site, request, reply, { address, day: address.day ?? newest, newest })
    },
  )
}

/** Strangers all see the same list; who is signed in sees their own buttons. */
function setCaching(site: Site, request: FastifyRequest, reply: FastifyReply): void {
  if (!hasSession(site, request)) reply.header('cache-control', 'public, max-age=60')
  reply.header('vary', 'cookie')
}

async function showList(
  site: Site,
  request: FastifyRequest,
  reply: FastifyReply,
  { address, day, newest }: { address: ListAddress; day: LocalDate; newest: LocalDate },
): Promise<FastifyReply> {
  const me = (await findSignedIn(site, request))?.subscriber
  const { page, q, span, cat } = address
  const to = (changes: Partial<ListAddress>) => listUrl({ ...address, page: 1, ...changes })
  const [list, days, categories, topics] = await Promise.all([
    readList(site, address, day, me?.id),
    daysShown(site, day, newest, to),
    categoriesOf(site.db, spanOf(span, day), site.now()),
    me === undefined ? [] : listTopics(site.db, me.id),
  ])
  const pages = Math.ceil(list.total / PER_PAGE)
  return show(
    site,
    reply,
    'trending',
    {
      ...list,
      address,
      order: address.order ?? (q === '' ? 'votes' : 'best'),
      day,
      days,
      spans: [
        { label: 'Day', url: to({ span: 'day' }), isHere: span === 'day' },
        { label: 'Week', url: to({ span: 'week' }), isHere: span === 'week' },
        { label: 'Month', url: to({ span: 'month' }), isHere: span === 'month' },
      ],
      categories,
      topics: topics.map((topic) => topicLink(topic, q, to)),
      feeds: feedsOf({ q, cat }),
      back: listUrl(address),
      pages,
      before: page > 1 ? listUrl({ ...address, page: page - 1 }) : undefined,
      after: page < pages ? listUrl({ ...address, page: page + 1 }) : undefined,
      first: listUrl({ ...address, page: 1 }),
      isFiltered: q !== '' || cat !== '',
      unfiltered: to({ q: '', cat: '', order: undefined }),
    },
    list.error === undefined ? 200 : 422,
  )
}

type To = (changes: Partial<ListAddress>) => string

function topicLink({ name, query }: Topic, q: string, to: To) {
  return { name, isHere: query === q, url: to({ q: query === q ? '' : query }) }
}

/** The days around the one that is shown: some later ones, and the ones before. */
async function daysShown(site: Site, day: LocalDate, newest: LocalDate, to: To) {
  const last = day < newest ? await latestOfFew(site, day, newest) : day
  const days = await listDays(site.db, last, DAYS_SHOWN)
  const all = days.includes(day) ? days : [day, ...days].sort().reverse()
  return all.map((one) => ({
    day: one,
    isHere: one === day,
    url: to({ day: one === newest ? undefined : one }),
  }))
}

/** A day a few lists later than the one shown, so that it stands in the middle. */
async function latestOfFew(site: Site, day: LocalDate, newest: LocalDate): Promise<LocalDate> {
  const later = (await listDays(site.db, newest, 2 * DAYS_SHOWN)).filter((one) => one > day)
  return later.at(-Math.min(later.length, DAYS_SHOWN / 2)) ?? day
}

interface ShownList {
  papers: PaperRow[]
  total: number
  /** How many of all come from lists that say no day. */
  undated: number
  hasVotes: boolean
  /** Why the query cannot be read. */
  error?: { message: string; before: string; after: string }
}

async function readList(
  site: Site,
  address: ListAddress,
  day: LocalDate,
  subscriberId: number | undefined,
): Promise<ShownList> {
  const span = spanOf(address.span, day)
  const place = {
    category: address.cat || undefined,
    limit: PER_PAGE,
    offset: (address.page - 1) * PER_PAGE,
  }
  if (address.q === '') {
    const order = address.order === undefined || address.order === 'best' ? 'votes' : address.order
    const { papers, total, undated } = await listPapersOf(site.db, { ...span, ...place, order })
    return {
      papers: await asRows(site, papers, subscriberId),
      total,
      undated,
      hasVotes: papers.some(({ spanUpvotes }) => (spanUpvotes ?? 0) > 0),
    }
  }
  try {
    const wish = { ...span, ...place, query: address.q, order: address.order ?? ('best' as const) }
    const { matches, total } = await matchPapers(site.db, wish)
    const ids = matches.map(({ paperId }) => paperId)
    const reasonsOf = new Map(matches.map(({ paperId, reasons }) => [paperId, reasons]))
    const query = parseQuery(address.q)
    const papers = await listRows(site.db, ids, span)
    const rows = await asRows(site, papers, subscriberId, (id) => ({ query, reasons: reasonsOf.get(id) }))
    return { papers: rows, total, undated: 0, hasVotes: true }
  } catch (error) {
    if (!(error instanceof QueryError)) throw error
    const { message, position } = error
    const marked = { before: address.q.slice(0, position), after: address.q.slice(position) }
    return { papers: [], total: 0, undated: 0, hasVotes: false, error: { message, ...marked } }
  }
}

/** Papers as rows, with what the subscriber who looks said of each. */
async function asRows(
  site: Site,
  papers: readonly ListedRow[],
  subscriberId: number | undefined,
  matchOf: (paperId: number) => RowContext = () => ({}),
): Promise<PaperRow[]> {
  const ids = papers.map(({ id }) => id)
  const saidOf = await answersOf(site, subscriberId, ids)
  return papers.map((paper) =>
    rowOf(paper, {
      ...paper,
      hasThumbnail: site.config.thumbnails === true && paper.isPictured,
      ...matchOf(paper.id),
      ...saidOf(paper.id),
    }),
  )
}

function showWrongDay(site: Site, reply: FastifyReply): FastifyReply {
  const text = 'Expected a day as year-month-day, for example 2026-11-23.'
  const links = [{ label: 'See the newest list', url: '/trending' }]
  return showMessage(site, reply, { title: 'That is not a day', text, links }, 400)
}
