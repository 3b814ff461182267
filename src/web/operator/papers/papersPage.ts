import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type DeskPaper, type DeskPaperFilter, findDeskPapers } from '../../../db/papers/deskPapers.ts'
import { countDoubtfulMerges, listStandingMerges } from '../../../db/papers/mergeViews.ts'
import { DOUBTFUL_BELOW } from '../../../papers/likeness/match.ts'
import { authorsLine } from '../../../text/authorsLine.ts'
import { parseArxivId } from '../../../text/ids/arxivId.ts'
import { parseDoi } from '../../../text/ids/doi.ts'
import { parseId } from '../../site/form.ts'
import { type Site, show } from '../../site/site.ts'
import { lineOf, toMergeRow } from './mergeRows.ts'
import { addPaperDeeds, DONE } from './paperDeeds.ts'

const FOUND = 30
const PER_PAGE = 20
const MOST_WORDS = 12

type Query = Partial<Record<'search' | 'hidden' | 'doubt' | 'before' | 'done', string>>

/** Papers for the admin: found by words or ids, merges newest first, two joined by hand, one hidden. */
export function addPapers(scope: FastifyInstance, site: Site): void {
  scope.get<{ Querystring: Query }>('/admin/papers', (request, reply) => showPapers(site, request, reply))
  addPaperDeeds(scope, site)
}

async function showPapers(
  site: Site,
  request: FastifyRequest<{ Querystring: Query }>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const given = request.query
  const search = typeof given.search === 'string' ? given.search.trim().slice(0, 300) : ''
  const hidden = given.hidden === 'on'
  const doubt = given.doubt === 'on'
  const before = parseId(given.before)
  const isAsked = search !== '' || hidden
  const [found, merges, doubtful] = await Promise.all([
    isAsked ? findDeskPapers(site.db, filterOf(search, hidden), FOUND + 1) : [],
    listStandingMerges(site.db, {
      limit: PER_PAGE + 1,
      ...(before === undefined ? {} : { before }),
      ...(doubt ? { doubtfulBelow: DOUBTFUL_BELOW } : {}),
    }),
    countDoubtfulMerges(site.db, DOUBTFUL_BELOW),
  ])
  const older = merges.length > PER_PAGE ? merges[PER_PAGE - 1]!.id : undefined
  return show(site, reply, 'admin/papers', {
    csrf: reply.generateCsrf(),
    done: DONE[given.done ?? ''],
    ...{ search, hidden, doubt, isAsked },
    found: found.slice(0, FOUND).map(toRow),
    hasMore: found.length > FOUND,
    merges: merges.slice(0, PER_PAGE).map(toMergeRow),
    doubtful: doubtful.count,
    older: older === undefined ? undefined : addressOf({ doubt, before: older }),
    newest: before === undefined ? undefined : addressOf({ doubt }),
  })
}

/** What was typed: words of a title, and what else it may be. */
function filterOf(search: string, hiddenOnly: boolean): DeskPaperFilter {
  const id = parseId(search)
  const arxivId = parseArxivId(search)?.id
  const doi = parseDoi(search)
  return {
    words: search.split(/\s+/).filter(Boolean).slice(0, MOST_WORDS),
    ...(id === undefined ? {} : { id }),
    ...(arxivId === undefined ? {} : { arxivId }),
    ...(doi === undefined ? {} : { doi }),
    hiddenOnly,
  }
}

function toRow({ title, authors, ...paper }: DeskPaper) {
  return { ...paper, title: lineOf(title), authors: authorsLine(authors) }
}

function addressOf({ doubt, before }: { doubt: boolean; before?: number }): string {
  const search = new URLSearchParams()
  if (doubt) search.set('doubt', 'on')
  if (before !== undefined) search.set('before', `${before}`)
  return `/admin/papers${search.size === 0 ? '' : `?${search}`}#merges`
}
