import type { FastifyInstance } from 'fastify'
import { insertAudit } from '../../db/audit.ts'
import { field } from '../site/form.ts'
import { closeSession, isAdminPassword, LOGIN, openSession } from '../site/session.ts'
import { type Site, show } from '../site/site.ts'

const TRIES = { max: 5, timeWindow: '5 minutes' }

/** The admin's way in and out. */
export function addLogin(server: FastifyInstance, site: Site): void {
  server.get<{ Querystring: { next?: unknown } }>(LOGIN, (request, reply) =>
    show(site, reply, 'login', {
      csrf: reply.generateCsrf(),
      next: adminPath(request.query.next),
      wrong: false,
    }),
  )
  server.post(
    LOGIN,
    { preHandler: server.csrfProtection, config: { rateLimit: TRIES } },
    async (request, reply) => {
      const next = adminPath(field(request, 'next'))
      if (!isAdminPassword(site, field(request, 'password'))) {
        request.log.warn({ address: request.ip }, 'admin login refused: wrong password')
        return show(site, reply, 'login', { csrf: reply.generateCsrf(), next, wrong: true }, 401)
      }
      openSession(site, reply)
      await insertAudit(site.db, { at: site.now(), actor: 'admin', action: 'logged in' })
      return reply.redirect(next, 303)
    },
  )
  server.post('/admin/logout', { preHandler: server.csrfProtection }, async (_request, reply) => {
    closeSession(site, reply)
    return reply.redirect('/', 303)
  })
}

/** Only pages of our own /admin are gone back to, whatever the address says. */
function adminPath(text: unknown): string {
  return typeof text === 'string' && /^\/admin(\/[\w-]+)*$/.test(text) ? text : '/admin'
}
