import { setTimeout as delay } from 'node:timers/promises'
import type { Served } from './soakServed.ts'

/** What the visitors did and what they got. */
export interface LoadReport {
  views: number
  signUps: number
  confirmed: number
  uploads: number
  /** Answers that no visitor should get, by address and status. */
  wrong: Record<string, number>
}

const SECOND = 1000
/** The installation takes 500 an hour. */
const SIGN_UP_EVERY = 9 * SECOND
const UPLOAD_EVERY = 30 * SECOND
const VIEW_EVERY = 400
const DESK_EVERY = 10 * SECOND
const LOOK_FOR_LETTERS_EVERY = 3 * SECOND
/** Seconds in which the last letters come. */
const LAST_LETTERS = 60

/** Everything that people do at the pages, until `ends`: views, sign-ups, confirmations, a desk that is looked at, uploads. */
export async function visitPages(options: {
  home: string
  ends: AbortSignal
  password: string
  served: Served
  /** Tokens of the links to confirm that came by mail since the last question. */
  newTokens(): Promise<string[]>
}): Promise<LoadReport> {
  const { home, ends, password, served } = options
  const report: LoadReport = { views: 0, signUps: 0, confirmed: 0, uploads: 0, wrong: {} }
  const every = async (ms: number, deed: (turn: number) => Promise<unknown>) => {
    for (let turn = 0; !ends.aborted; turn += 1) {
      await deed(turn).catch((error) => count(report, `${error}`))
      await delay(ms, undefined, { signal: ends }).catch(() => {})
    }
  }
  const someone = openVisitor(home, report)
  const desk = openVisitor(home, report)
  await desk.logIn(password)
  const topics = ['network learning', 'graph model', 'protein', 'language agents', 'robot control']
  const confirmAll = async () => {
    for (const token of await options.newTokens()) {
      if ((await openVisitor(home, report).post(`/confirm/${token}`, {})) === 200) report.confirmed += 1
    }
  }
  const confirmLast = async () => {
    for (let tries = 0; report.confirmed < report.signUps && tries < LAST_LETTERS; tries += 1) {
      await delay(SECOND)
      await confirmAll()
    }
  }
  await Promise.all([
    every(VIEW_EVERY, async (turn) => {
      await someone.get(PAGES[turn % PAGES.length]!)
      report.views += 1
    }),
    every(SIGN_UP_EVERY, async (turn) => {
      const visitor = openVisitor(home, report)
      const _csrf = tokenOf(await visitor.get('/'))
      const topicQuery = topics[turn % topics.length]!
      const form = {
        _csrf,
        email: `visitor${turn}@example.org`,
        topicQuery,
        timeZone: 'UTC',
        sendAt: '08:00',
      }
      if ((await visitor.post('/subscribe', form)) === 303) report.signUps += 1
    }),
    every(LOOK_FOR_LETTERS_EVERY, confirmAll),
    every(DESK_EVERY, async (turn) => desk.get(DESK_PAGES[turn % DESK_PAGES.length]!)),
    every(UPLOAD_EVERY, async (turn) => {
      const _csrf = tokenOf(await desk.get('/admin/replays'))
      if ((await desk.upload('/admin/replays/upload', _csrf, `dump${turn}.jsonl`, served.dump())) === 303)
        report.uploads += 1
    }),
  ])
  await confirmLast()
  return report
}

const PAGES = [
  '/',
  '/trending',
  '/trending?span=week',
  '/search?q=network',
  '/papers/7',
  '/feeds/papers.atom',
  '/trending?span=month&q=graph',
  '/check-mail',
  '/papers/1200',
  '/preferences',
]
const DESK_PAGES = [
  '/admin',
  '/admin/sources',
  '/admin/digests',
  '/admin/subscribers',
  '/admin/replays',
  '/admin/papers',
  '/admin/jobs',
  '/metrics',
  '/readyz?full',
]

const EXPECTED = new Set([200, 303, 304])
/** Its own log tells whether it should have been ready. */
const JUDGED_BY_LOG = '/readyz?full'
let visitors = 0

/** A browser of its own: an address, by the header of a proxy, and cookies. */
function openVisitor(home: string, report: LoadReport) {
  visitors += 1
  const address = `198.18.${(visitors >> 8) & 255}.${visitors & 255}`
  const cookies = new Map<string, string>()
  const send = async (path: string, init: RequestInit = {}) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { accept: 'text/html', 'x-forwarded-for': address, cookie, ...init.headers }
    const answer = await fetch(`${home}${path}`, { ...init, headers, redirect: 'manual' })
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (name !== undefined) cookies.set(name, value!)
    }
    if (!EXPECTED.has(answer.status) && path !== JUDGED_BY_LOG)
      count(report, `${path.replace(/[\w-]{43}/, ':token')}: ${answer.status}`)
    return { status: answer.status, body: await answer.text() }
  }
  const post = async (path: string, fields: Record<string, string>) =>
    (await send(path, { method: 'POST', body: new URLSearchParams(fields) })).status
  return {
    get: async (path: string) => (await send(path)).body,
    post,
    async upload(path: string, _csrf: string, name: string, bytes: string) {
      const body = new FormData()
      body.set('_csrf', _csrf)
      body.set('file', new Blob([bytes]), name)
      return (await send(path, { method: 'POST', body })).status
    },
    async logIn(password: string) {
      const _csrf = tokenOf((await send('/admin/login')).body)
      await post('/admin/login', { _csrf, password })
    },
  }
}

function tokenOf(html: string): string {
  return /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? ''
}

function count({ wrong }: LoadReport, what: string): void {
  wrong[what] = (wrong[what] ?? 0) + 1
}
