import type { FastifyInstance } from 'fastify'
import { NEWEST_SCHEMA } from '../../db/engine/migrate.ts'
import { gatherKept } from '../../health/kept.ts'
import { VERSION } from '../../version.ts'
import { type Site, show } from '../site/site.ts'

/** What is kept, how much room it takes and until when; and every setting with its value and origin. Secrets are not shown. */
export function addSettings(scope: FastifyInstance, site: Site): void {
  scope.get('/admin/settings', async (_request, reply) =>
    show(site, reply, 'admin/settings', {
      settings: site.config.settings ?? [],
      kept: await gatherKept({ db: site.db, dataDir: site.config.dataDir, keep: site.config.keep }),
      version: VERSION,
      schema: NEWEST_SCHEMA,
      node: process.version,
    }),
  )
}
