import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { insertAudit } from '../../../db/audit.ts'
import type { AddressChangeRow, SubscriberRow } from '../../../db/engine/schema.ts'
import { findAddressChange } from '../../../db/subscribers/addressChanges.ts'
import { findSubscriber } from '../../../db/subscribers/subscribers.ts'
import { listTimeline } from '../../../db/subscribers/subscriberViews.ts'
import { listTopics } from '../../../db/subscribers/topics.ts'
import { reasonsInJson } from '../../../digests/reasonsInJson.ts'
import { requestAddressChange } from '../../../subscribers/addressChange.ts'
import { findSuppression, liftSuppression, suppress } from '../../../subscribers/directory.ts'
import { erase } from '../../../subscribers/membership.ts'
import { collectData } from '../../../subscribers/ownData.ts'
import { parseEmail, unmailable } from '../../../subscribers/preferences.ts'
import { resendConfirmation } from '../../../subscribers/subscribing.ts'
import { maskAddress, maskAddresses } from '../../../text/maskAddress.ts'
import { showError } from '../../site/errorPages.ts'
import { field, parseId } from '../../site/form.ts'
import { type Site, show } from '../../site/site.ts'

interface IdParams {
  Params: { id: string }
}

const EVENTS = 300

/** What a deed did, for the page that follows it. */
const DONE: Record<string, string> = {
  asked: 'The link is mailed again.',
  suppressed: 'The address gets no mail any more.',
  lifted: 'The address gets mail again.',
  askedBoth: 'Both mailboxes are asked by mail. The digest goes to the new address once both have confirmed.',
  askedNew: 'The new mailbox is asked by mail. The digest goes there once it has confirmed.',
  held: 'Nothing is mailed: the address is suppressed. Lift that first.',
}

type Deed = (
  request: FastifyRequest<IdParams>,
  reply: FastifyReply,
  subscriber: SubscriberRow,
) => Promise<FastifyReply>

/** One subscriber: the timeline, and what an operator may do for them. Whatever is done is in the audit. */
export function addSubscriberPage(scope: FastifyInstance, site: Site): void {
  const write = { preHandler: scope.csrfProtection }
  const withSubscriber = (deed: Deed) => async (request: FastifyRequest<IdParams>, reply: FastifyReply) => {
    const id = parseId(request.params.id)
    const subscriber = id === undefined ? undefined : await findSubscriber(site.db, id)
    return subscriber ? deed(request, reply, subscriber) : showError(site, request, reply, 404)
  }
  const back = (reply: FastifyReply, { id }: SubscriberRow, done: string) =>
    reply.redirect(`/admin/subscribers/${id}?done=${done}`, 303)

  scope.get<IdParams>(
    '/admin/subscribers/:id',
    withSubscriber((request, reply, subscriber) => {
      const { done } = request.query as { done?: string }
      return showSubscriber(site, reply, subscriber, { done: DONE[done ?? ''] })
    }),
  )
  // Seeing an address is a deed: it is a form, so that it can be counted, and no link leads to it.
  scope.post<IdParams>(
    '/admin/subscribers/:id/reveal',
    write,
    withSubscriber(async (_request, reply, subscriber) => {
      await note(site, 'looked at the address', subscriber)
      return showSubscriber(site, reply, subscriber, { revealed: true })
    }),
  )
  scope.post<IdParams>(
    '/admin/subscribers/:id/resend',
    write,
    withSubscriber(async (_request, reply, subscriber) => {
      const { outcome, next } = await resendConfirmation(site.context, subscriber.id, 'admin')
      await site.enqueue(next)
      return back(reply, subscriber, outcome === 'suppressed' ? 'held' : 'asked')
    }),
  )
  scope.post<IdParams>(
    '/admin/subscribers/:id/suppress',
    write,
    withSubscriber(async (request, reply, subscriber) => {
      const reason = field(request, 'reason').trim().slice(0, 500) || 'the operator decided'
      await suppress(site.context, subscriber.email, { actor: 'admin', cause: 'operator', reason })
      return back(reply, subscriber, 'suppressed')
    }),
  )
  scope.post<IdParams>(
    '/admin/subscribers/:id/lift',
    write,
    withSubscriber(async (_request, reply, subscriber) => {
      await liftSuppression(site.context, subscriber.email, 'admin')
      return back(reply, subscriber, 'lifted')
    }),
  )
  scope.post<IdParams>(
    '/admin/subscribers/:id/move',
    write,
    withSubscriber((request, reply, subscriber) => moveTo(site, request, reply, subscriber)),
  )
  scope.post<IdParams>(
    '/admin/subscribers/:id/export',
    write,
    withSubscriber(async (_request, reply, subscriber) => {
      await note(site, 'exported the data', subscriber)
      const data = await collectData(site.db, subscriber, reasonsInJson)
      reply.header('content-disposition', `attachment; filename="paperboy-subscriber-${subscriber.id}.json"`)
      return reply.type('application/json; charset=utf-8').send(JSON.stringify(data, null, 2))
    }),
  )
  scope.post<IdParams>(
    '/admin/subscribers/:id/delete',
    write,
    withSubscriber(async (request, reply, subscriber) => {
      if (field(request, 'sure') !== 'yes') return showError(site, request, reply, 400)
      await erase(site.context, subscriber.id, 'admin')
      return reply.redirect('/admin/subscribers?done=deleted', 303)
    }),
  )
}

/** Asks for another address: both mailboxes confirm it, or the new one alone if the operator answers for the old one. */
async function moveTo(
  site: Site,
  request: FastifyRequest<IdParams>,
  reply: FastifyReply,
  subscriber: SubscriberRow,
): Promise<FastifyReply> {
  const typed = { email: field(request, 'email').trim(), vouched: field(request, 'vouched') === 'yes' }
  const refuse = (error: string) =>
    showSubscriber(site, reply, subscriber, { wanted: { ...typed, error } }, 422)
  const parsed = parseEmail(typed.email)
  if ('errors' in parsed) return refuse(parsed.errors[0]!.message)
  const unmailed = await unmailable(parsed.values, site.takesUtf8)
  if (unmailed) return refuse(unmailed.message)
  const { vouched } = typed
  const asked = await requestAddressChange(site.context, subscriber.id, parsed.values, {
    actor: 'admin',
    vouched,
  })
  if (asked.outcome === 'same') return refuse('Expected another address, got the one that this person has.')
  await site.enqueue(asked.next)
  return reply.redirect(`/admin/subscribers/${subscriber.id}?done=${vouched ? 'askedNew' : 'askedBoth'}`, 303)
}

function note(site: Site, action: string, { id }: SubscriberRow): Promise<void> {
  return insertAudit(site.db, { at: site.now(), actor: 'admin', action, subject: `subscriber ${id}` })
}

interface Shown {
  /** What was done just now. */
  done?: string | undefined
  /** Whether the address is shown in full. */
  revealed?: boolean
  /** Another address as typed, and what is wrong with it. */
  wanted?: { email: string; vouched: boolean; error: string }
}

async function showSubscriber(
  site: Site,
  reply: FastifyReply,
  subscriber: SubscriberRow,
  { done, revealed = false, wanted }: Shown,
  status = 200,
): Promise<FastifyReply> {
  const masked = (text: string | null) => (text === null || revealed ? text : maskAddresses(text))
  const [topics, suppression, timeline, change] = await Promise.all([
    listTopics(site.db, subscriber.id),
    findSuppression(site.context, subscriber.email),
    listTimeline(site.db, subscriber.id, EVENTS),
    findAddressChange(site.db, subscriber.id),
  ])
  const data = {
    csrf: reply.generateCsrf(),
    done,
    revealed,
    subscriber,
    email: revealed ? subscriber.email : maskAddress(subscriber.email),
    topics,
    suppression: suppression && { ...suppression, reason: masked(suppression.reason) },
    timeline: timeline.map((entry) => ({ ...entry, detail: masked(entry.detail) })),
    wanted: wanted ?? { email: '', vouched: false },
    waiting: change && waitingChange(change, revealed),
  }
  return show(site, reply, 'admin/subscriber', data, status)
}

/** The change of address that waits, and for which mailboxes. */
function waitingChange(change: AddressChangeRow, revealed: boolean) {
  const boxes = [
    ...(change.old_confirmed_at === null ? ['the old mailbox'] : []),
    ...(change.new_confirmed_at === null ? ['the new mailbox'] : []),
  ]
  return {
    email: revealed ? change.email : maskAddress(change.email),
    at: change.asked_at,
    boxes: boxes.join(' and '),
  }
}
