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

/** Every route of the server, with its parameters filled in. */
function listRoutes(): Route[] {
  const routes: Route[] = []
  const open: string[] = []
  for (const line of site.server.printRoutes({ commonPrefix: false }).split('\n')) {
    const [, indent = '', part = '', methods = ''] =
      /^([\s│]*)(?:├──|└──) (\S*)(?: \(([A-Z, ]+)\))?$/.exec(line) ?? []
    if (part === '') continue
    const depth = indent.length / 4
    open.splice(depth, open.length, part)
    const url = open.join('').replaceAll(/:(\w+)/g, '1')
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
const isDesk = (url: string) =>
  url.startsWith('/admin') && !url.startsWith('/admin/login') && !url.startsWith('/admin/logout')

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

test('whoever comes gets what is theirs, on every route', async () => {
  const routes = listRoutes()
  const desk = routes.filter(({ url }) => isDesk(url))
  expect(desk.length).toBeGreaterThan(40)
  const viewer = visit(site.server, '198.51.100.1')
  await viewer.submit('/admin/login', '/admin/login', { password: VIEWER_PASSWORD })
  const stranger = visit(site.server, '198.51.100.2')
  await stranger.get(`/preferences/${tokens.own}`)
  const csrf = {
    viewer: formToken((await viewer.get('/admin')).body),
    stranger: formToken((await stranger.get('/')).body),
  }
  const before = await dumpRows(site)
  const wrong: string[] = []
  for (const route of desk) {
    const asStranger = await outcomeOf(stranger, route, csrf.stranger)
    const asViewer = await outcomeOf(viewer, route, csrf.viewer)
    const may = !WRITES.includes(route.method) && !route.url.startsWith('/admin/inbox')
    const expected = may ? ['asked to log in', 'let in'] : ['asked to log in', 'refused']
    const found = [asStranger, asViewer]
    const isMethod = found.every((outcome) => outcome === 'no such method')
    if (!isMethod && JSON.stringify(found) !== JSON.stringify(expected)) {
      wrong.push(`${route.method} ${route.url}: ${found.join(' / ')}`)
    }
  }
  expect(wrong).toEqual([])
  expect(await dumpRows(site)).toEqual(before)
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
  for (const { method, url } of listRoutes()) {
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
