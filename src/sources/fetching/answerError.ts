import { STATUS_CODES } from 'node:http'
import { PermanentError, RefusedError, TemporaryError } from '../../errors.ts'
import { type Headers, retryAfterOf } from './rateLimit.ts'

const SECOND = 1_000
/** The 4xx answers after which a later try may succeed. */
const LATER = new Set([408, 425, 429])
/** Answers with which a host refuses us, whatever page we ask for. */
const REFUSALS = new Set([401, 403, 407, 451])

/** The error for an answer without a page: temporary, with the wait that the host asked for, or permanent. */
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

/** AWS WAF (in front of Hugging Face) and Cloudflare mark a bot check in a header, whatever the status. */
function isBotCheck(headers: Headers): boolean {
  return headers['x-amzn-waf-action'] !== undefined || headers['cf-mitigated'] !== undefined
}

/** Whether a fetch failed because the host refused us, for good or for a time that it named. */
export function isTurnedAway(error: unknown): boolean {
  return (
    error instanceof RefusedError || (error instanceof TemporaryError && error.retryAfterMs !== undefined)
  )
}
