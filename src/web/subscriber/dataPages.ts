import type { FastifyInstance } from 'fastify'
import { createToken, deleteTokensOf } from '../../db/subscribers/tokens.ts'
import { listTopics } from '../../db/subscribers/topics.ts'
import { reasonsInJson } from '../../digests/reasonsInJson.ts'
import { erase } from '../../subscribers/membership.ts'
import { collectData } from '../../subscribers/ownData.ts'
import { FEED_KINDS } from '../feeds/feed.ts'
import { topicsAsOpml } from '../feeds/feedPages.ts'
import { field } from '../site/form.ts'
import { type Site, show, showMessage } from '../site/site.ts'
import { holderOf, showDeadLink, type TokenParams } from './links.ts'

/** What a subscriber's own data can be asked for: a copy of all of it, and its deletion. */
export function addDataPages(server: FastifyInstance, site: Site): void {
  server.get<TokenParams>('/preferences/:token/data', async (request, reply) => {
    const holder = await holderOf(site, 'manage', request)
    if (!holder) return showDeadLink(site, reply)
    const data = await collectData(site.db, holder.subscriber, reasonsInJson)
    return reply
      .header('content-disposition', 'attachment; filename="paperboy-my-data.json"')
      .type('application/json; charset=utf-8')
      .send(JSON.stringify(data, null, 2))
  })

  server.get<TokenParams>('/preferences/:token/topics.opml', async (request, reply) => {
    const holder = await holderOf(site, 'manage', request)
    if (!holder) return showDeadLink(site, reply)
    const topics = await listTopics(site.db, holder.subscriber.id)
    return reply
      .header('content-disposition', 'attachment; filename="paperboy-topics.opml"')
      .type('text/x-opml; charset=utf-8')
      .send(topicsAsOpml(site.config.publicUrl, topics))
  })

  server.post<TokenParams>('/preferences/:token/feed', async (request, reply) => {
    const holder = await holderOf(site, 'manage', request)
    if (!holder) return showDeadLink(site, reply)
    const subscriberId = holder.subscriber.id
    const isWanted = field(request, 'feed') === 'new'
    const token = await site.db.transaction().execute(async (tx) => {
      await deleteTokensOf(tx, subscriberId, 'feed')
      return isWanted ? createToken(tx, { purpose: 'feed', subscriberId }, site.now()) : undefined
    })
    const feeds =
      token === undefined
        ? []
        : FEED_KINDS.map((kind) => `${site.config.publicUrl}/feeds/${token}/digest.${kind}`)
    return show(site, reply, 'feedAddress', {
      home: `/preferences/${request.params.token}`,
      addresses: feeds,
    })
  })

  server.get<TokenParams>('/preferences/:token/delete', async (request, reply) => {
    const holder = await holderOf(site, 'manage', request)
    if (!holder) return showDeadLink(site, reply)
    const { subscriber } = holder
    return show(site, reply, 'deletion', { subscriber, home: `/preferences/${request.params.token}` })
  })

  server.post<TokenParams>('/preferences/:token/delete', async (request, reply) => {
    const holder = await holderOf(site, 'manage', request)
    if (!holder) return showDeadLink(site, reply)
    await erase(site.context, holder.subscriber.id)
    return showMessage(site, reply, {
      title: 'Your data is deleted',
      text: 'Your address, topics, digests and links are gone, and no more mail comes. You are welcome to subscribe again at any time.',
      links: [{ label: 'Go to the front page', url: '/' }],
    })
  })
}
