import { createHmac } from 'node:crypto'
import cookie from '@fastify/cookie'
import csrf from '@fastify/csrf-protection'
import formbody from '@fastify/formbody'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance } from 'fastify'
import { passwordMark } from '../../secrets.ts'
import { cookieName, cookieOptions } from './cookies.ts'
import type { Site } from './site.ts'

/** Per client address (IPv6: per /64) and minute; routes that cost more set their own. */
const REQUESTS_PER_MINUTE = 300

type Directives = Record<string, string[]>

/** Our pages: everything from here, nothing inline, no frames around them. */
const PAGE_POLICY: Directives = {
  'default-src': ["'self'"],
  'base-uri': ["'none'"],
  'object-src': ["'none'"],
  'form-action': ["'self'"],
  'frame-ancestors': ["'none'"],
}

/** For HTML that was made for mail programs: inline styles, and nothing else, neither scripts nor requests. */
export const MAIL_POLICY: Directives = {
  'default-src': ["'none'"],
  'style-src': ["'unsafe-inline'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
}

/** Header fields, cookies, form tokens, limits and form bodies, for all pages. */
export async function addSecurity(server: FastifyInstance, site: Site): Promise<void> {
  await server.register(helmet, {
    contentSecurityPolicy: contentSecurityPolicy(site, PAGE_POLICY),
    // Links carry secret tokens: no other site may learn the address of the page that led to it. Ours must not be kept from
    // itself either, because a browser then hides the origin of our own forms too.
    referrerPolicy: { policy: 'same-origin' },
    strictTransportSecurity: site.secure ? { maxAge: 180 * 24 * 60 * 60 } : false,
    frameguard: { action: 'deny' },
    // The inbox frames a page of its own origin in a sandbox; origin keying would only warn about it.
    originAgentCluster: false,
  })
  await server.register(cookie, { secret: cookieKey(site) })
  await server.register(csrf, {
    cookieKey: cookieName(site, 'csrf'),
    cookieOpts: { ...cookieOptions(site), sameSite: 'lax' },
  })
  await server.register(rateLimit, { max: REQUESTS_PER_MINUTE, timeWindow: '1 minute' })
  await server.register(formbody)
  server.addHook('onRequest', async (request, reply) => {
    // Most pages are one person's; those that may be kept say so themselves.
    reply.header('cache-control', 'no-store')
    if (!isPublic(request.routeOptions.url)) reply.header('x-robots-tag', 'noindex, nofollow')
  })
}

/** A content security policy (W3C CSP 3) of exactly these directives; over https insecure requests are upgraded. */
export function contentSecurityPolicy(site: Site, directives: Directives) {
  const all = site.secure ? { ...directives, 'upgrade-insecure-requests': [] } : directives
  return { useDefaults: false, directives: all }
}

/** Hangs on the admin password too: changing it ends all sessions. */
function cookieKey({ secrets }: Site): string {
  return createHmac('sha256', secrets.secret)
    .update(`cookies ${passwordMark(secrets.adminPassword)}`)
    .digest('hex')
}

/** What search engines may list. */
const PUBLIC = ['/', '/trending', '/papers/:id']

function isPublic(route: string | undefined): boolean {
  return route !== undefined && PUBLIC.includes(route)
}
