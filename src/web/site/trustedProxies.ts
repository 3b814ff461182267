import { networkInterfaces } from 'node:os'
import type { FastifyRequest } from 'fastify'

/**
 * The addresses whose X-Forwarded-For is believed, in the words of Fastify. `self`: this machine, by its loopback and its
 * own addresses, from which nobody else can connect; `private`: private networks, as those of containers.
 */
export function trustedAddresses(setting: readonly string[]): string[] {
  return setting.flatMap((word) => {
    if (word.toLowerCase() === 'self') return ['loopback', ...ownAddresses()]
    return word.toLowerCase() === 'private' ? ['uniquelocal'] : [word]
  })
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((addresses) =>
    (addresses ?? []).map(({ address }) => address.replace(/%.*$/, '')),
  )
}

/**
 * The name in a header by which a proxy says whom it has logged in; undefined unless the request comes from a trusted
 * proxy: one with a trusted address that names the visitor's address in X-Forwarded-For. A header that came twice names nobody.
 */
export function userByProxy(request: FastifyRequest, header: string): string | undefined {
  const isFromProxy = (request.ips?.length ?? 0) > 1
  const name = request.headers[header]
  const times = request.raw.rawHeaders.filter(
    (text, index) => index % 2 === 0 && text.toLowerCase() === header,
  )
  if (!isFromProxy || typeof name !== 'string' || times.length !== 1) return undefined
  return name.trim() || undefined
}
