import type { Lookup } from './lookup.ts'

/** RFC 7208 §4.6.4. */
const MOST_LOOKUPS = 10
const COSTS_LOOKUP = /^[+?~-]?(?:include:|a(?:[:/]|$)|mx(?:[:/]|$)|ptr(?:[:]|$)|exists:|redirect=)/i

/** What is wrong with a domain's SPF record; an empty list if nothing is. `none`: there is no record. */
export interface SpfFinding {
  problems: string[]
  record: string | undefined
}

/** Checks the SPF record of the domain that sends the envelope (RFC 7208). */
export async function checkSpf(domain: string, lookup: Lookup): Promise<SpfFinding> {
  const records = (await lookup.txt(domain)).filter(isSpf)
  const [record] = records
  if (record === undefined) return { problems: ['no SPF record'], record }
  if (records.length > 1) return { problems: [`${records.length} SPF records; only one is allowed`], record }
  const problems: string[] = []
  if (/(?:^|\s)\+?all(?:\s|$)/i.test(record)) problems.push('it lets everybody send (all without - or ~)')
  else if (!/(?:^|\s)[~-]all(?:\s|$)|redirect=/i.test(record))
    problems.push('it does not end with -all or ~all')
  const lookups = await countLookups(record, lookup, new Set([domain]))
  if (lookups > MOST_LOOKUPS) problems.push(`it needs more than ${MOST_LOOKUPS} look-ups`)
  return { problems, record }
}

function isSpf(text: string): boolean {
  return /^v=spf1(?:\s|$)/i.test(text)
}

async function countLookups(record: string, lookup: Lookup, seen: Set<string>): Promise<number> {
  let count = 0
  for (const term of record.split(/\s+/)) {
    if (!COSTS_LOOKUP.test(term)) continue
    count += 1
    const next = /^[+?~-]?include:(.+)$|^redirect=(.+)$/i.exec(term)
    const name = (next?.[1] ?? next?.[2])?.toLowerCase()
    if (name === undefined || name.includes('%') || seen.has(name) || count > MOST_LOOKUPS) continue
    const included = (await lookup.txt(name)).find(isSpf)
    if (included !== undefined) count += await countLookups(included, lookup, new Set([...seen, name]))
  }
  return count
}
