import { parseUrl } from '../text/parseUrl.ts'
/** The most parts of one list in one fetch. A longer list goes on at the next fetch, or its query is too wide. */
export const MOST_PARTS = 30

/**
 * The address of a list's next part. `next` is an address, as feeds and APIs give it, or a resumption token of
 * OAI-PMH (https://www.openarchives.org/OAI/openarchivesprotocol.html#FlowControl: only the verb is sent with it).
 * `address` is that of the part before.
 * Undefined if `next` leads to another host, to no http(s) address, or back to the same part.
 */
export function nextPartAddress(address: string, next: string): string | undefined {
  const here = new URL(address)
  const verb = here.searchParams.get('verb')
  const target = verb === null ? next : `?verb=${verb}&resumptionToken=${encodeURIComponent(next)}`
  const there = parseUrl(target, address)
  if (there === undefined) return undefined
  return there.origin === here.origin && there.href !== here.href ? there.href : undefined
}
