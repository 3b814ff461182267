import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { SubscriberRow } from '../../db/engine/schema.ts'
import { findSubscriber } from '../../db/subscribers/subscribers.ts'
import { findSuppression, refuseAllMail } from '../../subscribers/directory.ts'
import { getWeekly, getWorkdays, pauseForMonth } from '../../subscribers/fewer.ts'
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
      const holder = await holderOf(site, 'unsubscribe', request)
      return holder ? showState(site, request, reply, holder.subscriber) : showDeadLink(site, reply)
    })

    for (const [path, act] of Object.entries(ACTIONS)) {
      // One click comes from wherever the mail is read; the other buttons are of our own page.
      const taken = { config: { ...config, fromAnywhere: path === '' } }
      scope.post<TokenParams>(`/unsubscribe/:token${path}`, taken, async (request, reply) => {
        const holder = await holderOf(site, 'unsubscribe', request)
        if (!holder) return showDeadLink(site, reply)
        await act(site.context, holder.subscriber.id)
        const after = (await findSubscriber(site.db, holder.subscriber.id)) ?? holder.subscriber
        return answerTo(path, site, request, reply, after)
      })
    }
  })
}

/** What each address does; `/back` takes an unsubscribe back. */
const ACTIONS = {
  '': unsubscribe,
  '/never': refuseAllMail,
  '/back': resubscribe,
  '/weekly': getWeekly,
  '/workdays': getWorkdays,
  '/pause': pauseForMonth,
}

function answerTo(
  path: string,
  site: Site,
  request: FastifyRequest<TokenParams>,
  reply: FastifyReply,
  subscriber: SubscriberRow,
): FastifyReply | Promise<FastifyReply> {
  if (path === '/back') return showBack(site, reply, subscriber)
  const fewer = FEWER[path]
  const isDone = fewer && (subscriber.status === 'active' || subscriber.status === 'paused')
  return isDone ? showMessage(site, reply, fewer) : showState(site, request, reply, subscriber)
}

const CHANGE_AGAIN = [{ label: 'Mail me a link to my preferences', url: '/preferences' }]

/** What is said where fewer digests come instead of none. */
const FEWER: Record<string, Message> = {
  '/weekly': {
    title: 'Once a week from now on',
    text: 'The best of seven days comes on Mondays. Your preferences have other days.',
    links: CHANGE_AGAIN,
  },
  '/workdays': {
    title: 'Workdays only from now on',
    text: 'Your digest comes from Monday to Friday. Monday’s has the best of the weekend too.',
    links: CHANGE_AGAIN,
  },
  '/pause': {
    title: 'Paused for thirty days',
    text: 'Then your digest comes again, and the first one has the best papers of the pause.',
    links: CHANGE_AGAIN,
  },
}

async function showState(
  site: Site,
  request: FastifyRequest<TokenParams>,
  reply: FastifyReply,
  subscriber: SubscriberRow,
): Promise<FastifyReply> {
  const suppression = await findSuppression(site.context, subscriber.email)
  return show(site, reply, 'unsubscribe', {
    home: `/unsubscribe/${request.params.token}`,
    left: subscriber.status === 'unsubscribed',
    active: subscriber.status === 'active',
    wasConfirmed: subscriber.confirmed_at !== null,
    never: suppression?.cause === 'never',
  })
}

/** Says "Welcome back" only where mail comes again. */
async function showBack(site: Site, reply: FastifyReply, subscriber: SubscriberRow): Promise<FastifyReply> {
  const suppressed = await findSuppression(site.context, subscriber.email)
  if (suppressed) return showMessage(site, reply, NO_MAIL)
  return showMessage(site, reply, subscriber.status === 'active' ? BACK : STILL_PAUSED)
}

const BACK: Message = {
  title: 'Welcome back',
  text: 'Your digest comes again at your hour, with the topics you had.',
  links: [{ label: 'See what is trending', url: '/trending' }],
}

const STILL_PAUSED: Message = {
  title: 'Nothing has changed',
  text: 'You are subscribed, and your digest is paused. Your preferences have a button to resume.',
  links: [{ label: 'Mail me a link to my preferences', url: '/preferences' }],
}

const NO_MAIL: Message = {
  title: 'No mail goes to this address',
  text: 'Mail to it was refused, reported as spam, or ended for good. Whoever runs this site can let it go again.',
}
