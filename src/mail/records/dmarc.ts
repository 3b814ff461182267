import type { Lookup } from './lookup.ts'

/** What a domain asks receivers to do with mail that only claims to be of it (RFC 9989). */
export interface DmarcFinding {
  problems: string[]
  /** The organizational domain: names below it are aligned with each other. */
  organization: string
  record: string | undefined
}

/** RFC 9989 §4.10: at most eight questions on the way up the tree. */
const MOST_QUESTIONS = 8
/** Tags of RFC 7489 that RFC 9989 took away. */
const GONE_TAGS = ['pct', 'rf', 'ri']

/** Finds the policy for a domain: its own record, or that of the nearest name above that has one. */
export async function checkDmarc(domain: string, lookup: Lookup): Promise<DmarcFinding> {
  const found: { name: string; records: string[] }[] = []
  for (const name of namesUp(domain)) {
    const records = (await lookup.txt(`_dmarc.${name}`)).filter((text) => /^v=DMARC1\s*(?:;|$)/.test(text))
    if (records.length > 0) found.push({ name, records })
    if (records.some((text) => tagsOf(text).get('psd') === 'n')) break
  }
  const organization = organizationOf(found, domain)
  const [own] = found
  if (own === undefined) return { problems: ['no DMARC record'], organization, record: undefined }
  const [record = ''] = own.records
  if (own.records.length > 1) {
    return {
      problems: [`${own.records.length} DMARC records at _dmarc.${own.name}; only one is allowed`],
      organization,
      record,
    }
  }
  return { problems: problemsOf(tagsOf(record)), organization, record }
}

/** RFC 9989 §4.10.2: the name marked psd=n, the one below a public suffix (psd=y), or the highest with a record. */
function organizationOf(found: { name: string; records: string[] }[], domain: string): string {
  const marked = found.find(({ records }) => tagsOf(records[0]!).get('psd') === 'n')
  if (marked) return marked.name
  const highest = found.at(-1)
  if (highest === undefined) return domain
  if (tagsOf(highest.records[0]!).get('psd') !== 'y' || highest.name === domain) return highest.name
  const labels = domain.split('.')
  return labels.slice(-highest.name.split('.').length - 1).join('.')
}

function namesUp(domain: string): string[] {
  const labels = domain.split('.')
  const names = labels.map((_, at) => labels.slice(at).join('.'))
  if (names.length <= MOST_QUESTIONS) return names
  return [domain, ...names.slice(1 - MOST_QUESTIONS)]
}

function tagsOf(record: string): Map<string, string> {
  const pairs = record.split(';').map((part) => /^\s*([a-z]+)\s*=\s*(.*?)\s*$/i.exec(part))
  return new Map(pairs.flatMap((pair) => (pair ? [[pair[1]!.toLowerCase(), pair[2]!] as const] : [])))
}

function problemsOf(tags: Map<string, string>): string[] {
  const problems: string[] = []
  if (!/^(?:none|quarantine|reject)$/i.test(tags.get('p') ?? ''))
    problems.push('it has no policy (p=none, quarantine or reject)')
  const gone = GONE_TAGS.filter((tag) => tags.has(tag))
  if (gone.length > 0) problems.push(`it has ${gone.join(', ')}, which no longer count; take them out`)
  if (tags.get('t') === 'y')
    problems.push('it is marked as a test (t=y), so the policy is not applied in full')
  return problems
}

/** Whether two domains are aligned in the relaxed way: of one organization. */
export function isAligned(one: string, other: string, organization: string): boolean {
  const isBelow = (name: string) => name === organization || name.endsWith(`.${organization}`)
  return one === other || (isBelow(one) && isBelow(other))
}
