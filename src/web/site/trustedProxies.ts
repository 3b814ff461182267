import { networkInterfaces } from 'node:os'

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
