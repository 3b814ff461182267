import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify'

const METHODS: HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/**
 * Watches the routes that are added from now on. The function it gives back ends that and answers every other method
 * of these addresses with 405 and `Allow` (RFC 9110 §15.5.6), before a body is read.
 */
export function refuseOtherMethods(
  server: FastifyInstance,
  refuse: (request: FastifyRequest, reply: FastifyReply) => FastifyReply,
): () => void {
  const allowed = new Map<string, Set<string>>()
  let watching = true
  server.addHook('onRoute', ({ url, method }) => {
    if (!watching || url.includes('*') || url.startsWith('/admin/queues')) return
    const known = allowed.get(url) ?? new Set()
    for (const name of [method].flat()) known.add(name)
    allowed.set(url, known)
  })
  return () => {
    watching = false
    for (const [url, known] of allowed) {
      const onRequest = async (request: FastifyRequest, reply: FastifyReply) =>
        refuse(request, reply.header('allow', [...known].join(', ')))
      const others = METHODS.filter((method) => !known.has(method))
      server.route({ url, method: others, exposeHeadRoute: false, onRequest, handler: onRequest })
    }
  }
}
