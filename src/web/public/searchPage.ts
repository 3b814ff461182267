import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { searchPapers } from '../../digests/search/searchPapers.ts'
import { parseQuery } from '../../ranking/language/query.ts'
import { QueryError } from '../../ranking/language/queryError.ts'
import { readListAddress } from '../papers/listAddress.ts'
import { contextOf, rowOf } from '../papers/paperRow.ts'
import { findSignedIn } from '../site/signIn.ts'
import { type Site, show } from '../site/site.ts'

const PER_PAGE = 50
/** A search looks at every stored paper. */
const REQUESTS = { max: 60, timeWindow: '1 minute' }

/** Search among all stored papers, in the language of topics. */
export function addSearchPage(server: FastifyInstance, site: Site): void {
  server.get<{ Querystring: Record<string, unknown> }>(
    '/search',
    { config: { rateLimit: REQUESTS } },
    (request, reply) => showSearch(site, request, reply),
  )
}

async function showSearch(
  site: Site,
  request: FastifyRequest<{ Querystring: Record<string, unknown> }>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { q, page } = readListAddress({ q: request.query.q, page: request.query.page })!
  if (q === '') return show(site, reply, 'search', { q, rows: [] })
  try {
    const offset = (page - 1) * PER_PAGE
    const { found, hasMore } = await searchPapers(site.db, q, { limit: PER_PAGE, offset })
    const me = (await findSignedIn(site, request))?.subscriber
    const knownOf = await contextOf(
      site,
      me?.id,
      found.map(({ paper }) => paper.id),
    )
    const query = parseQuery(q)
    const rows = found.map(({ paper, reasons }) => rowOf(paper, { query, reasons, ...knownOf(paper.id) }))
    const to = (number: number) => `/search?${new URLSearchParams({ q, page: `${number}` })}`
    const around = { before: page > 1 ? to(page - 1) : undefined, after: hasMore ? to(page + 1) : undefined }
    return show(site, reply, 'search', { q, rows, page, ...around, back: to(page) })
  } catch (error) {
    if (!(error instanceof QueryError)) throw error
    const { message, position } = error
    const marked = { message, before: q.slice(0, position), after: q.slice(position) }
    return show(site, reply, 'search', { q, rows: [], error: marked }, 422)
  }
}
