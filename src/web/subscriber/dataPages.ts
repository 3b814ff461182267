import type { FastifyInstance } from 'fastify'
import { reasonsInJson } from '../../digests/reasonsInJson.ts'
import { erase } from '../../subscribers/membership.ts'
import { collectData } from '../../subscribers/ownData.ts'
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
