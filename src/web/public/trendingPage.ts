import type { FastifyInstance, FastifyReply } from 'fastify'
import { isLocalDate, latestDayAt } from '../../calendar.ts'
import { countTrending, findNeighbourDays, listTrending } from '../../db/papers/paperViews.ts'
import { latestDay } from '../../db/papers/sightings.ts'
import type { LocalDate } from '../../domain.ts'
import { type Site, show, showMessage } from '../site/site.ts'
import { showListed } from './paperView.ts'

const PER_PAGE = 50

interface Query {
  day?: unknown
  page?: unknown
}

/** The list of a day, the newest where none is asked for. */
export function addTrendingPage(server: FastifyInstance, site: Site): void {
  server.get<{ Querystring: Query }>('/trending', async (request, reply) => {
    const { day, page } = request.query
    if (day !== undefined && !(typeof day === 'string' && isLocalDate(day))) return showWrongDay(site, reply)
    const shown = day ?? (await latestDay(site.db, latestDayAt(site.now())))
    reply.header('cache-control', 'public, max-age=60')
    if (shown === undefined) return show(site, reply, 'trending', { papers: [], pages: 0 })
    return showDay(site, reply, shown, pageNumber(page))
  })
}

async function showDay(site: Site, reply: FastifyReply, day: LocalDate, page: number): Promise<FastifyReply> {
  const listed = await countTrending(site.db, day)
  const papers = await listTrending(site.db, { day, limit: PER_PAGE, offset: (page - 1) * PER_PAGE })
  const neighbours = await findNeighbourDays(site.db, day)
  const pages = Math.ceil(listed / PER_PAGE)
  return show(site, reply, 'trending', {
    day,
    listed,
    papers: papers.map(showListed),
    isByUpvotes: (papers[0]?.dayUpvotes ?? 0) > 0,
    first: (page - 1) * PER_PAGE + 1,
    page,
    pages,
    ...neighbours,
  })
}

function showWrongDay(site: Site, reply: FastifyReply): FastifyReply {
  const text = 'Expected a day as year-month-day, for example 2026-11-23.'
  const links = [{ label: 'See the newest list', url: '/trending' }]
  return showMessage(site, reply, { title: 'That is not a day', text, links }, 400)
}

function pageNumber(text: unknown): number {
  const page = typeof text === 'string' && /^\d{1,4}$/.test(text) ? Number(text) : 1
  return Math.max(1, page)
}
