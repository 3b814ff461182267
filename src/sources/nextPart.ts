/** A list in more parts than this goes on at its next fetch, or is asked for too widely. */
export const MOST_PARTS = 30

/**
 * Where a list that comes in parts goes on: `next` is an address, as feeds and APIs give it, or a resumption token of
 * OAI-PMH (https://www.openarchives.org/OAI/openarchivesprotocol.html#FlowControl: with it nothing but the verb is sent).
 * `address` is that of the part before. Undefined where it leads to another host, to no http(s) address, or back to the same part.
 */
export function nextPartAddress(address: string, next: string): string | undefined {
  const here = new URL(address)
  const verb = here.searchParams.get('verb')
  const target = verb === null ? next : `?verb=${verb}&resumptionToken=${encodeURIComponent(next)}`
  if (!URL.canParse(target, address)) return undefined
  const there = new URL(target, address)
  return there.origin === here.origin && there.href !== here.href ? there.href : undefined
}
