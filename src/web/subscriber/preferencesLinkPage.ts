import type { FastifyInstance } from 'fastify'
import { parseEmail } from '../../subscribers/preferences.ts'
import { askPreferencesLink } from '../../subscribers/subscribing.ts'
import { showBusy } from '../site/errorPages.ts'
import { field, showErrors } from '../site/form.ts'
import { type Site, show } from '../site/site.ts'

const REQUESTS = { max: 10, timeWindow: '10 minutes' }

/** Where people have the link to their preferences mailed to them: there are no passwords. */
export function addPreferencesLinkPage(server: FastifyInstance, site: Site): void {
  server.get('/preferences', (_request, reply) =>
    show(site, reply, 'preferencesLink', { csrf: reply.generateCsrf(), email: '', errors: {} }),
  )
  server.post(
    '/preferences',
    { preHandler: server.csrfProtection, config: { rateLimit: REQUESTS } },
    async (request, reply) => {
      const typed = field(request, 'email')
      const email = parseEmail(typed)
      if ('errors' in email) {
        const data = { csrf: reply.generateCsrf(), email: typed, errors: showErrors(email.errors) }
        return show(site, reply, 'preferencesLink', data, 422)
      }
      const { outcome, next } = await askPreferencesLink(site.context, email.values)
      if (outcome === 'busy') return showBusy(site, reply)
      await site.enqueue(next)
      return reply.redirect('/check-mail', 303)
    },
  )
}
