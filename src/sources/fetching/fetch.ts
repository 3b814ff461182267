import { Agent, type Dispatcher } from 'undici'
import { PermanentError, RefusedError, TemporaryError } from '../../errors.ts'
import { parseUrl } from '../../text/parseUrl.ts'
import { checkAddress, guardedLookup } from './addressGuard.ts'
import { answerError } from './answerError.ts'
import { readBody } from './body.ts'
import { type HostWish, wishOf } from './rateLimit.ts'
import { isForPrograms, judgeRobots, type RobotsCache, type RobotsRuling } from './robots.ts'
import { readRobots } from './robotsFetch.ts'
import { createTimeBudget, type TimeBudget } from './timeBudget.ts'

export interface Timeouts {
  /** Time to resolve the host and connect. */
  connectMs: number
  /** Time from the request to the answer's headers. */
  headersMs: number
  /** Time between two pieces of the body. */
  idleMs: number
  /** Time for everything with redirects, without waiting for turns at hosts. */
  totalMs: number
}

/** Ends a turn at a host, with the wishes that the answer expressed. */
export type Release = (wish: HostWish) => Promise<void>

export interface FetcherOptions {
  /** Says who asks, and how to contact them. */
  userAgent: string
  /** Allows loopback and private networks, for a source on the same machine. */
  allowPrivate: boolean
  timeouts?: Partial<Timeouts>
  /**
   * Waits for a turn at the host of an address. Throws TemporaryError if the host wants no requests now. Default: no
   * turns are needed.
   */
  pace?: (url: URL) => Promise<Release>
  /** Keeps robots.txt files. Without it robots.txt is not read. */
  robots?: RobotsCache
}

/**
 * Validators of the last answer. They are sent back, so that the server need not send an unchanged page again (RFC
 * 9110 §13).
 */
export interface Validators {
  etag?: string
  lastModified?: string
}

export interface FetchedPage extends Validators {
  kind: 'page'
  /** The bytes as the source has them; only transfer compression is undone. */
  body: Buffer
  contentType?: string
  /** The final address, after redirects. */
  finalAddress: string
  /** A note for people about how the page was fetched. */
  warning?: string
}

export type Fetched = FetchedPage | { kind: 'unchanged'; warning?: string }

export interface Fetcher {
  /**
   * Gets a page.
   * Throws TemporaryError if a later try may help (429, 5xx, time-outs, broken connections), with `retryAfterMs` if
   * the host gave it. Throws PermanentError if it cannot help (4xx, refused addresses, too large); of these,
   * RefusedError if the host refuses us (robots.txt, 403).
   */
  get(address: string, validators?: Validators): Promise<Fetched>
  /** Closes the connections. */
  close(): Promise<void>
}

const DEFAULT_TIMEOUTS: Timeouts = { connectMs: 10_000, headersMs: 30_000, idleMs: 20_000, totalMs: 90_000 }
const ROBOTS_MS = 20_000
const MAX_REDIRECTS = 5
const REDIRECTS = new Set([301, 302, 303, 307, 308])

type Answer = Dispatcher.ResponseData
/** Asks for one page. `use` reads the answer before the turn at the host ends. */
type Visit = <T>(url: URL, validators: Validators, use: (answer: Answer) => Promise<T>) => Promise<T>

/** Makes a fetcher with its own connections; the caller closes it. */
export function createFetcher(options: FetcherOptions): Fetcher {
  const limits = { ...DEFAULT_TIMEOUTS, ...options.timeouts }
  const agent = new Agent({
    connect: { lookup: guardedLookup(options.allowPrivate), timeout: limits.connectMs },
    headersTimeout: limits.headersMs,
    bodyTimeout: limits.idleMs,
    connections: 2,
  })
  return {
    async get(address, validators = {}) {
      const budget = createTimeBudget(limits.totalMs)
      try {
        return await follow(address, validators, options, budget, agent)
      } catch (error) {
        throw describe(error, address)
      }
    },
    close: () => agent.destroy(),
  }
}

/** Follows redirects to the page. Each hop obeys the wishes of its own host. */
async function follow(
  address: string,
  validators: Validators,
  options: FetcherOptions,
  budget: TimeBudget,
  agent: Agent,
): Promise<Fetched> {
  const warnings: string[] = []
  let url = checkAddress(address, options.allowPrivate)
  for (let hops = 0; hops <= MAX_REDIRECTS; hops += 1) {
    const { warning, crawlDelayMs } = await heedRobots(url, options, agent)
    if (warning !== undefined) warnings.push(warning)
    const visit = visitor(options, budget, agent, crawlDelayMs)
    const found = await visit(url, validators, async (answer) => {
      const target = redirectTarget(answer, url)
      if (target === undefined) return fetchedOf(answer, url, validators)
      await answer.body.dump()
      return { kind: 'moved', target } as const
    })
    if (found.kind !== 'moved')
      return warnings.length === 0 ? found : { ...found, warning: warnings.join('; ') }
    url = checkAddress(found.target, options.allowPrivate)
  }
  throw new PermanentError(
    `expected a page after at most ${MAX_REDIRECTS} redirects, got another one to ${url.href}`,
  )
}

/** Makes requests, each in its turn at the host. */
function visitor({ pace, userAgent }: FetcherOptions, budget: TimeBudget, agent: Agent, gapMs = 0): Visit {
  const headers = { 'user-agent': userAgent, accept: '*/*', 'accept-encoding': 'gzip, br' }
  return async (url, validators, use) => {
    const release = await pace?.(url)
    let wish: HostWish = {}
    try {
      return await budget.spend(async (signal) => {
        const answer = await agent.request({
          origin: url.origin,
          path: url.pathname + url.search,
          method: 'GET',
          headers: { ...headers, ...conditions(validators) },
          signal,
        })
        wish = wishOf(answer.statusCode, answer.headers)
        return use(answer)
      })
    } finally {
      await release?.({ ...wish, gapMs: Math.max(gapMs, wish.gapMs ?? 0) })
    }
  }
}

/** Reads what the host's robots.txt says about an address, from the cache or fetched in its own turn. */
async function heedRobots(url: URL, options: FetcherOptions, agent: Agent): Promise<RobotsRuling> {
  const { robots, userAgent, allowPrivate } = options
  if (robots === undefined || isForPrograms(url)) return {}
  const known = await robots.find(url.origin)
  if (known !== undefined) return judgeRobots(known, url, userAgent)
  // robots.txt has its own time limit. If it never arrives, the page must still be fetched.
  const visit = visitor(options, createTimeBudget(ROBOTS_MS), agent)
  const file = await readRobots(url.origin, (address) =>
    visit(checkAddress(address, allowPrivate), {}, async (answer) => {
      const target = redirectTarget(answer, new URL(address))
      const isPage = answer.statusCode === 200
      const body = isPage ? await bodyOf(answer) : undefined
      if (!isPage) await answer.body.dump()
      return { status: answer.statusCode, target, body }
    }),
  )
  await robots.save(url.origin, file)
  return judgeRobots(file, url, userAgent)
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
  return parseUrl(location, url)?.href ?? location
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
    body: await bodyOf(answer),
    etag: headerOf(answer, 'etag'),
    lastModified: headerOf(answer, 'last-modified'),
    contentType: headerOf(answer, 'content-type'),
    finalAddress: url.href,
  }
}

function bodyOf(answer: Answer): Promise<Buffer> {
  return readBody(answer.body, {
    encoding: headerOf(answer, 'content-encoding'),
    length: headerOf(answer, 'content-length'),
  })
}

function headerOf({ headers }: Answer, name: string): string | undefined {
  const value = headers[name]
  return Array.isArray(value) ? value[0] : value
}

/**
 * Puts the address before the reason. An unforeseen error counts as a broken connection, which may be better later.
 */
function describe(error: unknown, address: string): Error {
  // An address with a password is refused, and the password must not appear in a log.
  const at = `[GET] ${JSON.stringify(address.replace(/\/\/[^/?#]*@/, '//'))}`
  if (error instanceof RefusedError)
    return new RefusedError(`${at}: ${error.message}`, { cause: error.cause })
  if (error instanceof PermanentError)
    return new PermanentError(`${at}: ${error.message}`, { cause: error.cause })
  if (error instanceof TemporaryError) {
    return new TemporaryError(`${at}: ${error.message}`, {
      cause: error.cause,
      retryAfterMs: error.retryAfterMs,
    })
  }
  const { code, message } = error as NodeJS.ErrnoException
  const advice =
    code === 'ENOTFOUND' || code === 'EAI_AGAIN' ? ': check the name of the host, and the network' : ''
  const got = message || code || 'a broken connection'
  return new TemporaryError(`${at}: expected an answer, got ${got}${advice}`, { cause: error })
}
