import type { FastifyInstance } from 'fastify'
import { listTopics } from '../../db/subscribers/topics.ts'
import type { SubscriberStatus } from '../../domain.ts'
import { columnsOf } from '../../subscribers/membership.ts'
import { confirm, findWish } from '../../subscribers/subscribing.ts'
import { ME, signIn } from '../site/signIn.ts'
import { type Message, type Site, show, showMessage } from '../site/site.ts'
import { holderOf, showDeadLink, type TokenParams } from './links.ts'

/** The page a confirmation mail leads to. Opening it changes nothing, as link scanners open every link; its button does. */
export function addConfirmPages(server: FastifyInstance, site: Site): void {
  server.get<TokenParams>('/confirm/:token', async (request, reply) => {
    const holder = await holderOf(site, 'confirm', request)
    if (!holder) return showDeadLink(site, reply)
    const { subscriber, row } = holder
    if (row.used_at !== null) return showMessage(site, reply, ALREADY[subscriber.status])
    const wish = await findWish(site.db, subscriber.id)
    const topics = wish?.topics ?? (await listTopics(site.db, subscriber.id))
    const shown = wish ? { ...subscriber, ...columnsOf(wish) } : subscriber
    return show(site, reply, 'confirm', {
      home: `/confirm/${request.params.token}`,
      subscriber: shown,
      topics,
    })
  })

  server.post<TokenParams>('/confirm/:token', async (request, reply) => {
    const confirmed = await confirm(site.context, request.params.token)
    if (!confirmed) return showDeadLink(site, reply)
    await site.enqueue(confirmed.next)
    const isNew = confirmed.next.length > 0
    // Whoever confirms holds the mailbox: their preferences and their first digest are one click away.
    if (isNew) await signIn(site, reply, confirmed.subscriber.id)
    return showMessage(site, reply, isNew ? CONFIRMED : ALREADY[confirmed.subscriber.status])
  })
}

const ON_LINKS = [{ label: 'See what is trending', url: '/trending' }]
const PREFERENCES_LINK = [{ label: 'Mail me a link to my preferences', url: '/preferences' }]

const CONFIRMED: Message = {
  title: 'You are subscribed',
  text: 'Your first digest is on its way; after that, one a day at your hour. Every digest has links to your preferences and to unsubscribe.',
  links: [
    { label: 'Tune my topics', url: `/preferences/${ME}` },
    { label: 'Read my first digest', url: `/preferences/${ME}/archive` },
    ...ON_LINKS,
  ],
}

/** For a link that was used before: how things stand now. */
const ALREADY: Record<SubscriberStatus, Message> = {
  active: {
    title: 'You are subscribed',
    text: 'You confirmed this already; there is nothing left to do.',
    links: ON_LINKS,
  },
  paused: {
    title: 'Your digest is paused',
    text: 'You confirmed this already, and paused later.',
    links: PREFERENCES_LINK,
  },
  unsubscribed: {
    title: 'You are unsubscribed',
    text: 'This link was used before you unsubscribed, and does not bring the digest back.',
    links: PREFERENCES_LINK,
  },
  pending: {
    title: 'This link was used before',
    text: 'Since then this address was signed up once more: use the link of the newest mail.',
    links: PREFERENCES_LINK,
  },
}
