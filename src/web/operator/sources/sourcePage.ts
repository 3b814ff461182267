import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { insertAudit } from '../../../db/audit.ts'
import type { SourceRow } from '../../../db/engine/schema.ts'
import { listPagesOf } from '../../../db/fetching/pages.ts'
import { listPastFetches } from '../../../db/fetching/pastFetches.ts'
import { findSource, removeSource, setSourceEnabled, setSourceRhythm } from '../../../db/fetching/sources.ts'
import { gatherFacts } from '../../../health/gatherFacts.ts'
import { judgeSource } from '../../../health/sourceState.ts'
import { showError } from '../../site/errorPages.ts'
import { field, parseId } from '../../site/form.ts'
import { healthSources, type Site, show } from '../../site/site.ts'
import { parseMinutes } from './minutes.ts'
import { addRawPages } from './rawPages.ts'

const FETCHES = 60
const PAGES = 30

interface IdParams {
  Params: { id: string }
}

/** What a deed did, for the page that follows it. */
const DONE: Record<string, string> = {
  added: 'The source is added, and its first fetch is on its way.',
  fetch: 'The fetch is on its way.',
  rhythm: 'The rhythm is changed.',
  paused: 'The source is not fetched any more.',
  resumed: 'The source is fetched again.',
  minutes: 'Nothing is changed: expected from 5 minutes to 30 days.',
  parsed: 'The page is parsed again and its papers are stored.',
  unread: 'The page still cannot be read; nothing is changed.',
}

type Deed = (
  request: FastifyRequest<IdParams>,
  reply: FastifyReply,
  source: SourceRow,
) => Promise<FastifyReply>

/** One source: how it does, its past fetches, its raw pages, and what an admin may do with it. */
export function addSourcePage(scope: FastifyInstance, site: Site): void {
  const write = { preHandler: scope.csrfProtection }
  const withSource = (deed: Deed) => async (request: FastifyRequest<IdParams>, reply: FastifyReply) => {
    const id = parseId(request.params.id)
    const source = id === undefined ? undefined : await findSource(site.db, id)
    return source === undefined || source.address === null
      ? showError(site, request, reply, 404)
      : deed(request, reply, source)
  }
  const done = async (reply: FastifyReply, source: SourceRow, action: string, word: string) => {
    await insertAudit(site.db, { at: site.now(), actor: 'admin', action, subject: `source ${source.id}` })
    return reply.redirect(`/admin/sources/${source.id}?done=${word}`, 303)
  }

  scope.get<IdParams>(
    '/admin/sources/:id',
    withSource((request, reply, source) => {
      const word = (request.query as { done?: string }).done ?? ''
      return showSource(site, reply, source, DONE[word])
    }),
  )
  scope.post<IdParams>(
    '/admin/sources/:id/fetch',
    write,
    withSource(async (_request, reply, source) => {
      await site.enqueue([
        { name: 'fetchPage', payload: { sourceId: source.id, slot: site.now().toISOString() } },
      ])
      return done(reply, source, 'asked for a fetch', 'fetch')
    }),
  )
  scope.post<IdParams>(
    '/admin/sources/:id/rhythm',
    write,
    withSource(async (request, reply, source) => {
      const minutes = parseMinutes(field(request, 'every').trim())
      if (minutes === undefined) return reply.redirect(`/admin/sources/${source.id}?done=minutes`, 303)
      await setSourceRhythm(site.db, source.id, minutes)
      return done(reply, source, 'changed the rhythm of a source', 'rhythm')
    }),
  )
  for (const [word, enabled] of [
    ['pause', false],
    ['resume', true],
  ] as const) {
    scope.post<IdParams>(
      `/admin/sources/:id/${word}`,
      write,
      withSource(async (_request, reply, source) => {
        await setSourceEnabled(site.db, source.name, enabled)
        return done(reply, source, `${word}d a source`, `${word}d`)
      }),
    )
  }
  scope.post<IdParams>(
    '/admin/sources/:id/remove',
    write,
    withSource(async (request, reply, source) => {
      if (source.builtin || field(request, 'sure') !== 'yes') return showError(site, request, reply, 400)
      await removeSource(site.db, source.id)
      const subject = `source ${source.id}`
      await insertAudit(site.db, { at: site.now(), actor: 'admin', action: 'removed a source', subject })
      return reply.redirect('/admin/sources?done=removed', 303)
    }),
  )
  addRawPages(scope, site)
}

async function showSource(
  site: Site,
  reply: FastifyReply,
  source: SourceRow,
  done: string | undefined,
): Promise<FastifyReply> {
  const [facts, fetches, pages] = await Promise.all([
    gatherFacts(healthSources(site)),
    listPastFetches(site.db, source.id, { limit: FETCHES }),
    listPagesOf(site.db, source.id, PAGES),
  ])
  const own = facts.sources.find(({ row }) => row.id === source.id)!
  return show(site, reply, 'admin/source', {
    csrf: reply.generateCsrf(),
    done,
    source,
    state: judgeSource(own, facts.now),
    rhythm: own.rhythm,
    fetches,
    pages,
  })
}
