import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { parseUrl } from '../../text/parseUrl.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Takes writes that other sites’ pages send: one-click unsubscribing (RFC 8058), signed webhooks, and what only reads. */
    fromAnywhere?: boolean
  }
}

/**
 * Refuses a write that another site’s page sends, on every route that does not say otherwise, so that no new form can be
 * forgotten. Programs do not say where a request comes from; the secret that they bring decides what they may do.
 */
export function addOriginCheck(
  server: FastifyInstance,
  publicUrl: string,
  refuse: (request: FastifyRequest, reply: FastifyReply) => FastifyReply,
): void {
  server.addHook('onRequest', async (request, reply) => {
    const { fromAnywhere } = request.routeOptions.config
    if (!fromAnywhere && changes(request) && isForeign(request, publicUrl)) return refuse(request, reply)
  })
}

/** Whether a request may change something. */
export function changes({ method }: FastifyRequest): boolean {
  return method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS'
}

/**
 * Whether the browser says that another site sent a request: Fetch Metadata (W3C), which every current browser sends and no page can
 * forge, or `Origin` (RFC 6454).
 */
function isForeign({ headers }: FastifyRequest, publicUrl: string): boolean {
  const { 'sec-fetch-site': from, origin, host } = headers
  if (typeof from === 'string') return from !== 'same-origin' && from !== 'none'
  return origin !== undefined && origin !== publicUrl && parseUrl(origin)?.host !== host
}

/** Whether the browser says where a request comes from. */
export function namesOrigin({ headers }: FastifyRequest): boolean {
  return headers['sec-fetch-site'] !== undefined || headers.origin !== undefined
}
