import type { FastifyInstance } from 'fastify'
import { splitPaper } from '../../ingest/splitPaper.ts'
import { showError } from '../site/errorPages.ts'
import { parseId } from '../site/form.ts'
import type { Site } from '../site/site.ts'

interface IdParams {
  Params: { id: string }
}

/** Parts what was merged; within the admin's pages. */
export function addSplit(scope: FastifyInstance, site: Site): void {
  scope.post<IdParams>(
    '/admin/merges/:id/split',
    { preHandler: scope.csrfProtection },
    async (request, reply) => {
      const id = parseId(request.params.id)
      const split = id === undefined ? undefined : await splitPaper(site.db, id, site.now())
      if (split === undefined) return showError(site, request, reply, 404)
      return reply.redirect(`/papers/${split.paperId}`, 303)
    },
  )
}
