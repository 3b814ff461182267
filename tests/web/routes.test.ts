import type { HTTPMethods } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findSubscriber } from '../../src/db/subscribers/subscribers.ts'
import { createBoard } from '../../src/workers/board.ts'
import { openQueues, type Queues } from '../../src/workers/queues.ts'
import { openTestDatabase, type TestDatabase } from '../support/database.ts'
import {
  ADMIN_PASSWORD,
  dumpRows,
  enlist,
  formToken,
  openTestSite,
  type TestSite,
  VIEWER_PASSWORD,
  type Visitor,
  visit,
} from '../support/web.ts'

/** Walks every route there is as everybody who may come, so that a new one cannot be forgotten. */
let site: TestSite
let queues: Queues
let queueHome: TestDatabase
let tokens: { own: string; other: string }

beforeAll(async () => {
  queueHome = await openTestDatabase()
  const { url: databaseUrl, redisUrl, queuePrefix: prefix } = queueHome
  queues = await openQueues({ databaseUrl, redisUrl, prefix })
  site = await openTestSite({
    board: createBoard(queues, '/admin/queues'),
    queueStates: () => queues.states(),
    resumeQueue: (step) => queues.resume(step),
  })
  tokens = {
    own: (await enlist(site, 'own@example.org')).manage,
    other: (await enlist(site, 'other@example.org')).manage,
  }
})
afterAll(async () => {
  await site.close()
  await queues.close()
  await queueHome.close()
})

interface Route {
  method: HTTPMethods
  url: string
}

/** Every route of the server as it is written. */
function listRoutes(): Route[] {
  const routes: Route[] = []
  const open: string[] = []
  for (const line of site.server.printRoutes({ commonPrefix: false }).split('\n')) {
    const [, indent = '', part = '', methods = ''] =
      /^([\s│]*)(?:├──|└──) (\S*)(?: \(([A-Z, ]+)\))?$/.exec(line) ?? []
    if (part === '') continue
    const depth = indent.length / 4
    open.splice(depth, open.length, part)
    const url = open.join('')
    for (const method of methods.split(', ').filter(Boolean))
      routes.push({ method: method as HTTPMethods, url })
  }
  return routes
}

/** What a browser says of a form that another site's page sends. */
const FOREIGN: Record<string, string>[] = [
  { origin: 'https://evil.example' },
  { origin: 'null' },
  { origin: 'https://digest.example.org.evil.example' },
  { origin: 'https://digest.example.org', 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
]

const WRITES = ['POST', 'PUT', 'PATCH', 'DELETE']

/**
 * Who gets what. `desk`: viewer and admin look. `write`: the admin alone. `mails`: captured mails hold secret links, the admin alone.
 * `login`: the way in and out, for everybody. `link`: whoever has the link; each link opens its own subscriber's pages alone.
 * `open`: everybody. `watch`: whoever may see the desk. A method that a page does not have answers 405 or as its page does.
 */
const ACCESS: Record<string, string> = {
  desk: `/admin /admin/sources /admin/sources/:id /admin/subscribers /admin/subscribers/import
    /admin/subscribers/import/:file /admin/subscribers/:id /admin/sessions /admin/settings /admin/pages/:id/raw /admin/papers
    /admin/papers/join /admin/digests /admin/digests/:id /admin/replays /admin/replays/:id /admin/replays/:id/rejects
    /admin/jobs`,
  write: `/admin/alerts/aside /admin/mail/try /admin/merges/approve /admin/merges/:id/split /admin/steps/:step/resume
    /admin/sources/look /admin/sources/add /admin/sources/:id/fetch /admin/sources/:id/rhythm /admin/sources/:id/resume
    /admin/sources/:id/remove /admin/sources/:id/pause /admin/subscribers/import /admin/subscribers/import/:file
    /admin/subscribers/import/:file/drop /admin/subscribers/export /admin/subscribers/:id/reveal /admin/subscribers/:id/resend
    /admin/subscribers/:id/suppress /admin/subscribers/:id/lift /admin/subscribers/:id/move /admin/subscribers/:id/export
    /admin/subscribers/:id/delete /admin/sessions/end-others /admin/sessions/:id/end /admin/second-factor/begin
    /admin/second-factor/confirm /admin/second-factor/remove /admin/pages/:id/parse /admin/papers/join
    /admin/papers/:id/hide /admin/papers/:id/show /admin/digests/send /admin/digests/leave /admin/digests/:id/send
    /admin/digests/:id/leave /admin/replays/add /admin/replays/upload /admin/replays/:id/cancel /admin/replays/:id/resume`,
  mails: '/admin/inbox /admin/inbox/:id /admin/inbox/:id/mail.eml /admin/inbox/:id/html',
  login: '/admin/login /admin/logout',
  link: `/feeds/:token/digest.rss /feeds/:token/digest.atom /feeds/:token/digest.json /confirm/:token /preferences/:token
    /preferences/:token/address /preferences/:token/archive /preferences/:token/schedule /preferences/:token/status
    /preferences/:token/session /preferences/:token/saved /preferences/:token/saved.bib /preferences/:token/saved.ris
    /preferences/:token/saved.md /preferences/:token/saved.csv /preferences/:token/taste /preferences/:token/topics.opml
    /preferences/:token/my-data /preferences/:token/preview /preferences/:token/papers/:id /preferences/:token/data
    /preferences/:token/delete /preferences/:token/digests/:id /preferences/:token/feed /preferences/:token/examples
    /address/:token /address/:token/never /digests/:token /unsubscribe/:token /unsubscribe/:token/never
    /unsubscribe/:token/back /unsubscribe/:token/weekly /unsubscribe/:token/workdays /unsubscribe/:token/pause`,
  open: `/ /* /subscribe /sign-out /search /favicon.ico /feeds/papers.rss /feeds/papers.atom /feeds/papers.json /check-mail
    /zones /preview /preferences /papers/:id /papers/:id/say /papers/:id/cite.bib /papers/:id/cite.ris
    /papers/:id/thumbnail.webp /api/tune /trending /healthz`,
  watch: '/readyz /metrics',
}
const namedIn = (...kinds: string[]) =>
  new Set(kinds.flatMap((kind) => ACCESS[kind]!.split(/\s+/).filter(Boolean)))
const ALL = namedIn(...Object.keys(ACCESS))
/** The board brings its own pages and API, all of them behind one hook. */
const isBoard = (url: string) => url.startsWith('/admin/queues')
const isDesk = (url: string) => url.startsWith('/admin') && !namedIn('login').has(url)
const filled = (url: string) => url.replaceAll(/:(\w+)/g, '1').replace('*', 'static/paperboy.css')

/** What became of a request: asked to log in, refused, not there or not so, or answered. */
async function outcomeOf(visitor: Visitor, { method, url }: Route, csrf: string): Promise<string> {
  const body = WRITES.includes(method) ? { payload: `_csrf=${csrf}` } : {}
  const headers = {
    accept: 'text/html',
    'sec-fetch-site': 'same-origin',
    ...(WRITES.includes(method) ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
  }
  const { statusCode, headers: answered } = await visitor.send({
    method: method as 'GET',
    url,
    headers,
    ...body,
  })
  if (statusCode === 401 || `${answered.location}`.startsWith('/admin/login')) return 'asked to log in'
  if (statusCode === 403) return 'refused'
  return statusCode === 405 ? 'no such method' : 'let in'
}

test('every route has its entry in the table of who gets what, and every entry its route', () => {
  const urls = new Set(
    listRoutes()
      .map(({ url }) => url)
      .filter((url) => !isBoard(url)),
  )
  expect([...urls].filter((url) => !ALL.has(url))).toEqual([])
  expect([...ALL].filter((url) => !urls.has(url))).toEqual([])
})

test('nobody, a subscriber, a viewer and the admin get what is theirs, on every route of the desk', async () => {
  const desk = listRoutes().filter(({ url }) => isDesk(url))
  expect(desk.length).toBeGreaterThan(40)
  const viewer = visit(site.server, '198.51.100.1')
  await viewer.submit('/admin/login', '/admin/login', { password: VIEWER_PASSWORD })
  const admin = visit(site.server, '198.51.100.5')
  await admin.submit('/admin/login', '/admin/login', { password: ADMIN_PASSWORD })
  const nobody = visit(site.server, '198.51.100.2')
  const subscriber = visit(site.server, '198.51.100.6')
  await subscriber.submit(`/preferences/${tokens.own}`, `/preferences/${tokens.own}/session`, {})
  const csrf = async (visitor: Visitor, page: string) => formToken((await visitor.get(page)).body)
  const [forViewer, forNobody, forSubscriber] = [
    await csrf(viewer, '/admin/subscribers'),
    await csrf(nobody, '/'),
    await csrf(subscriber, `/preferences/${tokens.own}`),
  ]
  const mails = namedIn('mails')
  const before = await dumpRows(site)
  const wrong: string[] = []
  for (const { method, url } of desk) {
    const route = { method, url: filled(url) }
    const isWrite = WRITES.includes(method)
    const found = [
      await outcomeOf(nobody, route, forNobody),
      await outcomeOf(subscriber, route, forSubscriber),
      await outcomeOf(viewer, route, forViewer),
      // Without a form's token nothing is done: that the admin is let in by a token is shown below, and by each page's own tests.
      isWrite ? 'not tried' : await outcomeOf(admin, route, ''),
    ]
    const ofViewer = isWrite || mails.has(url) ? 'refused' : 'let in'
    const expected = ['asked to log in', 'asked to log in', ofViewer, isWrite ? 'not tried' : 'let in']
    const isMethod = found.slice(0, 3).every((outcome) => outcome === 'no such method')
    if (!isMethod && JSON.stringify(found) !== JSON.stringify(expected))
      wrong.push(`${method} ${url}: ${found.join(' / ')}`)
  }
  expect(wrong).toEqual([])
  expect(await dumpRows(site)).toEqual(before)
}, 120_000)

test('an address with encoded letters opens no more than the same address without', async () => {
  const viewer = visit(site.server, '198.51.100.9')
  await viewer.submit('/admin/login', '/admin/login', { password: VIEWER_PASSWORD })
  const admin = visit(site.server, '198.51.100.10')
  await admin.submit('/admin/login', '/admin/login', { password: ADMIN_PASSWORD })
  const spellings = (url: string) => [
    url.replace('/admin', '/%61dmin'),
    url.replace('inbox', '%69nbox').replace('queues', '%71ueues'),
    url.replace('inbox', 'inbo%78').replace('queues', 'queue%73'),
    `http://digest.example.org${url}`,
  ]
  const found: string[] = []
  for (const mails of namedIn('mails'))
    for (const url of spellings(filled(mails)))
      found.push(await outcomeOf(viewer, { method: 'GET', url }, ''))
  expect(new Set(found)).toEqual(new Set(['refused']))
  for (const url of spellings('/admin/queues/api/queues/fetchPage/pause'))
    expect((await admin.send({ method: 'PUT', url })).statusCode).toBe(403)
  expect(await queues.byStep.get('fetchPage')!.isPaused()).toBe(false)
})

test('everybody gets what is open, without being asked to log in, and nobody who may not see the desk gets its numbers', async () => {
  const nobody = visit(site.server, '198.51.100.7')
  const get = async (url: string) => (await nobody.get(filled(url))).statusCode
  for (const url of namedIn('open', 'login')) expect([url, await get(url)]).not.toEqual([url, 401])
  expect(await get('/metrics')).toBe(401)
  const ready = await nobody.get('/readyz')
  expect(ready.body).not.toMatch(/source|queue|worker|database/i)
})

test('a link of another subscriber, or a made-up one, shows nothing of one’s own, on every route with a link', async () => {
  const visitor = visit(site.server, '198.51.100.8')
  const wrong: string[] = []
  for (const url of namedIn('link')) {
    for (const token of [tokens.other, 'x'.repeat(43)]) {
      const { statusCode, body } = await visitor.get(filled(url.replace(':token', token)))
      if (body.includes('own@example.org') || statusCode >= 500) wrong.push(`${url}: ${statusCode}`)
      if (token !== tokens.other && statusCode < 400) wrong.push(`${url} with a made-up link: ${statusCode}`)
    }
  }
  expect(wrong).toEqual([])
}, 120_000)

test('the admin is let in where a viewer is refused, if the page it comes from is ours', async () => {
  const admin = visit(site.server, '198.51.100.3')
  await admin.submit('/admin/login', '/admin/login', { password: ADMIN_PASSWORD })
  const csrf = formToken((await admin.get('/admin')).body)
  const route = { method: 'POST', url: '/admin/mail/try' } as const
  expect(await outcomeOf(admin, route, csrf)).toBe('let in')
  const put = async (headers: Record<string, string>) =>
    (await admin.send({ method: 'PUT', url: '/admin/queues/api/queues/fetchPage/pause', headers })).statusCode
  expect(await put({})).toBe(403)
  expect(await put({ 'sec-fetch-site': 'cross-site' })).toBe(403)
  expect(await put({ origin: 'https://evil.example' })).toBe(403)
  expect(await queues.byStep.get('fetchPage')!.isPaused()).toBe(false)
  expect(await put({ origin: 'https://digest.example.org' })).toBe(200)
})

test('no route takes a write of another site’s page but those that must, and nothing changes', async () => {
  const reader = await enlist(site, 'crossed@example.org')
  const admin = visit(site.server, '198.51.100.6')
  await admin.submit('/admin/login', '/admin/login', { password: ADMIN_PASSWORD })
  const csrf = formToken((await admin.get('/')).body)
  const before = await dumpRows(site)
  const taken: string[] = []
  for (const { method, url } of listRoutes().map(({ method, url }) => ({ method, url: filled(url) }))) {
    if (!WRITES.includes(method)) continue
    const real = url.replace(/^\/(preferences|unsubscribe)\/1/, (_, kind) =>
      kind === 'preferences' ? `/preferences/${reader.manage}` : `/unsubscribe/${reader.unsubscribe}`,
    )
    if (real === `/unsubscribe/${reader.unsubscribe}`) continue
    for (const headers of FOREIGN) {
      const { statusCode } = await admin.send({
        ...{ method: method as 'POST', url: real, payload: `_csrf=${csrf}&email=x@example.org` },
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      })
      if (statusCode !== 403 && statusCode !== 405) taken.push(`${method} ${url}: ${statusCode}`)
    }
  }
  // It only reads.
  expect([...new Set(taken.map((line) => line.split(':')[0]))]).toEqual(['POST /api/tune'])
  expect(await dumpRows(site)).toEqual(before)
}, 120_000)

test('one click unsubscribes from wherever the mail is read (RFC 8058)', async () => {
  for (const headers of FOREIGN) {
    const { unsubscribe, id } = await enlist(site, `click${Math.random()}@example.org`)
    const answer = await visit(site.server).post(
      `/unsubscribe/${unsubscribe}`,
      { 'List-Unsubscribe': 'One-Click' },
      headers,
    )
    expect(answer.statusCode).toBe(200)
    expect((await findSubscriber(site.tools.db, id))!.status).toBe('unsubscribed')
  }
})

test('a subscriber’s pages open by their own link alone', async () => {
  const visitor = visit(site.server, '198.51.100.4')
  const page = async (token: string) => (await visitor.get(`/preferences/${token}`)).body
  expect(await page(tokens.own)).toContain('own@example.org')
  expect(await page(tokens.other)).not.toContain('own@example.org')
  expect((await visitor.get(`/preferences/${tokens.own.slice(0, -1)}x`)).statusCode).toBe(404)
})
