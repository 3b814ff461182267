import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Db } from '../../db/engine/connect.ts'
import type { SubscriberRow, TokenRow } from '../../db/engine/schema.ts'
import { findSubscriber } from '../../db/subscribers/subscribers.ts'
import { createToken, deleteToken, findToken, TOKEN_LIFETIME_MS } from '../../db/subscribers/tokens.ts'
import { cookieName, cookieOptions } from './cookies.ts'

/** What of the site is needed here. */
interface Door {
  db: Db
  config: { publicUrl: string }
  secure: boolean
  now(): Date
}

/** Stands in an address for the token of a mail's link: whoever is signed in. */
export const ME = 'me'

/** Whose pages are asked for. */
export interface Holder {
  subscriber: SubscriberRow
  row: TokenRow
}

/**
 * Signs a subscriber in on this browser. The cookie holds a token of its own, so the link it came from is in no cookie and
 * may expire.
 */
export async function signIn(site: Door, reply: FastifyReply, subscriberId: number): Promise<void> {
  const token = await createToken(site.db, { purpose: 'session', subscriberId }, site.now())
  reply.setCookie(cookieName(site, 'me'), token, {
    ...cookieOptions(site),
    sameSite: 'lax',
    maxAge: TOKEN_LIFETIME_MS.session / 1000,
  })
}

/** Ends the session of this browser. */
export async function signOut(site: Door, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const token = sessionToken(site, request)
  if (token !== undefined) await deleteToken(site.db, token)
  reply.clearCookie(cookieName(site, 'me'), { ...cookieOptions(site), sameSite: 'lax' })
}

/** Whether the browser says that it is signed in. Whether it still is, `findSignedIn` tells. */
export function hasSession(site: Door, request: FastifyRequest): boolean {
  return sessionToken(site, request) !== undefined
}

/**
 * The subscriber whose browser this is. Forms of these pages have no token against forged requests: the cookie does not
 * come along with requests that other sites send (SameSite), and no write of another site gets here (`addOriginCheck`).
 */
export async function findSignedIn(site: Door, request: FastifyRequest): Promise<Holder | undefined> {
  const token = sessionToken(site, request)
  if (token === undefined) return undefined
  const row = await findToken(site.db, 'session', token, site.now())
  const subscriber = row && (await findSubscriber(site.db, row.subscriber_id))
  return row && subscriber ? { subscriber, row } : undefined
}

function sessionToken(site: Door, request: FastifyRequest): string | undefined {
  const cookie = request.cookies?.[cookieName(site, 'me')]
  const unsigned = cookie === undefined ? undefined : request.unsignCookie(cookie)
  return unsigned?.valid ? unsigned.value : undefined
}
