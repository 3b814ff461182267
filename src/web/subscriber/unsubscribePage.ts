import type { FastifyInstance } from 'fastify'
import { resubscribe, unsubscribe } from '../../subscribers/membership.ts'
import { type Message, type Site, show, showMessage } from '../site/site.ts'
import { holderOf, showDeadLink, type TokenParams } from './links.ts'

const BODY_LIMIT = 16 * 1024
/** Mail services send one-click requests for many people from few addresses. */
const REQUESTS = { max: 1200, timeWindow: '1 minute' }

/**
 * Leaving. GET shows a page with a button and changes nothing; POST, from the button or by a mail program's one click
 * (RFC 8058: no cookie, no redirect, urlencoded or multipart body), unsubscribes at once, as often as it comes.
 */
export function addUnsubscribePages(server: FastifyInstance, site: Site): void {
  server.register(async (scope) => {
    // The address says everything: a body of any kind is taken and not looked at.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_LIMIT }, (_request, _body, done) =>
      done(null, undefined),
    )
    const config = { rateLimit: REQUESTS }

    scope.get<TokenParams>('/unsubscribe/:token', { config }, async (request, reply) => {
      const holder = await holderOf(site, 'unsubscribe', request.params.token)
      return holder ? showUnsubscribe(holder.subscriber.status === 'unsubscribed') : showDeadLink(site, reply)

      function showUnsubscribe(left: boolean) {
        return show(site, reply, 'unsubscribe', { home: `/unsubscribe/${request.params.token}`, left })
      }
    })

    scope.post<TokenParams>('/unsubscribe/:token', { config }, async (request, reply) => {
      const holder = await holderOf(site, 'unsubscribe', request.params.token)
      if (!holder) return showDeadLink(site, reply)
      await unsubscribe(site.context, holder.subscriber.id)
      return show(site, reply, 'unsubscribe', { home: `/unsubscribe/${request.params.token}`, left: true })
    })

    scope.post<TokenParams>('/unsubscribe/:token/back', { config }, async (request, reply) => {
      const holder = await holderOf(site, 'unsubscribe', request.params.token)
      if (!holder) return showDeadLink(site, reply)
      await resubscribe(site.context, holder.subscriber.id)
      return showMessage(site, reply, BACK)
    })
  })
}

const BACK: Message = {
  title: 'Welcome back',
  text: 'Your digest comes again at your hour, with the topics you had.',
  links: [{ label: 'See what is trending', url: '/trending' }],
}
