import type { FastifyReply } from 'fastify'
import type { SubscriberRow, TokenPurpose, TokenRow } from '../../db/engine/schema.ts'
import { findSubscriber } from '../../db/subscribers/subscribers.ts'
import { findToken } from '../../db/subscribers/tokens.ts'
import { type Site, showMessage } from '../site/site.ts'

/** Parameters of a route whose address carries a secret token. */
export interface TokenParams {
  Params: { token: string }
}

/*
 * The forms of these pages carry no token against forged requests (CSRF): the address itself holds 256 secret bits
 * that a foreign site cannot know, no cookie gives it any power, and Referrer-Policy keeps it from leaking.
 */

/** Whose link this is; undefined for one that is none, has expired or was made for something else. */
export async function holderOf(
  site: Site,
  purpose: TokenPurpose,
  token: string,
): Promise<{ subscriber: SubscriberRow; row: TokenRow } | undefined> {
  const row = await findToken(site.db, purpose, token, site.now())
  const subscriber = row && (await findSubscriber(site.db, row.subscriber_id))
  return row && subscriber ? { subscriber, row } : undefined
}

/** Answers for a link that does not work, the same whatever the reason. */
export function showDeadLink(site: Site, reply: FastifyReply): FastifyReply {
  const text =
    'It may have expired, it may be incomplete, or the subscription it belonged to is gone. Check that the whole address was copied, or have a new link mailed to you.'
  const links = [
    { label: 'Mail me a link to my preferences', url: '/preferences' },
    { label: 'Subscribe', url: '/#subscribe' },
  ]
  return showMessage(site, reply, { title: 'This link does not work', text, links }, 404)
}
