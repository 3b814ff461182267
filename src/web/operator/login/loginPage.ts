import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { insertAudit } from '../../../db/audit.ts'
import { showTooMany } from '../../site/errorPages.ts'
import { field } from '../../site/form.ts'
import { closeSession, LOGIN, openSession, roleOf } from '../../site/session.ts'
import { type Site, show } from '../../site/site.ts'
import { activeSecondFactor, takesCode } from './secondFactor.ts'

/** The way in and out. */
export function addLogin(server: FastifyInstance, site: Site): void {
  server.get<{ Querystring: { next?: unknown } }>(LOGIN, async (request, reply) =>
    show(site, reply, 'login', {
      csrf: reply.generateCsrf(),
      next: adminPath(request.query.next),
      asksCode: (await activeSecondFactor(site)) !== undefined,
      wrong: false,
    }),
  )
  server.post(LOGIN, { preHandler: server.csrfProtection }, (request, reply) => logIn(site, request, reply))
  server.post('/admin/logout', { preHandler: server.csrfProtection }, async (request, reply) => {
    await closeSession(site, request, reply)
    return reply.redirect('/', 303)
  })
}

async function logIn(site: Site, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const next = adminPath(field(request, 'next'))
  const factor = await activeSecondFactor(site)
  const at = site.now()
  const until = site.guesses.take(request.ip, at)
  if (until !== undefined) return showTooMany(site, request, reply, until)
  const role = await roleOf(site, field(request, 'password'))
  const needsCode = role === 'admin' && factor !== undefined
  // A code is used up only beside the right password.
  if (role === undefined || (needsCode && !(await takesCode(site, factor, field(request, 'code'))))) {
    const what = role === undefined ? 'wrong password' : 'wrong code'
    request.log.warn({ address: request.ip }, `login to the desk refused: ${what}`)
    const data = { csrf: reply.generateCsrf(), next, asksCode: factor !== undefined, wrong: true }
    return show(site, reply, 'login', data, 401)
  }
  site.guesses.giveBack(request.ip, at)
  await openSession(site, request, reply, role)
  await insertAudit(site.db, { at: site.now(), actor: role, action: 'logged in' })
  return reply.redirect(next, 303)
}

/** Only pages of our own /admin are gone back to, whatever the address says. */
function adminPath(text: unknown): string {
  return typeof text === 'string' && /^\/admin(\/[\w-]+)*$/.test(text) ? text : '/admin'
}
