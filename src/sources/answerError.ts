import { STATUS_CODES } from 'node:http'
import { PermanentError, TemporaryError } from '../errors.ts'

type Headers = Record<string, string | string[] | undefined>

const SECOND = 1_000
const LONGEST_WAIT = 24 * 3_600 * SECOND
/** Of the 4xx answers those that a later try may turn into a page. */
const LATER = new Set([408, 425, 429])

/** The error for an answer that is no page: temporary with the wait the host asked for, or permanent. */
export function answerError(status: number, headers: Headers): PermanentError | TemporaryError {
  const text = `${status} ${STATUS_CODES[status] ?? 'unknown status'}`
  if (status < 500 && !LATER.has(status)) return new PermanentError(`${text}: check the address in a browser`)
  const retryAfterMs = retryAfterOf(headers)
  const wait = retryAfterMs === undefined ? '' : `, asked to wait ${Math.ceil(retryAfterMs / SECOND)} s`
  return new TemporaryError(text + wait, { retryAfterMs })
}

/**
 * The wait in milliseconds: Retry-After in seconds or as a date (RFC 9110 §10.2.3), which is compared with the answer's own
 * Date so that a wrong clock does no harm; else `t` of RateLimit (draft-ietf-httpapi-ratelimit-headers-09: `"api";r=0;t=42`).
 */
export function retryAfterOf(headers: Headers): number | undefined {
  const retryAfter = String(headers['retry-after'] ?? '').trim()
  const rateLimit = /;\s*t=(\d{1,9})\b/.exec(String(headers.ratelimit ?? ''))?.[1]
  if (/^\d{1,9}$/.test(retryAfter)) return bounded(Number(retryAfter) * SECOND)
  const wait = Date.parse(retryAfter) - Date.parse(String(headers.date ?? ''))
  if (!Number.isNaN(wait)) return bounded(wait)
  return rateLimit === undefined ? undefined : bounded(Number(rateLimit) * SECOND)
}

function bounded(wait: number): number {
  return Math.min(Math.max(wait, 0), LONGEST_WAIT)
}
