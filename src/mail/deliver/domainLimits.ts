import { PermanentError } from '../../errors.ts'

/** How much mail a group of recipient domains takes; they share it. */
export interface DomainLimit {
  /** The first domain of the group. */
  name: string
  perSecond: number | undefined
  perHour: number | undefined
}

/** Finds the limit of a recipient domain; undefined if it has none. */
export type LimitOf = (domain: string) => DomainLimit | undefined

const OPTION = /^(per-second|per-hour)=(\d{1,9}(?:\.\d{1,3})?)$/
const DOMAIN = /^(?:\*|(?:[a-z0-9-]+\.)+[a-z0-9-]+)$/i

/**
 * Reads MAIL_DOMAIN_LIMITS: domains with their limits behind them, such as
 * `gmail.com googlemail.com per-second=20 per-hour=50000 * per-second=5`. `*` is each other domain by itself.
 * @throws PermanentError that says what does not fit.
 */
export function parseDomainLimits(text: string): LimitOf {
  const limits = new Map<string, DomainLimit>()
  let group: DomainLimit | undefined
  for (const word of text.trim().split(/\s+/)) {
    if (group !== undefined && addOption(group, word)) continue
    if (!DOMAIN.test(word)) throw unreadable(word)
    const domain = word.toLowerCase()
    if (group === undefined || hasLimit(group))
      group = { name: domain, perSecond: undefined, perHour: undefined }
    limits.set(domain, group)
  }
  if (group === undefined || !hasLimit(group)) throw unreadable(group?.name ?? text)
  const others = limits.get('*')
  return (domain) => limits.get(domain) ?? (others && { ...others, name: domain })
}

/** Adds an option to a group; false if the word is none. */
function addOption(group: DomainLimit, word: string): boolean {
  const [, option, number] = OPTION.exec(word) ?? []
  if (option === undefined || !(Number(number) > 0)) return false
  group[option === 'per-second' ? 'perSecond' : 'perHour'] = Number(number)
  return true
}

function hasLimit({ perSecond, perHour }: DomainLimit): boolean {
  return perSecond !== undefined || perHour !== undefined
}

function unreadable(word: string): PermanentError {
  return new PermanentError(
    `MAIL_DOMAIN_LIMITS: expected domains, or *, each with per-second= or per-hour= after it, got ${JSON.stringify(word.slice(0, 60))}; correct it, for example: gmail.com per-second=20 * per-second=5`,
  )
}
