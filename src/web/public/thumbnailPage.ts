import type { FastifyInstance } from 'fastify'
import { findThumbnail } from '../../db/papers/thumbnails.ts'
import { showError } from '../site/errorPages.ts'
import { parseId } from '../site/form.ts'
import type { Site } from '../site/site.ts'

/** The small picture of a paper, from what was fetched before: a visitor causes no request to another host. */
export function addThumbnailPage(server: FastifyInstance, site: Site): void {
  server.get<{ Params: { id: string } }>(
    '/papers/:id/thumbnail.webp',
    { config: { rateLimit: false } },
    async (request, reply) => {
      const id = parseId(request.params.id)
      const picture = id === undefined ? undefined : await findThumbnail(site.db, id)
      if (picture === undefined || !site.config.thumbnails) return showError(site, request, reply, 404)
      return reply.header('cache-control', 'public, max-age=86400').type('image/webp').send(picture)
    },
  )
}
