import type { FastifyInstance } from 'fastify'
import { splitPaper } from '../../ingest/splitPaper.ts'
import { showError } from '../site/errorPages.ts'
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
      const id = idOf(request.params.id)
      const split = id === undefined ? undefined : await splitPaper(site.db, id, site.now())
      if (split === undefined) return showError(site, request, reply, 404)
      return reply.redirect(`/papers/${split.paperId}`, 303)
    },
  )
}

function idOf(text: string): number | undefined {
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined
}
