import type { FastifyInstance } from 'fastify'
import { requestPreferencesLink } from '../../subscribers/mailRequests.ts'
import { parseEmail } from '../../subscribers/preferences.ts'
import { field, showErrors } from '../site/form.ts'
import { findSignedIn, ME } from '../site/signIn.ts'
import { type Site, show } from '../site/site.ts'

const REQUESTS = { max: 10, timeWindow: '10 minutes' }

/** Where people have the link to their preferences mailed to them: there are no passwords. */
export function addPreferencesLinkPage(server: FastifyInstance, site: Site): void {
  server.get('/preferences', async (request, reply) => {
    if (await findSignedIn(site, request)) return reply.redirect(`/preferences/${ME}`, 303)
    return show(site, reply, 'preferencesLink', { csrf: reply.generateCsrf(), email: '', errors: {} })
  })
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
      await site.enqueue(await requestPreferencesLink(site.context, email.values))
      return reply.redirect('/check-mail', 303)
    },
  )
}
