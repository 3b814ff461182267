import type { FastifyInstance } from 'fastify'
import { ME, signIn, signOut } from '../site/signIn.ts'
import { type Site, showMessage } from '../site/site.ts'
import { holderOf, showDeadLink, type TokenParams } from './links.ts'

/**
 * Staying signed in on a browser. Opening a mail's link signs nobody in, as link scanners open every link; one press of a
 * button does.
 */
export function addSessionPages(server: FastifyInstance, site: Site): void {
  server.post<TokenParams>('/preferences/:token/session', async (request, reply) => {
    const holder = await holderOf(site, 'manage', request)
    if (!holder) return showDeadLink(site, reply)
    await signIn(site, reply, holder.subscriber.id)
    return reply.redirect(`/preferences/${ME}`, 303)
  })

  server.post('/sign-out', async (request, reply) => {
    await signOut(site, request, reply)
    return showMessage(site, reply, {
      title: 'You are signed out',
      text: 'This browser knows you no more. Your digest still comes; its links bring you back.',
      links: [{ label: 'See the papers', url: '/trending' }],
    })
  })
}
