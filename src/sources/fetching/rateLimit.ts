/**
 * What an answer's headers ask of the requests to come: RFC 9110 §10.2.3 (Retry-After) and
 * draft-ietf-httpapi-ratelimit-headers-09 (`RateLimit: "api";r=0;t=42`, `RateLimit-Policy: "api";q=500;w=300`).
 */

export type Headers = Record<string, string | string[] | undefined>

/** Milliseconds; absent: nothing was asked. */
export interface HostWish {
  /** Leave this host alone for so long. */
  waitMs?: number
  /** From now on at least so long between two requests. */
  gapMs?: number
}

const SECOND = 1_000
const LONGEST_WAIT = 24 * 3_600 * SECOND
/** For a host that says "too many" and not how long to wait. */
const DEFAULT_WAIT = 60 * SECOND

/** The wish of a whole answer, also of a good one: a quota that this request used up is a wish to wait. */
export function wishOf(status: number, headers: Headers): HostWish {
  const isBusy = status === 429 || status === 503
  const asked = isBusy ? retryAfterOf(headers) : exhaustedFor(headers)
  const waitMs = asked ?? (status === 429 ? DEFAULT_WAIT : undefined)
  const gapMs = policyGap(headers)
  return { ...(waitMs === undefined ? {} : { waitMs }), ...(gapMs === undefined ? {} : { gapMs }) }
}

/**
 * The wait that an answer that is no page asks for, in milliseconds: Retry-After in seconds, or as a date, which is
 * compared with the answer's own Date so that a wrong clock does no harm; else the time to the reset of RateLimit.
 */
export function retryAfterOf(headers: Headers): number | undefined {
  const retryAfter = textOf(headers['retry-after']).trim()
  if (/^\d{1,9}$/.test(retryAfter)) return bounded(Number(retryAfter) * SECOND)
  const wait = Date.parse(retryAfter) - Date.parse(textOf(headers.date))
  if (!Number.isNaN(wait)) return bounded(wait)
  return exhaustedFor(headers) ?? longest(itemsOf(headers.ratelimit).map(({ t }) => t))
}

/** The time until the last of the quotas that are used up (`r=0`) is filled again. */
function exhaustedFor(headers: Headers): number | undefined {
  return longest(itemsOf(headers.ratelimit).flatMap(({ r, t }) => (r === 0 ? [t] : [])))
}

/** The gap between requests at which none of the quotas, each of `q` requests in `w` seconds, is ever used up. */
function policyGap(headers: Headers): number | undefined {
  const policies = itemsOf(headers['ratelimit-policy'])
  return longest(
    policies.map(({ q, w }) => (q !== undefined && w !== undefined && q > 0 ? w / q : undefined)),
  )
}

/** The number parameters of each item of a list; commas and semicolons inside quotes do not occur in practice. */
function itemsOf(header: string | string[] | undefined): Partial<Record<string, number>>[] {
  return textOf(header)
    .slice(0, 2_000)
    .split(',')
    .map((item) =>
      Object.fromEntries(
        [...item.matchAll(/;\s*([a-z]+)=(\d{1,9})(?=\s*(?:;|$))/g)].map(([, name, n]) => [name, Number(n)]),
      ),
    )
}

/** The longest of some times in seconds, in milliseconds; undefined for none. */
function longest(seconds: (number | undefined)[]): number | undefined {
  const known = seconds.filter((time) => time !== undefined)
  return known.length === 0 ? undefined : bounded(Math.max(...known) * SECOND)
}

function bounded(wait: number): number {
  return Math.min(Math.max(wait, 0), LONGEST_WAIT)
}

function textOf(header: string | string[] | undefined): string {
  return Array.isArray(header) ? header.join(', ') : (header ?? '')
}
