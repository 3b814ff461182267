import type { FastifyInstance } from 'fastify'
import { insertAudit } from '../../../db/audit.ts'
import type { PageRow } from '../../../db/engine/schema.ts'
import { findPage, pageBody } from '../../../db/fetching/pages.ts'
import { findSource } from '../../../db/fetching/sources.ts'
import { tellVerdict } from '../../../ingest/fetchOutcome.ts'
import { replayPage } from '../../../ingest/replay/replayPages.ts'
import { showError } from '../../site/errorPages.ts'
import { parseId } from '../../site/form.ts'
import type { Site } from '../../site/site.ts'

interface IdParams {
  Params: { id: string }
}

/** The raw pages of a source: to download as they came, and to parse again with today's parsers. */
export function addRawPages(scope: FastifyInstance, site: Site): void {
  const find = async (text: string): Promise<PageRow | undefined> => {
    const id = parseId(text)
    return id === undefined ? undefined : findPage(site.db, id)
  }
  scope.get<IdParams>('/admin/pages/:id/raw', async (request, reply) => {
    const page = await find(request.params.id)
    const body = page && (await pageBody(page))
    if (!page || !body) return showError(site, request, reply, 404)
    // Somebody else wrote it: a browser must save it, and never show it as a page of ours.
    reply.header('content-disposition', `attachment; filename="paperboy-page-${page.id}"`)
    return reply.type('application/octet-stream').send(body)
  })

  scope.post<IdParams>(
    '/admin/pages/:id/parse',
    { preHandler: scope.csrfProtection },
    async (request, reply) => {
      const page = await find(request.params.id)
      if (!page) return showError(site, request, reply, 404)
      const transact: Parameters<typeof replayPage>[1]['transact'] = (work) =>
        site.db.transaction().execute(work)
      const change = await replayPage(page, { now: site.now, transact })
      await insertAudit(site.db, {
        at: site.now(),
        actor: 'admin',
        action: 'parsed a page again',
        subject: `page ${page.id}`,
      })
      const source = await findSource(site.db, page.source_id)
      const isRead = change.now !== undefined && change.now.entries > 0
      if (isRead && source?.outcome === 'layout changed') {
        const fetch = {
          sourceId: source.id,
          address: page.address,
          entries: change.now!.entries,
          pageId: page.id,
        }
        await tellVerdict(site.db, fetch, { outcome: 'stored', detail: 'parsed again' }, site.now())
      }
      return reply.redirect(`/admin/sources/${page.source_id}?done=${isRead ? 'parsed' : 'unread'}`, 303)
    },
  )
}
