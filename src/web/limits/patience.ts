import type { FastifyInstance, FastifyRequest } from 'fastify'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The body may be large: it may take as long as it likes while bytes come. */
    takesLong?: true
  }
}

const SECOND = 1000
/** A whole request, unless its route takes long. */
const WHOLE = 20 * SECOND
/** Without a byte, on a route that takes long. */
const SILENCE = 30 * SECOND

/**
 * Ends requests that come too slowly, so that a client that sends a byte now and then holds neither a connection nor a
 * shutdown.
 */
export function addPatience(server: FastifyInstance): void {
  server.server.headersTimeout = WHOLE
  server.addHook('onRequest', async (request) => {
    // A request without a body is complete; one that no connection brought does not say.
    if (request.raw.complete !== false) return
    const timer = request.routeOptions.config.takesLong ? endIfSilent(request) : endIfUnfinished(request)
    timer.unref()
    request.raw.once('close', () => clearInterval(timer))
  })
}

function endIfUnfinished({ raw }: FastifyRequest): NodeJS.Timeout {
  return setInterval(() => {
    if (!raw.complete) raw.socket.destroy()
  }, WHOLE)
}

function endIfSilent({ raw }: FastifyRequest): NodeJS.Timeout {
  let before = -1
  return setInterval(() => {
    if (!raw.complete && raw.socket.bytesRead === before) raw.socket.destroy()
    before = raw.socket.bytesRead
  }, SILENCE)
}
