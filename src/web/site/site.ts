import type { FastifyPluginAsync, FastifyReply } from 'fastify'
import type { Logger } from 'pino'
import type { Config } from '../../config.ts'
import type { Db } from '../../db/engine/connect.ts'
import type { QueueState } from '../../health/facts.ts'
import type { FoundJob, JobWish } from '../../health/foundJob.ts'
import type { HealthSources } from '../../health/gatherFacts.ts'
import type { Password } from '../../secrets.ts'
import type { Fetcher } from '../../sources/fetching/fetch.ts'
import type { Context } from '../../subscribers/membership.ts'
import type { NextJob } from '../../tools.ts'
import { createGuesses, type Guesses } from '../limits/guesses.ts'
import { hasSession } from './signIn.ts'
import type { PageName, Views } from './views.ts'

/** What the web server is given. */
export interface WebDeps {
  db: Db
  config: Pick<
    Config,
    | 'publicUrl'
    | 'mailFrom'
    | 'smtpUrl'
    | 'trustedProxies'
    | 'dataDir'
    | 'databaseLimit'
    | 'backupEvery'
    | 'replayDir'
    | 'keep'
  > &
    Partial<Pick<Config, 'settings' | 'webhooks' | 'thumbnails' | 'proxyLogin'>>
  secrets: { secret: string; adminPassword: Password; viewerPassword: Password | undefined }
  /** The clock. */
  now(): Date
  /** Asks an address that an admin wants to add. */
  fetcher: Fetcher
  /** Whether the mail server takes addresses with letters beyond ASCII. Throws when it does not answer. */
  takesUtf8(): Promise<boolean>
  /** Puts jobs on their queues; the rows they come from are written by then. */
  enqueue(jobs: NextJob[]): Promise<void>
  /** The queues' own pages, with addresses that begin with /admin/queues; undefined if there are none. */
  board: FastifyPluginAsync | undefined
  /** How each step's queue stands. Throws when the queue does not answer. */
  queueStates(): Promise<QueueState[]>
  /** The jobs that work on some objects. Throws when the queue does not answer. */
  findJobs(wish: JobWish): Promise<FoundJob[]>
  /** Lets a step's queue go on that a person paused. */
  resumeQueue(step: string): Promise<void>
  log: Logger
}

/** What the pages share. */
export interface Site extends WebDeps {
  context: Context
  guesses: Guesses
  views: Views
  /** True if people come by https: cookies are marked Secure, browsers told to stay. */
  secure: boolean
}

export function createSite(deps: WebDeps, views: Views): Site {
  const context = { db: deps.db, now: deps.now, secret: deps.secrets.secret }
  return {
    ...deps,
    context,
    guesses: createGuesses(),
    views,
    secure: deps.config.publicUrl.startsWith('https:'),
  }
}

/** What the health checks of a running service read. */
export function healthSources({ db, now, queueStates, config }: Site): HealthSources {
  return {
    db,
    now,
    queueStates,
    dataDir: config.dataDir,
    databaseLimit: config.databaseLimit,
    backupEveryHours: config.backupEvery,
    expectsWorker: true,
  }
}

/** Answers with a page. `data`: what its template reads as `it`. */
export function show(
  site: Site,
  reply: FastifyReply,
  page: PageName,
  data: Record<string, unknown> = {},
  status = 200,
): FastifyReply {
  const shared = {
    hasInbox: site.config.smtpUrl === undefined,
    hasBoard: site.board !== undefined,
    isSignedIn: hasSession(site, reply.request),
  }
  const html = site.views.render(page, { ...shared, ...data })
  return reply.code(status).type('text/html; charset=utf-8').send(html)
}

/** Answers with a short page of one heading and one or two sentences. */
export function showMessage(site: Site, reply: FastifyReply, message: Message, status = 200): FastifyReply {
  return show(site, reply, 'message', { links: [], ...message }, status)
}

export interface Message {
  title: string
  text: string
  /** Where to go from here. */
  links?: { label: string; url: string }[]
}
