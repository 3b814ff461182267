import { Agent, type Dispatcher } from 'undici'
import { PermanentError, TemporaryError } from '../errors.ts'
import { checkAddress, guardedLookup } from './addressGuard.ts'
import { answerError } from './answerError.ts'
import { readBody } from './body.ts'

export interface Timeouts {
  /** To find the host and connect. */
  connectMs: number
  /** From the request to the answer's headers. */
  headersMs: number
  /** Between two pieces of the body. */
  idleMs: number
  /** All of it, redirects included. */
  totalMs: number
}

export interface FetcherOptions {
  /** Says who asks, with a contact. */
  userAgent: string
  /** Opens loopback and private networks: for a source on the same machine. */
  allowPrivate: boolean
  timeouts?: Partial<Timeouts>
}

/** What the last answer said, sent back so that an unchanged page is not sent again (RFC 9110 §13). */
export interface Validators {
  etag?: string
  lastModified?: string
}

export interface FetchedPage extends Validators {
  kind: 'page'
  /** The bytes as the source has them: transfer compression is undone, nothing else. */
  body: Buffer
  contentType?: string
  /** Where the page came from in the end, after redirects. */
  finalAddress: string
}

export type Fetched = FetchedPage | { kind: 'unchanged' }

export interface Fetcher {
  /**
   * Gets a page. Throws TemporaryError where a later try may help (429, 5xx, time-outs, broken connections; with
   * `retryAfterMs` where the host said it), PermanentError where it cannot (4xx, refused addresses, too large).
   */
  get(address: string, validators?: Validators): Promise<Fetched>
  /** Closes the connections. */
  close(): Promise<void>
}

const DEFAULT_TIMEOUTS: Timeouts = { connectMs: 10_000, headersMs: 30_000, idleMs: 20_000, totalMs: 90_000 }
const MAX_REDIRECTS = 5
const REDIRECTS = new Set([301, 302, 303, 307, 308])

type Answer = Dispatcher.ResponseData

/** Makes a fetcher with its own connections; whoever makes it closes it. */
export function createFetcher({ userAgent, allowPrivate, timeouts }: FetcherOptions): Fetcher {
  const limits = { ...DEFAULT_TIMEOUTS, ...timeouts }
  const agent = new Agent({
    connect: { lookup: guardedLookup(allowPrivate), timeout: limits.connectMs },
    headersTimeout: limits.headersMs,
    bodyTimeout: limits.idleMs,
    connections: 2,
  })
  const headers = { 'user-agent': userAgent, accept: '*/*', 'accept-encoding': 'gzip, br' }

  // Each hop passes here: what a host asks for (robots.txt, its pace) is to be heeded here.
  async function request(url: URL, validators: Validators, signal: AbortSignal): Promise<Answer> {
    return agent.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: 'GET',
      headers: { ...headers, ...conditions(validators) },
      signal,
    })
  }

  async function follow(address: string, validators: Validators, signal: AbortSignal): Promise<Fetched> {
    let url = checkAddress(address, allowPrivate)
    for (let hops = 0; hops <= MAX_REDIRECTS; hops += 1) {
      const answer = await request(url, validators, signal)
      const target = redirectTarget(answer, url)
      if (target === undefined) return fetchedOf(answer, url, validators)
      await answer.body.dump()
      url = checkAddress(target, allowPrivate)
    }
    throw new PermanentError(
      `expected a page after at most ${MAX_REDIRECTS} redirects, got another one to ${url.href}`,
    )
  }

  return {
    async get(address, validators = {}) {
      const signal = AbortSignal.timeout(limits.totalMs)
      try {
        return await follow(address, validators, signal)
      } catch (error) {
        throw describe(error, address, signal, limits)
      }
    },
    close: () => agent.destroy(),
  }
}

function conditions({ etag, lastModified }: Validators): Record<string, string> {
  return {
    ...(etag === undefined ? {} : { 'if-none-match': etag }),
    ...(lastModified === undefined ? {} : { 'if-modified-since': lastModified }),
  }
}

function redirectTarget(answer: Answer, url: URL): string | undefined {
  const location = headerOf(answer, 'location')
  if (!REDIRECTS.has(answer.statusCode) || location === undefined) return undefined
  return URL.canParse(location, url.href) ? new URL(location, url).href : location
}

async function fetchedOf(answer: Answer, url: URL, validators: Validators): Promise<Fetched> {
  const isConditional = validators.etag !== undefined || validators.lastModified !== undefined
  if (answer.statusCode === 304 && isConditional) {
    await answer.body.dump()
    return { kind: 'unchanged' }
  }
  if (answer.statusCode !== 200) {
    await answer.body.dump()
    throw answerError(answer.statusCode, answer.headers)
  }
  return {
    kind: 'page',
    body: await readBody(answer.body, headerOf(answer, 'content-encoding')),
    etag: headerOf(answer, 'etag'),
    lastModified: headerOf(answer, 'last-modified'),
    contentType: headerOf(answer, 'content-type'),
    finalAddress: url.href,
  }
}

function headerOf({ headers }: Answer, name: string): string | undefined {
  const value = headers[name]
  return Array.isArray(value) ? value[0] : value
}

/** Puts the address before the reason; what nobody foresaw is a broken connection, and may be better later. */
function describe(error: unknown, address: string, signal: AbortSignal, limits: Timeouts): Error {
  const at = `[GET] ${JSON.stringify(address)}`
  if (error instanceof PermanentError)
    return new PermanentError(`${at}: ${error.message}`, { cause: error.cause })
  if (error instanceof TemporaryError) {
    return new TemporaryError(`${at}: ${error.message}`, {
      cause: error.cause,
      retryAfterMs: error.retryAfterMs,
    })
  }
  if (signal.aborted)
    return new TemporaryError(`${at}: expected an answer within ${limits.totalMs} ms, it took longer`)
  const { code, message } = error as NodeJS.ErrnoException
  return new TemporaryError(`${at}: expected an answer, got ${message || code || 'a broken connection'}`, {
    cause: error,
  })
}
