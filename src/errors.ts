/**
 * What retries and what does not. A message says what was expected, what came, where and what to do, in one line.
 */

/** Trying again cannot help: bad input, a refused address, a wrong setting. The job fails at once. */
export class PermanentError extends Error {
  override name = 'PermanentError'
}

/** The command was used wrongly: exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError'
}

/** Trying again later may help. `retryAfterMs`: how long the other side asked us to wait, if it said so. */
export class TemporaryError extends Error {
  override name = 'TemporaryError'
  readonly retryAfterMs: number | undefined
  constructor(message: string, options: ErrorOptions & { retryAfterMs?: number } = {}) {
    super(message, options)
    this.retryAfterMs = options.retryAfterMs
  }
}

/** The one line a person reads of any thrown value, causes included where they add something. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return oneLine(String(error))
  const cause = error.cause === undefined ? '' : reasonOf(error.cause)
  const own = oneLine(error.message || error.name)
  return cause === '' || own.includes(cause) ? own : `${own}: ${cause}`
}

function oneLine(text: string): string {
  return visible(text.replace(/\s+/g, ' ').trim().slice(0, 500))
}

/** Line ends too. What turns the direction of writing can make a line say something else than it does. */
const STEERING = /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu

/**
 * A text on one line in which signs that steer a terminal are written out, as JSON writes them: titles come from pages, names
 * from files that anybody made. JSON stays what it was.
 */
export function visible(text: string): string {
  return text.replace(STEERING, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
