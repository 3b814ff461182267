/**
 * The errors that are retried and those that are not. A message is one line: what was expected, what came, where,
 * what to do.
 */

/** Trying again cannot help: bad input, a refused address, a wrong setting. The job fails at once. */
export class PermanentError extends Error {
  override name = 'PermanentError'
}

/** The host does not want us to have this page: its robots.txt, its answer or a bot check says so. */
export class RefusedError extends PermanentError {}

/** The command was used wrongly: exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError'
}

/** Trying again later may help. `retryAfterMs`: how long the other side asked us to wait, if it did. */
export class TemporaryError extends Error {
  override name = 'TemporaryError'
  readonly retryAfterMs: number | undefined
  constructor(message: string, options: ErrorOptions & { retryAfterMs?: number } = {}) {
    super(message, options)
    this.retryAfterMs = options.retryAfterMs
  }
}

/** One line for people about any thrown value. It includes the causes if they add something. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return oneLine(String(error))
  const cause = error.cause === undefined ? '' : reasonOf(error.cause)
  const own = oneLine(error.message || error.name)
  return cause === '' || own.includes(cause) ? own : `${own}: ${cause}`
}

function oneLine(text: string): string {
  return visible(text.replace(/\s+/g, ' ').trim().slice(0, 500))
}

/**
 * Control characters, line ends and characters that change the direction of writing. The last can make a line read as
 * something else.
 */
const STEERING = /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu

/**
 * The text on one line, with control characters escaped as JSON escapes them. Titles come from pages and names from
 * files that anyone may have made. JSON text keeps its meaning.
 */
export function visible(text: string): string {
  return text.replace(STEERING, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** Gives what the work gives, or rejects with the signal's reason as soon as that is aborted. The work is not stopped. */
export function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const fail = () => reject(signal.reason)
    if (signal.aborted) fail()
    signal.addEventListener('abort', fail, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', fail))
  })
}
