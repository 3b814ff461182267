import { tmpdir } from 'node:os'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { type Logger, pino } from 'pino'
import type { ProxyLogin, ShownSetting, Webhooks } from '../../src/config.ts'
import type { Db } from '../../src/db/engine/connect.ts'
import type { TokenPurpose } from '../../src/db/engine/schema.ts'
import { createToken } from '../../src/db/subscribers/tokens.ts'
import { runToEnd } from '../../src/jobs/pipeline.ts'
import { DEFAULTS, type Preferences } from '../../src/subscribers/preferences.ts'
import { signUp } from '../../src/subscribers/subscribing.ts'
import type { NextJob } from '../../src/tools.ts'
import { buildServer } from '../../src/web/server.ts'
import type { WebDeps } from '../../src/web/site/site.ts'
import { openTestTools, type TestTools } from './tools.ts'

export const ADMIN_PASSWORD = 'a password of the tests'
export const VIEWER_PASSWORD = 'a viewer of the tests'

export interface TestSite extends TestTools {
  server: FastifyInstance
  /** Jobs that pages enqueued and that have not run yet; none if `enqueue` takes them elsewhere. */
  enqueued: NextJob[]
  /** Runs these jobs and all jobs that follow. */
  runJobs(): Promise<void>
  close(): Promise<void>
}

export type SiteOptions = Partial<
  Pick<WebDeps, 'board' | 'queueStates' | 'findJobs' | 'resumeQueue' | 'log' | 'enqueue'>
> & {
  smtpUrl?: string
  publicUrl?: string
  dataDir?: string
  replayDir?: string
  settings?: readonly ShownSetting[]
  webhooks?: Webhooks
  proxyLogin?: ProxyLogin
  /** What the pages use for the database that the jobs use. */
  pagesDb?(db: Db): Db
}

/** The web server on its own database, with a real mail server behind its jobs. */
export async function openTestSite(options: SiteOptions = {}): Promise<TestSite> {
  const test = await openTestTools()
  const { db, now, secret, mailFrom, publicUrl } = test.tools
  const enqueued: NextJob[] = []
  const server = await buildServer({
    db: options.pagesDb?.(db) ?? db,
    now,
    config: {
      mailFrom,
      publicUrl: options.publicUrl ?? publicUrl,
      smtpUrl: options.smtpUrl,
      trustedProxies: ['self'],
      dataDir: options.dataDir ?? tmpdir(),
      databaseLimit: undefined,
      backupEvery: undefined,
      keep: test.tools.keep,
      replayDir: options.replayDir,
      settings: options.settings,
      webhooks: options.webhooks,
      proxyLogin: options.proxyLogin,
      thumbnails: true,
    },
    secrets: {
      secret,
      adminPassword: { plain: ADMIN_PASSWORD },
      viewerPassword: { plain: VIEWER_PASSWORD },
    },
    fetcher: test.tools.fetcher,
    takesUtf8: () => test.tools.mailer.takesUtf8(),
    board: options.board,
    queueStates: options.queueStates ?? (async () => []),
    findJobs: options.findJobs ?? (async () => []),
    resumeQueue: options.resumeQueue ?? (async () => {}),
    log: options.log ?? silent(),
    enqueue:
      options.enqueue ??
      (async (jobs) => {
        enqueued.push(...jobs)
      }),
  })
  return {
    ...test,
    server,
    enqueued,
    runJobs: () => runToEnd(enqueued.splice(0), test.tools),
    async close() {
      await server.close()
      await test.close()
    },
  }
}

function silent(): Logger {
  return pino({ level: 'silent' })
}

export type Fields = Record<string, string | string[]>

/** A person's browser as a server sees it: it keeps cookies, accepts HTML and sends forms. */
export interface Visitor {
  send(options: InjectOptions): Promise<LightMyRequestResponse>
  get(url: string, headers?: Record<string, string>): Promise<LightMyRequestResponse>
  /** Sends a form without opening its page first. */
  post(url: string, fields?: Fields, headers?: Record<string, string>): Promise<LightMyRequestResponse>
  /** Opens a page and sends the form on it, with its form token. */
  submit(page: string, action: string, fields: Fields): Promise<LightMyRequestResponse>
}

/** `address`: the visitor's IP address. Each test of limits uses its own. */
export function visit(server: FastifyInstance, address = '192.0.2.1'): Visitor {
  const cookies = new Map<string, string>()
  const send = async (options: InjectOptions) => {
    const answer = await server.inject({
      ...options,
      remoteAddress: address,
      cookies: Object.fromEntries(cookies),
    })
    for (const { name, value } of answer.cookies) cookies.set(name, value)
    return answer
  }
  const get = (url: string, headers = {}) => send({ url, headers: { accept: 'text/html', ...headers } })
  const post = (url: string, fields: Fields = {}, headers = {}) =>
    send({
      method: 'POST',
      url,
      headers: { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded', ...headers },
      payload: encode(fields),
    })
  const submit = async (page: string, action: string, fields: Fields) =>
    post(action, { _csrf: formToken((await get(page)).body), ...fields })
  return { send, get, post, submit }
}

/** Sends a form with a file, as a browser does. */
export async function sendFile(
  visitor: Visitor,
  url: string,
  fields: Record<string, string>,
  file?: { name: string; text: string },
): Promise<LightMyRequestResponse> {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  if (file) form.set('file', new Blob([file.text]), file.name)
  const request = new Request('http://localhost/', { method: 'POST', body: form })
  return visitor.send({
    method: 'POST',
    url,
    headers: { accept: 'text/html', 'content-type': request.headers.get('content-type')! },
    payload: Buffer.from(await request.arrayBuffer()),
  })
}

/** The form token of a page; empty if it has none. */
export function formToken(html: string): string {
  return /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? ''
}

function encode(fields: Fields): string {
  const pairs = Object.entries(fields).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, one]),
  )
  return new URLSearchParams(pairs).toString()
}

/** The secret token in the first link of this kind in a mail's text. */
export function tokenIn(
  text: string | undefined,
  kind: 'confirm' | 'preferences' | 'unsubscribe' | 'digests' | 'address',
): string {
  const token = new RegExp(`/${kind}/([\\w-]{43})`).exec(text ?? '')?.[1]
  if (token === undefined) throw new Error(`expected a link /${kind}/… in the mail, got none`)
  return token
}

/** Every row of every table of the product, in a fixed order, to compare before and after. */
export async function dumpRows({ tools: { db } }: TestTools): Promise<Record<string, string[]>> {
  const dump: Record<string, string[]> = {}
  for (const table of await db.introspection.getTables()) {
    if (table.schema !== 'public' || table.isView) continue
    const rows = await db
      .selectFrom(table.name as 'papers')
      .selectAll()
      .execute()
    dump[table.name] = rows.map((row) => JSON.stringify(row)).sort()
  }
  return dump
}

/** A confirmed subscriber, with the links that mails carry. */
export async function enlist(site: TestSite, email: string, preferences: Partial<Preferences> = {}) {
  const { tools } = site
  const wish = { ...DEFAULTS, topics: [], ...preferences, email }
  const { subscriberId } = await signUp(tools, { ...wish, source: 'command line', confirmed: true })
  const id = subscriberId!
  const link = (purpose: TokenPurpose) => createToken(tools.db, { purpose, subscriberId: id }, tools.now())
  return { id, manage: await link('manage'), unsubscribe: await link('unsubscribe') }
}
