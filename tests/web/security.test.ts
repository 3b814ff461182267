import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { enlist, openTestSite, type TestSite, visit } from '../support/web.ts'

let site: TestSite
const log: string[] = []

beforeAll(async () => {
  site = await openTestSite({ log: pino({ level: 'trace' }, { write: (line: string) => log.push(line) }) })
})
afterAll(() => site.close())

const POLICY =
  "default-src 'self';base-uri 'none';object-src 'none';form-action 'self';frame-ancestors 'none'"

describe('every page', () => {
  test.each([
    '/',
    '/trending',
    '/preferences',
    '/check-mail',
    '/admin/login',
    '/nothing-here',
    '/papers/1',
    '/confirm/x',
  ])('%s carries the protecting header fields, and nothing inline', async (address) => {
    const { headers, body } = await visit(site.server).get(address)
    expect(headers).toMatchObject({
      'content-security-policy': `${POLICY};upgrade-insecure-requests`,
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    })
    expect(headers['strict-transport-security']).toBe('max-age=15552000; includeSubDomains')
    expect(body).not.toMatch(/<script(?! src="\/static\/)|<style|\sstyle=|\son\w+=/i)
    expect(body.match(/<h1/g)).toHaveLength(1)
  })

  test('with a secret in its address is kept by nobody and found by no search engine', async () => {
    const { manage } = await enlist(site, 'kept@example.org')
    const { headers } = await visit(site.server).get(`/preferences/${manage}`)
    expect([headers['cache-control'], headers['x-robots-tag']]).toEqual(['no-store', 'noindex, nofollow'])
  })

  test('without https neither promises nor upgrades to it', async () => {
    const plain = await openTestSite({ publicUrl: 'http://localhost:3000' })
    try {
      const answer = await visit(plain.server).get('/')
      expect(answer.headers['strict-transport-security']).toBeUndefined()
      expect(answer.headers['content-security-policy']).toBe(POLICY)
      expect(answer.cookies.map(({ name, secure }) => [name, secure])).toEqual([['paperboy-csrf', undefined]])
    } finally {
      await plain.close()
    }
  })
})

describe('what goes wrong', () => {
  test.each([
    ['GET', '/nothing-here', 404, 'There is nothing here'],
    ['GET', '/papers/abc', 404, 'There is nothing here'],
    ['GET', '/papers/99999999999999999999', 404, 'There is nothing here'],
    ['GET', '/static/../../package.json', 404, 'There is nothing here'],
    ['GET', '/static/', 404, 'There is nothing here'],
    ['POST', '/trending', 405, 'That cannot be done here'],
    ['DELETE', '/', 405, 'That cannot be done here'],
    ['GET', '/subscribe', 405, 'That cannot be done here'],
    ['GET', '/%E0%A4%A', 400, 'could not be read'],
  ] as const)('%s %s is answered %i in the same design', async (method, url, status, text) => {
    const answer = await site.server.inject({ method, url, headers: { accept: 'text/html' } })
    expect([answer.statusCode, answer.body.includes(text), answer.body.includes('class="masthead"')]).toEqual(
      [status, true, true],
    )
  })

  test('405 names the methods that are taken (RFC 9110)', async () => {
    const answer = await site.server.inject({ method: 'POST', url: '/trending' })
    expect([answer.headers.allow, answer.json()]).toEqual([
      'GET, HEAD',
      { error: expect.stringContaining('cannot be done') },
    ])
  })

  test('413 for more text than a form can hold, 415 for another kind of body', async () => {
    const large = await visit(site.server).post('/subscribe', { email: 'x'.repeat(300_000) })
    const xml = await visit(site.server).post('/subscribe', {}, { 'content-type': 'application/xml' })
    expect([large.statusCode, xml.statusCode]).toEqual([413, 415])
    expect(large.body).toContain('too much at once')
  })

  test('429 tells when to come back', async () => {
    const eager = visit(site.server, '203.0.113.1')
    let answer = await eager.get('/check-mail')
    for (let n = 0; n < 300; n += 1) answer = await eager.get('/check-mail')
    expect([answer.statusCode, answer.body.includes('Too many requests')]).toEqual([429, true])
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
  })

  test('a database that is away gives a page without a stack, and a line in the log with the reason', async () => {
    const broken = await openTestSite({
      log: pino({ level: 'trace' }, { write: (line: string) => log.push(line) }),
    })
    await visit(broken.server).get('/trending')
    await broken.tools.db.destroy()
    const answer = await visit(broken.server).get('/trending')
    await broken.close()
    expect([answer.statusCode, answer.body.includes('Something went wrong on our side')]).toEqual([500, true])
    expect(answer.body).not.toMatch(/driver|destroyed|\.ts:|at .*\(/)
    expect(log.join('')).toContain('driver has already been destroyed')
  })
})

describe('the log', () => {
  test('never holds a secret link, an address or a form’s text', async () => {
    const { manage, unsubscribe } = await enlist(site, 'quiet@example.org')
    const visitor = visit(site.server)
    log.length = 0
    for (const url of [
      `/preferences/${manage}`,
      `/preferences/${manage}/data`,
      `/preferences/${manage}x`,
      `/confirm/${manage}`,
      `/unsubscribe/${unsubscribe}`,
      `/nowhere/${manage}`,
      `/%E0%A4%A/${manage}`,
    ]) {
      await visitor.get(url)
      await visitor.post(url, { email: 'quiet@example.org' })
      await site.server.inject({ url, method: 'DELETE' })
    }
    await visitor.submit('/', '/subscribe', { email: 'quiet@example.org', topicQuery: 'my secret interest' })
    expect(log.length).toBeGreaterThan(10)
    expect(log.join('')).toContain('/preferences/:token')
    for (const secret of [manage, unsubscribe, 'quiet', 'secret interest'])
      expect(log.join('')).not.toContain(secret)
  })
})

test('a client cannot choose its own address, a proxy on this machine can tell it', async () => {
  const from = async (remoteAddress: string, forwarded: string) => {
    const headers = { accept: 'text/html', 'x-forwarded-for': forwarded }
    const answer = await site.server.inject({ url: '/check-mail', remoteAddress, headers })
    return Number(answer.headers['x-ratelimit-remaining'])
  }
  const direct = [await from('203.0.113.50', '10.1.1.1'), await from('203.0.113.50', '10.1.1.2')]
  expect(direct[0]! - direct[1]!).toBe(1)
  const proxied = [await from('127.0.0.1', '203.0.113.60'), await from('127.0.0.1', '203.0.113.61')]
  expect(proxied[0]! - proxied[1]!).toBe(0)
})
