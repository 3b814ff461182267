import type { FastifyInstance } from 'fastify'
import { listDigestsOf, listPapersChosenFor } from '../../db/digests/digestViews.ts'
import type { Db } from '../../db/engine/connect.ts'
import type { SubscriberRow } from '../../db/engine/schema.ts'
import { listTasteExamples } from '../../db/subscribers/tasteExamples.ts'
import { listTopics } from '../../db/subscribers/topics.ts'
import { reasonsInJson } from '../../digests/reasonsInJson.ts'
import { listFeedback } from '../../subscribers/feedback.ts'
import { erase } from '../../subscribers/membership.ts'
import { type Site, show, showMessage } from '../site/site.ts'
import { holderOf, showDeadLink, type TokenParams } from './links.ts'

const EVERY = 100_000

/** What a subscriber's own data can be asked for: a copy of all of it, and its deletion. */
export function addDataPages(server: FastifyInstance, site: Site): void {
  server.get<TokenParams>('/preferences/:token/data', async (request, reply) => {
    const holder = await holderOf(site, 'manage', request.params.token)
    if (!holder) return showDeadLink(site, reply)
    const data = await collectData(site.db, holder.subscriber)
    return reply
      .header('content-disposition', 'attachment; filename="paperboy-my-data.json"')
      .type('application/json; charset=utf-8')
      .send(JSON.stringify(data, null, 2))
  })

  server.get<TokenParams>('/preferences/:token/delete', async (request, reply) => {
    const holder = await holderOf(site, 'manage', request.params.token)
    if (!holder) return showDeadLink(site, reply)
    const { subscriber } = holder
    return show(site, reply, 'deletion', { subscriber, home: `/preferences/${request.params.token}` })
  })

  server.post<TokenParams>('/preferences/:token/delete', async (request, reply) => {
    const holder = await holderOf(site, 'manage', request.params.token)
    if (!holder) return showDeadLink(site, reply)
    await erase(site.context, holder.subscriber.id)
    return showMessage(site, reply, {
      title: 'Your data is deleted',
      text: 'Your address, topics, digests and links are gone, and no more mail comes. You are welcome to subscribe again at any time.',
      links: [{ label: 'Go to the front page', url: '/' }],
    })
  })
}

/** Everything kept of a subscriber; secrets are not, as only their hashes are stored. */
async function collectData(db: Db, subscriber: SubscriberRow) {
  const { email_key: _compared, ...own } = subscriber
  return {
    subscriber: own,
    topics: await listTopics(db, subscriber.id),
    digests: await listDigestsOf(db, subscriber.id, EVERY),
    papers: (await listPapersChosenFor(db, subscriber.id)).map((paper) => ({
      ...paper,
      ...reasonsInJson(paper.reasons),
    })),
    feedback: await listFeedback(db, subscriber.id),
    tasteExamples: (await listTasteExamples(db, [subscriber.id])).map(({ text }) => text),
  }
}
