import { Resolver } from 'node:dns/promises'
import { PermanentError, reasonOf } from '../../errors.ts'

/** Looks up what the DNS says of a name. What does not exist is an empty list. */
export interface Lookup {
  txt(name: string): Promise<string[]>
  /** Names of mail exchangers. */
  mx(name: string): Promise<string[]>
  addresses(name: string): Promise<string[]>
  /** The names of an address (PTR). */
  names(address: string): Promise<string[]>
}

const NOT_THERE = new Set(['ENOTFOUND', 'ENODATA'])

/**
 * Asks a DNS server, by default those of this machine. Every look-up throws PermanentError if no server answers.
 * @param server `host` or `host:port` by number.
 */
export function createLookup(server?: string): Lookup {
  const resolver = new Resolver({ timeout: 3000, tries: 2 })
  if (server !== undefined) resolver.setServers([server])
  const ask = async <T>(name: string, look: () => Promise<T[]>): Promise<T[]> => {
    try {
      return await look()
    } catch (error) {
      if (NOT_THERE.has((error as NodeJS.ErrnoException).code ?? '')) return []
      throw new PermanentError(`expected the DNS to answer for ${name}, got ${reasonOf(error)}; try again`)
    }
  }
  return {
    txt: async (name) => (await ask(name, () => resolver.resolveTxt(name))).map((pieces) => pieces.join('')),
    mx: async (name) => (await ask(name, () => resolver.resolveMx(name))).map(({ exchange }) => exchange),
    addresses: async (name) => [
      ...(await ask(name, () => resolver.resolve4(name))),
      ...(await ask(name, () => resolver.resolve6(name))),
    ],
    names: (address) => ask(address, () => resolver.reverse(address)),
  }
}
