import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestSite, type TestSite } from '../../../support/web.ts'

let site: TestSite
beforeAll(async () => {
  const proxyLogin = { header: 'remote-user', admins: ['ann'], viewers: ['vic'] }
  site = await openTestSite({ proxyLogin })
})
afterAll(() => site.close())

const BY_PROXY = { remoteAddress: '127.0.0.1', forwarded: '192.0.2.50' }

/** A request as the proxy passes it on; `forwarded`: what it says of the visitor's address. */
async function ask(
  user: string | undefined,
  {
    url = '/admin',
    method = 'GET',
    remoteAddress = BY_PROXY.remoteAddress,
    forwarded = BY_PROXY.forwarded,
    more = {},
  }: {
    url?: string
    method?: 'GET' | 'POST'
    remoteAddress?: string
    forwarded?: string | undefined
    more?: Record<string, string>
  } = {},
) {
  const headers = {
    accept: 'text/html',
    ...(user === undefined ? {} : { 'remote-user': user }),
    ...(forwarded === '' ? {} : { 'x-forwarded-for': forwarded }),
    ...more,
  }
  return site.server.inject({ url, method, remoteAddress, headers })
}
const code = async (...given: Parameters<typeof ask>) => (await ask(...given)).statusCode

test('whom the proxy names comes in as what the settings say, and others are asked to log in', async () => {
  expect([
    await code('ann'),
    await code('vic'),
    await code('eve'),
    await code(undefined),
    await code(''),
  ]).toEqual([200, 200, 302, 302, 302])
  expect((await ask('ann', { url: '/admin/sessions' })).body).toContain('You are <strong>ann</strong>')
  expect([await code('ann', { url: '/admin/inbox' }), await code('vic', { url: '/admin/inbox' })]).toEqual([
    200, 403,
  ])
  expect(await code('ann', { url: '/metrics' })).toBe(200)
})

test('the header of anybody but a trusted proxy names nobody', async () => {
  // A stranger's own request, with and without a made-up address.
  expect(await code('ann', { remoteAddress: '203.0.113.9' })).toBe(302)
  expect(await code('ann', { remoteAddress: '203.0.113.9', forwarded: '' })).toBe(302)
  // A program on this machine that is no proxy: it does not say for whom it asks.
  expect(await code('ann', { forwarded: '' })).toBe(302)
})

test('another site cannot use it: a write needs the form’s token, and comes from here', async () => {
  const write = { url: '/admin/mail/try', method: 'POST' as const }
  expect(await code('ann', write)).toBe(403)
  expect(await code('ann', { ...write, more: { 'sec-fetch-site': 'cross-site' } })).toBe(403)
})
