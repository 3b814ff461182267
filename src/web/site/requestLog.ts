import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'

/** A request as it may be logged: the route's pattern, never its address, which may hold a secret token. */
export function loggerFor(log: Logger): Logger {
  const req = (request: FastifyRequest) => ({ method: request.method, route: request.routeOptions?.url })
  return log.child({}, { serializers: { req, res: (reply) => ({ status: reply.statusCode }) } })
}

/** One line for each answer: server errors at `error`, client errors at `info`, the rest at `debug`. */
export function addRequestLog(server: FastifyInstance): void {
  server.addHook('onResponse', async (request, reply) => {
    const status = reply.statusCode
    const level = status >= 500 ? 'error' : status >= 400 ? 'info' : 'debug'
    const route = request.routeOptions.url ?? '(no such page)'
    request.log[level](
      { method: request.method, route, status, ms: Math.round(reply.elapsedTime) },
      'answered',
    )
  })
}
