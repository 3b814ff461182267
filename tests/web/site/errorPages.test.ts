import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type Db } from '../../../src/db/engine/connect.ts'
import { openTestSite, type TestSite, visit } from '../../support/web.ts'

let site: TestSite
let away: Db

beforeAll(async () => {
  away = connect(`postgresql://postgres@127.0.0.1:${await closedPort()}/none`)
  site = await openTestSite({ pagesDb: () => away })
})
afterAll(async () => {
  await site.close()
  await away.destroy()
})

/** A port at which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

test.each(['/trending', '/papers/1', `/preferences/${'x'.repeat(43)}`, '/search?q=owls'])(
  'while the database is away, %s says to come back, in the style of the site',
  async (url) => {
    const answer = await visit(site.server).get(url)
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '60'])
    expect(answer.body).toContain('Back in a moment')
    expect(answer.body).toContain('rel="stylesheet"')
    expect(answer.body).not.toMatch(/ECONNREFUSED|127\.0\.0\.1/)
  },
)

test('a program is told in one line, and what needs no database is answered', async () => {
  const answer = await site.server.inject({ url: '/feeds/papers.json' })
  expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '60'])
  expect(answer.json().error).toMatch(/^Back in a moment\. /)
  expect((await site.server.inject('/healthz')).statusCode).toBe(200)
})

test('a form that was sent meanwhile is told so too', async () => {
  const sent = await visit(site.server).submit('/preferences', '/preferences', { email: 'ann@example.org' })
  expect(sent.statusCode).toBe(503)
  expect(sent.body).toContain('come back in a minute')
})
