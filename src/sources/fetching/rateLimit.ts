/**
 * Reads what an answer's headers ask of later requests: RFC 9110 §10.2.3 (Retry-After) and
 * draft-ietf-httpapi-ratelimit-headers-09 (`RateLimit: "api";r=0;t=42`, `RateLimit-Policy: "api";q=500;w=300`).
 */

export type Headers = Record<string, string | string[] | undefined>

/** The host's wishes in milliseconds; absent: no wish. */
export interface HostWish {
  /** Send no request for this long. */
  waitMs?: number
  /** Keep at least this much time between two requests from now on. */
  gapMs?: number
}

const SECOND = 1_000
const LONGEST_WAIT = 24 * 3_600 * SECOND
/** The wait for a host that says "too many" without saying how long to wait. */
const DEFAULT_WAIT = 60 * SECOND

/** The wish of an answer, of a successful one too: if this request used up a quota, the host asks us to wait. */
export function wishOf(status: number, headers: Headers): HostWish {
  const isBusy = status === 429 || status === 503
  const asked = isBusy ? retryAfterOf(headers) : exhaustedFor(headers)
  const waitMs = asked ?? (status === 429 ? DEFAULT_WAIT : undefined)
  const gapMs = policyGap(headers)
  return { ...(waitMs === undefined ? {} : { waitMs }), ...(gapMs === undefined ? {} : { gapMs }) }
}

/**
 * The wait in milliseconds that an answer without a page asks for. Retry-After gives seconds or a date; a date is
 * compared with the answer's own Date, so a wrong clock does no harm. Otherwise the time to the reset of RateLimit
 * counts.
 */
export function retryAfterOf(headers: Headers): number | undefined {
  const retryAfter = textOf(headers['retry-after']).trim()
  if (/^\d{1,9}$/.test(retryAfter)) return bounded(Number(retryAfter) * SECOND)
  const wait = Date.parse(retryAfter) - Date.parse(textOf(headers.date))
  if (!Number.isNaN(wait)) return bounded(wait)
  return exhaustedFor(headers) ?? longest(itemsOf(headers.ratelimit).map(({ t }) => t))
}

/** The time until the last used-up quota (`r=0`) is filled again. */
function exhaustedFor(headers: Headers): number | undefined {
  return longest(itemsOf(headers.ratelimit).flatMap(({ r, t }) => (r === 0 ? [t] : [])))
}

/** The gap between requests at which no quota, of `q` requests in `w` seconds, is ever used up. */
function policyGap(headers: Headers): number | undefined {
  const policies = itemsOf(headers['ratelimit-policy'])
  return longest(
    policies.map(({ q, w }) => (q !== undefined && w !== undefined && q > 0 ? w / q : undefined)),
  )
}

/** The numeric parameters of each item of a list. Commas and semicolons inside quotes do not occur in practice. */
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

/** The longest of some times in seconds, in milliseconds; undefined if there are none. */
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
