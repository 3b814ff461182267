import type { FastifyInstance } from 'fastify'
import { deleteAdminSession, deleteOtherAdminSessions, listAdminSessions } from '../../../db/adminSessions.ts'
import { insertAudit } from '../../../db/audit.ts'
import { showError } from '../../site/errorPages.ts'
import { parseId } from '../../site/form.ts'
import { readSession } from '../../site/session.ts'
import { type Site, show } from '../../site/site.ts'
import { activeSecondFactor } from './secondFactor.ts'

/** Who is logged in to the desk, and the end of their sessions. */
export function addSessions(scope: FastifyInstance, site: Site): void {
  const write = { preHandler: scope.csrfProtection }
  scope.get<{ Querystring: { wrong?: unknown } }>('/admin/sessions', async (request, reply) => {
    const own = await readSession(site, request)
    const sessions = await listAdminSessions(site.db, site.now())
    const factor = await activeSecondFactor(site)
    return show(site, reply, 'admin/sessions', {
      csrf: reply.generateCsrf(),
      own: own?.id,
      user: own?.user,
      sessions,
      factor: factor && { since: factor.confirmed_at, recoveryCodes: factor.recovery_hashes.length },
      wrongCode: request.query.wrong === 'code',
    })
  })
  scope.post<{ Params: { id: string } }>('/admin/sessions/:id/end', write, async (request, reply) => {
    const id = parseId(request.params.id)
    if (id === undefined || !(await deleteAdminSession(site.db, id)))
      return showError(site, request, reply, 404)
    await insertAudit(site.db, {
      at: site.now(),
      actor: 'admin',
      action: 'ended a session',
      subject: `session ${id}`,
    })
    return reply.redirect('/admin/sessions', 303)
  })
  scope.post('/admin/sessions/end-others', write, async (request, reply) => {
    const own = await readSession(site, request)
    await deleteOtherAdminSessions(site.db, own?.id)
    await insertAudit(site.db, { at: site.now(), actor: 'admin', action: 'ended all other sessions' })
    return reply.redirect('/admin/sessions', 303)
  })
}
