import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ADMIN_PASSWORD, openTestSite, type TestSite, VIEWER_PASSWORD, visit } from '../../../support/web.ts'

let site: TestSite
let visitors = 0
beforeAll(async () => {
  site = await openTestSite()
})
afterAll(() => site.close())

const someone = () => visit(site.server, `198.51.100.${++visitors}`)
const COOKIE = '__Host-paperboy-admin'
const basic = (password: string) => ({
  authorization: `Basic ${Buffer.from(`scraper:${password}`).toString('base64')}`,
})

async function logIn(password = ADMIN_PASSWORD) {
  const visitor = someone()
  const answer = await visitor.submit('/admin/login', '/admin/login', { password })
  return { visitor, answer, cookie: answer.cookies.find(({ name }) => name === COOKIE)?.value ?? '' }
}
const openedBy = async (cookie: string) =>
  (
    await site.server.inject({
      url: '/admin',
      cookies: { [COOKIE]: cookie },
      headers: { accept: 'text/html' },
    })
  ).statusCode

describe('a session', () => {
  test('ends for a copied cookie too when its owner logs out', async () => {
    const { visitor, cookie } = await logIn()
    expect(await openedBy(cookie)).toBe(200)
    await visitor.submit('/admin/sessions', '/admin/logout', {})
    expect(await openedBy(cookie)).toBe(302)
  })

  test('is listed, and ended by another', async () => {
    const [one, other] = [await logIn(), await logIn()]
    const page = (await one.visitor.get('/admin/sessions')).body
    expect(page).toContain('(this one)')
    await one.visitor.submit('/admin/sessions', '/admin/sessions/end-others', {})
    expect([await openedBy(one.cookie), await openedBy(other.cookie)]).toEqual([200, 302])
    const third = await logIn()
    const id = /\/admin\/sessions\/(\d+)\/end"/.exec((await one.visitor.get('/admin/sessions')).body)![1]!
    await one.visitor.submit('/admin/sessions', `/admin/sessions/${id}/end`, {})
    expect(await openedBy(third.cookie)).toBe(302)
  })

  test('keeps no secret: the cookie cannot be made from what is stored', async () => {
    const { cookie } = await logIn()
    const rows = await site.tools.db.selectFrom('admin_sessions').select('hash').execute()
    for (const { hash } of rows) expect(cookie).not.toContain(hash)
  })
})

describe('a viewer', () => {
  test('looks at everything but captured mails, and changes nothing', async () => {
    const { visitor } = await logIn(VIEWER_PASSWORD)
    const get = async (url: string) => (await visitor.get(url)).statusCode
    expect([await get('/admin'), await get('/admin/digests'), await get('/admin/inbox')]).toEqual([
      200, 200, 403,
    ])
    const answer = await visitor.submit('/admin', '/admin/mail/try', {})
    expect([answer.statusCode, answer.body.includes('You may look, and change nothing')]).toEqual([403, true])
    expect((await visitor.submit('/admin/sessions', '/admin/logout', {})).statusCode).toBe(303)
    expect((await site.server.inject({ url: '/metrics', headers: basic(VIEWER_PASSWORD) })).statusCode).toBe(
      200,
    )
  })
})

describe('wrong passwords', () => {
  test('are counted, right ones are not, and the answer says when', async () => {
    const visitor = someone()
    const tryIt = (password: string) => visitor.submit('/admin/login', '/admin/login', { password })
    for (let n = 0; n < 8; n += 1) expect((await tryIt(ADMIN_PASSWORD)).statusCode).toBe(303)
    for (let n = 0; n < 5; n += 1) expect((await tryIt(`guess ${n}`)).statusCode).toBe(401)
    const answer = await tryIt(ADMIN_PASSWORD)
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([429, '300'])
    expect(answer.body).toContain('Try again in 5 minutes.')
    site.setNow('2026-11-20T09:05:01Z')
    expect((await tryIt(ADMIN_PASSWORD)).statusCode).toBe(303)
    site.setNow('2026-11-20T09:00:00Z')
  })

  test('at /metrics and /readyz count as well', async () => {
    const remoteAddress = '203.0.113.77'
    const ask = (url: string, password: string) =>
      site.server.inject({ url, headers: basic(password), remoteAddress })
    for (const url of ['/metrics', '/metrics', '/readyz?full', '/metrics', '/metrics']) {
      expect((await ask(url, 'a guess')).statusCode).toBe(401)
    }
    expect((await ask('/metrics', ADMIN_PASSWORD)).statusCode).toBe(429)
    const login = await visit(site.server, remoteAddress).submit('/admin/login', '/admin/login', {
      password: ADMIN_PASSWORD,
    })
    expect(login.statusCode).toBe(429)
  })
})
