import type { FastifyInstance } from 'fastify'
import { NEWEST_SCHEMA } from '../../db/engine/migrate.ts'
import { VERSION } from '../../version.ts'
import { type Site, show } from '../site/site.ts'

/** Every setting with its value and where it comes from; secrets are not shown. */
export function addSettings(scope: FastifyInstance, site: Site): void {
  scope.get('/admin/settings', (_request, reply) =>
    show(site, reply, 'admin/settings', {
      settings: site.config.settings ?? [],
      version: VERSION,
      schema: NEWEST_SCHEMA,
      node: process.version,
    }),
  )
}
