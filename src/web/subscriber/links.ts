import type { FastifyReply, FastifyRequest } from 'fastify'
import type { SubscriberRow, TokenPurpose } from '../../db/engine/schema.ts'
import { findSubscriber } from '../../db/subscribers/subscribers.ts'
import { findToken } from '../../db/subscribers/tokens.ts'
import { findSignedIn, type Holder, ME } from '../site/signIn.ts'
import { type Site, showMessage } from '../site/site.ts'

/** Parameters of a route whose address carries a secret token. */
export interface TokenParams {
  Params: { token: string }
}

/*
 * The forms of these pages carry no token against forged requests (CSRF): the address itself holds 256 secret bits
 * that a foreign site cannot know, and Referrer-Policy keeps it from leaking. Where the address says `me`, a cookie
 * decides, and src/web/site/signIn.ts says why that is safe.
 */

/**
 * Whose link this is; undefined for one that is none, has expired or was made for something else. `/preferences/me`
 * belongs to whoever is signed in.
 */
export async function holderOf(
  site: Site,
  purpose: TokenPurpose,
  request: FastifyRequest<TokenParams>,
): Promise<Holder | undefined> {
  const { token } = request.params
  if (token === ME) return purpose === 'manage' ? findSignedIn(site, request) : undefined
  const row = await findToken(site.db, purpose, token, site.now())
  const subscriber = row && (await findSubscriber(site.db, row.subscriber_id))
  return row && subscriber ? { subscriber, row } : undefined
}

/**
 * The subscriber's id if this browser is signed in as them, else undefined. Buttons under papers belong to whoever is signed in;
 * on a page that was reached by its link alone they would do nothing.
 */
export async function answererOf(
  site: Site,
  request: FastifyRequest,
  { id }: SubscriberRow,
): Promise<number | undefined> {
  const signedIn = await findSignedIn(site, request)
  return signedIn?.subscriber.id === id ? id : undefined
}

/** Answers for a link that does not work, the same whatever the reason. Who is not signed in is asked for their address. */
export function showDeadLink(site: Site, reply: FastifyReply): FastifyReply {
  const { params, method } = reply.request as FastifyRequest<TokenParams>
  if (params?.token === ME && method === 'GET') return reply.redirect('/preferences', 303)
  const text =
    'It may have expired, it may be incomplete, or the subscription it belonged to is gone. Check that the whole address was copied, or have a new link mailed to you.'
  const links = [
    { label: 'Mail me a link to my preferences', url: '/preferences' },
    { label: 'Subscribe', url: '/#subscribe' },
  ]
  return showMessage(site, reply, { title: 'This link does not work', text, links }, 404)
}
