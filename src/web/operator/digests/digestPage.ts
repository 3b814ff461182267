import type { FastifyInstance, FastifyReply } from 'fastify'
import { listDigestItems } from '../../../db/digests/digestItems.ts'
import { findDigest } from '../../../db/digests/digests.ts'
import { findSubscriber } from '../../../db/subscribers/subscribers.ts'
import { listTimeline } from '../../../db/subscribers/subscriberViews.ts'
import { leaveHeldDigest } from '../../../digests/delivery/held.ts'
import { takeUpDigests } from '../../../digests/delivery/takeUp.ts'
import { displayLine } from '../../../text/displayLine.ts'
import { maskAddress, maskAddresses } from '../../../text/maskAddress.ts'
import { texToUnicode } from '../../../text/texToUnicode.ts'
import { showError } from '../../site/errorPages.ts'
import { parseId } from '../../site/form.ts'
import { type Site, show } from '../../site/site.ts'

interface IdParams {
  Params: { id: string }
}

const EVENTS = 1000

/** One digest: where it stands, its papers with scores and reasons, and what the mail server said. */
export function addDigestPage(scope: FastifyInstance, site: Site): void {
  scope.get<IdParams>('/admin/digests/:id', async (request, reply) => {
    const id = parseId(request.params.id)
    const page = id === undefined ? undefined : await showDigest(site, id, reply)
    return page ?? showError(site, request, reply, 404)
  })
  const write = { preHandler: scope.csrfProtection }
  scope.post<IdParams>('/admin/digests/:id/send', write, async (request, reply) => {
    const id = parseId(request.params.id)
    if (id === undefined || !(await findDigest(site.db, id))) return showError(site, request, reply, 404)
    const { jobs } = await takeUpDigests(site, [id], 'admin')
    await site.enqueue(jobs)
    return reply.redirect(`/admin/digests/${id}`, 303)
  })
  scope.post<IdParams>('/admin/digests/:id/leave', write, async (request, reply) => {
    const id = parseId(request.params.id)
    if (id === undefined || !(await leaveHeldDigest(site, id, 'admin')))
      return showError(site, request, reply, 404)
    return reply.redirect(`/admin/digests/${id}`, 303)
  })
}

async function showDigest(site: Site, id: number, reply: FastifyReply): Promise<FastifyReply | undefined> {
  const digest = await findDigest(site.db, id)
  const subscriber = digest && (await findSubscriber(site.db, digest.subscriber_id))
  if (!digest || !subscriber) return undefined
  const [items, timeline] = await Promise.all([
    listDigestItems(site.db, id),
    listTimeline(site.db, subscriber.id, EVENTS),
  ])
  return show(site, reply, 'admin/digest', {
    csrf: reply.generateCsrf(),
    digest,
    person: maskAddress(subscriber.email),
    reason: digest.reason === null ? undefined : maskAddresses(digest.reason),
    events: timeline
      .filter(({ digestId, what }) => digestId === id && !what.startsWith('digest '))
      .map((event) => ({ ...event, detail: event.detail === null ? null : maskAddresses(event.detail) })),
    items: items.map(({ paperId, topic, score, reasons, paper }) => ({
      ...{ paperId, topic, score },
      title: displayLine(texToUnicode(paper.title)),
      reasons: reasons.map(({ text }) => text),
    })),
  })
}
