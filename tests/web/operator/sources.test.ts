import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { listAudit } from '../../../src/db/audit.ts'
import { findSourceByName } from '../../../src/db/fetching/sources.ts'
import { openPageServer, type PageServer } from '../../support/pageServer.ts'
import { ADMIN_PASSWORD, openTestSite, type TestSite, type Visitor, visit } from '../../support/web.ts'

let site: TestSite
let server: PageServer
let admin: Visitor
let titles: string[]
let asked = 0

/** A feed of papers that asks to be fetched anew each time. */
const feed =
  () => `<?xml version="1.0"?><rss version="2.0"><channel><title>Papers</title><link>https://example.org</link>
${titles.map((title, index) => `<item><title>${title}</title><link>https://arxiv.org/abs/2611.0${1000 + index}</link><description>Abstract of ${title}, long enough to be one.</description></item>`).join('\n')}
<!-- ${asked} --></channel></rss>`

beforeAll(async () => {
  site = await openTestSite()
  admin = visit(site.server)
  await admin.submit('/admin/login', '/admin/login', { password: ADMIN_PASSWORD })
  server = await openPageServer((_request, response) => {
    asked += 1
    response.writeHead(200, { 'content-type': titles.length > 0 ? 'application/rss+xml' : 'text/html' })
    response.end(titles.length > 0 ? feed() : '<html><body><p>We have moved.</p></body></html>')
  })
})
afterAll(async () => {
  await site.close()
  await server.close()
})
beforeEach(() => {
  titles = ['Owls at dusk', 'Owls &amp; <![CDATA[<b>dawn</b>]]>', 'Owls asleep']
})

const send = (action: string, fields = {}, page = '/admin/sources') => admin.submit(page, action, fields)
const address = () => `${server.url}/papers.xml`
const source = async () => (await findSourceByName(site.tools.db, 'owls'))!
const fetchNow = async () => {
  const { id } = await source()
  site.setNow(new Date(site.tools.now().getTime() + 3_600_000).toISOString())
  await send(`/admin/sources/${id}/fetch`)
  await site.runJobs().catch(() => {})
}

test('a look at an address shows its first entries and stores nothing', async () => {
  const found = await send('/admin/sources/look', { address: address(), name: 'owls', every: '30' })
  expect(found.body).toContain('3 papers.')
  expect(found.body).toContain('Owls at dusk')
  expect(found.body).not.toContain('<b>dawn')
  expect(await source()).toBeUndefined()
  titles = []
  const nothing = await send('/admin/sources/look', { address: address() })
  expect([nothing.statusCode, nothing.body.includes('role="alert"')]).toEqual([422, true])
})

test.each([
  [{ address: 'nonsense' }, 'expected an http(s) address'],
  [{ address: 'https://example.org/x', every: '1' }, 'Minutes: expected 5'],
  [{ address: 'https://example.org/x', name: '<b>' }, 'Name: expected letters'],
])('%o is refused with %s', async (fields, words) => {
  const answer = await send('/admin/sources/add', fields)
  expect([answer.statusCode, answer.body.includes(words)]).toEqual([422, true])
})

test('a source is added, and its first fetch stored', async () => {
  const added = await send('/admin/sources/add', { address: address(), name: 'owls', every: '30' })
  expect(added.statusCode).toBe(303)
  await site.runJobs()
  const page = (await admin.get(added.headers.location!)).body
  expect(page).toContain('The source is added')
  expect(page).toMatch(/stored<\/span><\/td><td class="number" data-label="papers">3</)
  expect((await send('/admin/sources/add', { address: address() })).body).toContain(
    'reads this address already',
  )
})

test('a changed layout is told, its page downloaded and parsed again, and a good fetch sets it right', async () => {
  titles = []
  await fetchNow()
  const { id } = await source()
  const page = `/admin/sources/${id}`
  const { body } = await admin.get(page)
  expect(body).toContain('layout changed')
  expect((await admin.get('/admin')).body).toContain('owls: layout changed')
  const raw = /\/admin\/pages\/(\d+)\/raw/.exec(body)![1]!
  const file = await admin.get(`/admin/pages/${raw}/raw`)
  expect([file.body, file.headers['content-type'], file.headers['content-disposition']]).toEqual([
    '<html><body><p>We have moved.</p></body></html>',
    'application/octet-stream',
    `attachment; filename="paperboy-page-${raw}"`,
  ])
  const parsed = await send(`/admin/pages/${raw}/parse`, {}, page)
  expect((await admin.get(parsed.headers.location!)).body).toContain('still cannot be read')
  titles = ['Owls at dusk', 'Owls awake']
  await fetchNow()
  expect((await source()).outcome).toBe('stored')
  expect((await admin.get('/admin')).body).not.toContain('owls: layout changed')
})

test('rhythm, pause and removal; what it listed stays, and its name is free again', async () => {
  const { id } = await source()
  const page = `/admin/sources/${id}`
  await send(`${page}/rhythm`, { every: '2' }, page)
  expect((await source()).every_minutes).toBe(30)
  await send(`${page}/rhythm`, { every: '45' }, page)
  await send(`${page}/pause`, {}, page)
  expect(await source()).toMatchObject({ every_minutes: 45, enabled: false })
  await send(`${page}/resume`, {}, page)
  expect((await source()).enabled).toBe(true)
  const papers = (await site.tools.db.selectFrom('sightings').selectAll().execute()).length
  expect((await send(`${page}/remove`, {}, page)).statusCode).toBe(400)
  await send(`${page}/remove`, { sure: 'yes' }, page)
  expect([await source(), (await admin.get(page)).statusCode]).toEqual([undefined, 404])
  expect((await site.tools.db.selectFrom('sightings').selectAll().execute()).length).toBe(papers)
  await send('/admin/sources/add', { address: address(), name: 'owls' })
  expect((await source()).id).not.toBe(id)
  const deeds = (await listAudit(site.tools.db, 50)).map(({ action }) => action)
  for (const deed of [
    'added a source',
    'changed the rhythm of a source',
    'paused a source',
    'removed a source',
  ]) {
    expect(deeds).toContain(deed)
  }
})
