import { STATUS_CODES } from 'node:http'
import { PermanentError, TemporaryError } from '../../errors.ts'
import { type Headers, retryAfterOf } from './rateLimit.ts'

const SECOND = 1_000
/** Of the 4xx answers those that a later try may turn into a page. */
const LATER = new Set([408, 425, 429])
/** Answers by which a host turns us away, whatever we ask for there. */
const REFUSALS = new Set([401, 403, 407, 451])

/** The host does not want us to have this page: its robots.txt says so, or its answer. */
export class RefusedError extends PermanentError {}

/** The error for an answer that is no page: temporary with the wait the host asked for, or permanent. */
export function answerError(status: number, headers: Headers): PermanentError | TemporaryError {
  const text = `${status} ${STATUS_CODES[status] ?? 'unknown status'}`
  if (isBotCheck(headers))
    return new RefusedError(`${text}, a bot check: fetch less often, or use the source's API`)
  if (status < 500 && !LATER.has(status)) {
    const reason = `${text}: check the address in a browser`
    return REFUSALS.has(status) ? new RefusedError(reason) : new PermanentError(reason)
  }
  const retryAfterMs = retryAfterOf(headers)
  const wait = retryAfterMs === undefined ? '' : `, asked to wait ${Math.ceil(retryAfterMs / SECOND)} s`
  return new TemporaryError(text + wait, { retryAfterMs })
}

/** AWS WAF (in front of Hugging Face) and Cloudflare mark a challenge in a header, whatever its status. */
function isBotCheck(headers: Headers): boolean {
  return headers['x-amzn-waf-action'] !== undefined || headers['cf-mitigated'] !== undefined
}

/** Whether a fetch failed because the host turned us away, for good or for a time it named. */
export function isTurnedAway(error: unknown): boolean {
  return (
    error instanceof RefusedError || (error instanceof TemporaryError && error.retryAfterMs !== undefined)
  )
}
