import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { insertCapturedMail } from '../../../src/db/mail/capturedMails.ts'
import { createBoard } from '../../../src/workers/board.ts'
import { openQueues, type Queues } from '../../../src/workers/queues.ts'
import { openTestDatabase, type TestDatabase } from '../../support/database.ts'
import { ADMIN_PASSWORD, dumpRows, openTestSite, type TestSite, visit } from '../../support/web.ts'

let site: TestSite
let queues: Queues
let queueHome: TestDatabase
let visitors = 0
const someone = () => visit(site.server, `198.51.100.${++visitors}`)

beforeAll(async () => {
  queueHome = await openTestDatabase()
  const { url: databaseUrl, redisUrl, queuePrefix: prefix } = queueHome
  queues = await openQueues({ databaseUrl, redisUrl, prefix })
  site = await openTestSite({
    board: createBoard(queues, '/admin/queues'),
    queueStates: () => queues.states(),
    findJobs: (wish) => queues.find(wish),
    resumeQueue: (step) => queues.resume(step),
  })
})
afterAll(async () => {
  await site.close()
  await queues.close()
  await queueHome.close()
})
afterEach(() => site.setNow('2026-11-20T09:00:00Z'))

const logIn = async (password = ADMIN_PASSWORD, page = '/admin/login', next = '/admin') => {
  const visitor = someone()
  return { visitor, answer: await visitor.submit(page, '/admin/login', { password, next }) }
}

const PAUSE = '/admin/queues/api/queues/fetchPage/pause'

describe('the door', () => {
  test.each([
    '/admin',
    '/admin/inbox',
    '/admin/inbox/1',
    '/admin/queues',
    '/admin/queues/api/queues',
    '/admin/nothing',
  ])('%s leads a person to the login', async (address) => {
    const answer = await someone().get(address)
    expect([answer.statusCode, answer.headers.location?.split('?')[0]]).toEqual([302, '/admin/login'])
  })

  test('tells programs 401, whatever the method', async () => {
    const get = await site.server.inject({ url: '/admin/queues/api/queues' })
    const put = await site.server.inject({ method: 'PUT', url: PAUSE, headers: { accept: 'text/html' } })
    expect([get.statusCode, get.json(), put.statusCode]).toEqual([
      401,
      { error: expect.stringContaining('/admin/login') },
      401,
    ])
  })

  test('an address with a NUL in it cannot be read, whoever asks', async () => {
    const { visitor } = await logIn()
    for (const address of ['/admin/queues/api/queues/fetchPage/%00', '/admin/inbox/%00']) {
      expect((await visitor.get(address)).statusCode).toBe(400)
      expect((await someone().get(address)).statusCode).toBe(400)
    }
  })

  test('a wrong password is refused with 401, and gives no cookie', async () => {
    for (const password of ['wrong', '', `${ADMIN_PASSWORD} `]) {
      const { visitor, answer } = await logIn(password)
      expect([answer.statusCode, answer.body.includes('That is not the password')]).toEqual([401, true])
      expect((await visitor.get('/admin')).statusCode).toBe(302)
    }
  })

  test('five tries in five minutes from one address, however it names itself', async () => {
    const guesser = visit(site.server, '203.0.113.66')
    const page = (await guesser.get('/admin/login')).body
    const _csrf = /name="_csrf" value="([^"]+)"/.exec(page)![1]!
    const codes = []
    for (let n = 0; n < 7; n += 1) {
      const headers = { 'x-forwarded-for': `10.0.0.${n}` }
      codes.push((await guesser.post('/admin/login', { _csrf, password: `guess ${n}` }, headers)).statusCode)
    }
    expect(codes).toEqual([401, 401, 401, 401, 401, 429, 429])
  })

  test('the right one opens a session of 12 hours in a cookie out of reach for scripts and other sites', async () => {
    const { visitor, answer } = await logIn()
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/admin'])
    const cookie = answer.cookies.find(({ name }) => name === '__Host-paperboy-admin')
    expect(cookie).toMatchObject({
      httpOnly: true,
      secure: true,
      sameSite: 'Strict',
      path: '/',
      maxAge: 12 * 60 * 60,
    })
    expect((await visitor.get('/admin')).statusCode).toBe(200)
    site.setNow('2026-11-20T20:59:59Z')
    expect((await visitor.get('/admin')).statusCode).toBe(200)
    site.setNow('2026-11-20T21:00:01Z')
    expect((await visitor.get('/admin')).statusCode).toBe(302)
  })

  test('a cookie made by hand opens nothing', async () => {
    for (const value of ['99999999999999', '99999999999999.AAAA', '']) {
      const answer = await site.server.inject({
        url: '/admin',
        cookies: { '__Host-paperboy-admin': value },
        headers: { accept: 'text/html' },
      })
      expect(answer.statusCode).toBe(302)
    }
  })

  test.each(['//evil.example', 'https://evil.example', '/admin/../x', '/trending', '/admin//evil.example'])(
    'after the login nobody is sent to %s',
    async (next) => {
      const { answer } = await logIn(ADMIN_PASSWORD, `/admin/login?next=${encodeURIComponent(next)}`, next)
      expect(answer.headers.location).toBe('/admin')
    },
  )

  test('goes back to where one wanted to go, and out again', async () => {
    const { visitor, answer } = await logIn(
      ADMIN_PASSWORD,
      '/admin/login?next=%2Fadmin%2Fqueues',
      '/admin/queues',
    )
    expect(answer.headers.location).toBe('/admin/queues')
    const out = await visitor.submit('/admin', '/admin/logout', {})
    expect([out.statusCode, out.headers.location]).toEqual([303, '/'])
    expect((await visitor.get('/admin')).statusCode).toBe(302)
  })
})

describe('behind it', () => {
  test('the queues open for the admin, with a policy of their own that still loads nothing from elsewhere', async () => {
    const { visitor } = await logIn()
    const page = await visitor.get('/admin/queues')
    expect(page.statusCode).toBe(200)
    expect(page.headers['content-security-policy']).toBe(
      "default-src 'self';style-src 'self' 'unsafe-inline';img-src 'self' data:;object-src 'none';frame-ancestors 'none';upgrade-insecure-requests",
    )
    expect((await visitor.get('/admin/queues/api/queues')).json().queues).toHaveLength(queues.byStep.size)
  })

  test('what another site sends with the admin’s browser is refused', async () => {
    const { visitor } = await logIn()
    const before = await dumpRows(site)
    const put = (site: string) =>
      visitor.send({ method: 'PUT', url: PAUSE, headers: { 'sec-fetch-site': site } })
    expect((await put('cross-site')).statusCode).toBe(403)
    expect(await queues.byStep.get('fetchPage')!.isPaused()).toBe(false)
    expect(await dumpRows(site)).toEqual(before)
    expect((await put('same-origin')).statusCode).toBe(200)
    expect(await queues.byStep.get('fetchPage')!.isPaused()).toBe(true)
  })
})

describe('the inbox', () => {
  const HOSTILE = [
    'From: "A <script>" <a@b.example>',
    'To: reader@example.org',
    'Subject: =?utf-8?q?=3Cscript=3Ealert=281=29=3C/script=3E?=',
    'Content-Type: text/html; charset=utf-8',
    '',
    '<html><head><style>@media (prefers-color-scheme: dark) { a { color: red } }</style></head><body><script>alert(1)</script><a href="https://site.example/confirm/x?a=1&amp;b=2">go</a></body></html>',
  ].join('\r\n')

  test('shows a mail’s parts as text, and its HTML in a frame without scripts or requests', async () => {
    const { db, now } = site.tools
    const raw = Buffer.from(HOSTILE)
    const id = await insertCapturedMail(db, {
      mailFrom: 'a@b.example',
      rcptTo: ['reader@example.org'],
      subject: '<script>alert(1)</script>',
      raw,
      receivedAt: now(),
    })
    const { visitor } = await logIn()
    const list = await visitor.get('/admin/inbox')
    const page = await visitor.get(`/admin/inbox/${id}`)
    for (const { body } of [list, page]) {
      expect(body).toContain('&lt;script&gt;alert(1)')
      expect(body).not.toContain('<script>')
    }
    expect(page.body).toContain('href="https://site.example/confirm/x?a=1&amp;b=2"')
    expect(page.body).toContain(
      `sandbox="allow-popups allow-popups-to-escape-sandbox" src="/admin/inbox/${id}/html"`,
    )
    const frame = await visitor.get(`/admin/inbox/${id}/html`)
    expect(frame.headers['content-security-policy']).toBe(
      "default-src 'none';style-src 'unsafe-inline';base-uri 'none';form-action 'none';frame-ancestors 'self';sandbox allow-popups allow-popups-to-escape-sandbox;upgrade-insecure-requests",
    )
    expect(frame.headers['x-frame-options']).toBe('SAMEORIGIN')
    const file = await visitor.get(`/admin/inbox/${id}/mail.eml`)
    expect(file.rawPayload.equals(raw)).toBe(true)
    expect(file.headers['content-disposition']).toBe(`attachment; filename="paperboy-mail-${id}.eml"`)
    const phone = (await visitor.get(`/admin/inbox/${id}?view=phone&dark=on`)).body
    expect(phone).toContain('<iframe class="mail-frame phone dark"')
    const dark = (await visitor.get(`/admin/inbox/${id}/html?dark=on`)).body
    expect([dark, frame.body].map((html) => /@media \((\w+)-width: 0\)/.exec(html)?.[1])).toEqual([
      'min',
      'max',
    ])
  })

  test('has pages, and no mail that is not there', async () => {
    const { db, now } = site.tools
    const mail = { mailFrom: '', rcptTo: ['x@y.example'], raw: Buffer.from(''), receivedAt: now() }
    for (let n = 1; n <= 51; n += 1) await insertCapturedMail(db, { ...mail, subject: `mail number ${n}.` })
    const { visitor } = await logIn()
    const first = (await visitor.get('/admin/inbox')).body
    expect([first.includes('mail number 51.'), first.includes('mail number 1.')]).toEqual([true, false])
    const older = /\/admin\/inbox\?before=\d+/.exec(first)![0]
    expect((await visitor.get(older)).body).toContain('mail number 1.')
    for (const id of ['999999', '0', 'x', '1e3', '99999999999999999999']) {
      expect((await visitor.get(`/admin/inbox/${id}`)).statusCode).toBe(404)
    }
  })

  test('is not there where mail goes out through a relay', async () => {
    const real = await openTestSite({ smtpUrl: 'smtp://relay.example.org' })
    try {
      const admin = visit(real.server)
      await admin.submit('/admin/login', '/admin/login', { password: ADMIN_PASSWORD })
      expect([(await admin.get('/admin')).statusCode, (await admin.get('/admin/inbox')).statusCode]).toEqual([
        200, 404,
      ])
      expect((await admin.get('/admin')).body).not.toContain('/admin/inbox')
    } finally {
      await real.close()
    }
  })
})
