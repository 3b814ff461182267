import { TOTP } from 'otpauth'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { listAudit } from '../../../../src/db/audit.ts'
import {
  ADMIN_PASSWORD,
  formToken,
  openTestSite,
  type TestSite,
  VIEWER_PASSWORD,
  type Visitor,
  visit,
} from '../../../support/web.ts'

let site: TestSite
let admin: Visitor
let visitors = 0
beforeAll(async () => {
  site = await openTestSite()
})
afterAll(() => site.close())
beforeEach(async () => {
  await site.tools.db.deleteFrom('second_factors').execute()
  site.setNow('2026-11-20T09:00:00Z')
  admin = someone()
  await logIn(admin, { password: ADMIN_PASSWORD })
})

const someone = () => visit(site.server, `198.51.100.${++visitors}`)
const logIn = (visitor: Visitor, fields: Record<string, string>) =>
  visitor.submit('/admin/login', '/admin/login', fields)
const codeFor = (secret: string, at = site.tools.now()) =>
  new TOTP({ secret }).generate({ timestamp: at.getTime() })

/** Sets a second factor up as a person does, with an app of another maker's code. */
async function setUp(): Promise<{ secret: string; codes: string[] }> {
  const { body } = await admin.submit('/admin/sessions', '/admin/second-factor/begin', {})
  const secret = /<code>([A-Z2-7 ]{39})<\/code>/.exec(body)![1]!.replaceAll(' ', '')
  // The policy of the page forbids a picture whose data stands in its address.
  expect(body).toContain('aria-label="QR code with the address below"><svg width="220"')
  expect(body).not.toContain('src="data:')
  const done = await admin.post('/admin/second-factor/confirm', {
    _csrf: formToken(body),
    code: codeFor(secret),
  })
  const codes = [...done.body.matchAll(/<li><code>([\w-]+)<\/code>/g)].map(([, code]) => code!)
  return { secret, codes }
}

test('once set up, the password alone does not open the desk; a code opens it once', async () => {
  const old = someone()
  await logIn(old, { password: ADMIN_PASSWORD })
  const { secret } = await setUp()
  expect((await old.get('/admin')).statusCode).toBe(302)
  expect((await admin.get('/admin')).statusCode).toBe(200)
  const visitor = someone()
  expect((await logIn(visitor, { password: ADMIN_PASSWORD })).statusCode).toBe(401)
  expect((await logIn(visitor, { password: ADMIN_PASSWORD, code: '000000' })).statusCode).toBe(401)
  // The code that set it up was used: it does not work again.
  expect((await logIn(visitor, { password: ADMIN_PASSWORD, code: codeFor(secret) })).statusCode).toBe(401)
  site.setNow('2026-11-20T09:01:00Z')
  const code = codeFor(secret)
  expect((await logIn(visitor, { password: ADMIN_PASSWORD, code })).statusCode).toBe(303)
  expect((await visitor.get('/admin')).statusCode).toBe(200)
  expect((await logIn(someone(), { password: ADMIN_PASSWORD, code })).statusCode).toBe(401)
})

test('of two who send the same code at once, one is let in', async () => {
  const { secret } = await setUp()
  site.setNow('2026-11-20T09:01:00Z')
  const code = codeFor(secret)
  const answers = await Promise.all(
    [someone(), someone(), someone()].map((one) => logIn(one, { password: ADMIN_PASSWORD, code })),
  )
  expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([303, 401, 401])
})

test('a code beside a wrong password is not used up, and wrong codes count as guesses', async () => {
  const { secret } = await setUp()
  site.setNow('2026-11-20T09:01:00Z')
  const code = codeFor(secret)
  const visitor = someone()
  await logIn(visitor, { password: 'a guess', code })
  for (let n = 0; n < 4; n += 1)
    expect((await logIn(visitor, { password: ADMIN_PASSWORD, code: `00000${n}` })).statusCode).toBe(401)
  const blocked = await logIn(visitor, { password: ADMIN_PASSWORD, code })
  expect([blocked.statusCode, blocked.headers['retry-after']]).toEqual([429, '300'])
  expect((await logIn(someone(), { password: ADMIN_PASSWORD, code })).statusCode).toBe(303)
})

test('each recovery code opens once, which is written down; a viewer needs no code', async () => {
  const { codes } = await setUp()
  expect(codes).toHaveLength(10)
  const [first, second] = codes as [string, string]
  expect((await logIn(someone(), { password: ADMIN_PASSWORD, code: first.toUpperCase() })).statusCode).toBe(
    303,
  )
  expect((await logIn(someone(), { password: ADMIN_PASSWORD, code: first })).statusCode).toBe(401)
  expect((await logIn(someone(), { password: ADMIN_PASSWORD, code: second })).statusCode).toBe(303)
  expect((await admin.get('/admin/sessions')).body).toContain('8 recovery codes left')
  expect((await listAudit(site.tools.db, 20)).map(({ action }) => action)).toContain('used a recovery code')
  expect((await logIn(someone(), { password: VIEWER_PASSWORD })).statusCode).toBe(303)
})

test('is taken away by a code only, and a wrong first code sets nothing up', async () => {
  const { body } = await admin.submit('/admin/sessions', '/admin/second-factor/begin', {})
  const wrong = await admin.post('/admin/second-factor/confirm', { _csrf: formToken(body), code: '000000' })
  expect([wrong.statusCode, wrong.body.includes('That code does not fit')]).toEqual([422, true])
  expect((await logIn(someone(), { password: ADMIN_PASSWORD })).statusCode).toBe(303)
  const { codes } = await setUp()
  const remove = (code: string) => admin.submit('/admin/sessions', '/admin/second-factor/remove', { code })
  expect((await remove('123123')).headers.location).toBe('/admin/sessions?wrong=code')
  expect((await admin.submit('/admin/sessions', '/admin/second-factor/begin', {})).statusCode).toBe(400)
  expect((await remove(codes[0]!)).headers.location).toBe('/admin/sessions')
  expect((await logIn(someone(), { password: ADMIN_PASSWORD })).statusCode).toBe(303)
})

test('neither pages nor the database tell the secret', async () => {
  const { secret, codes } = await setUp()
  const page = (await admin.get('/admin/sessions')).body
  const [row] = await site.tools.db.selectFrom('second_factors').selectAll().execute()
  const stored = `${row!.sealed_secret.toString('latin1')} ${JSON.stringify(row)}`
  for (const text of [secret, ...codes]) {
    expect(page).not.toContain(text)
    expect(stored).not.toContain(text)
  }
})

test('guesses sent at once are counted before they are checked: five are tried', async () => {
  const guesser = someone()
  const _csrf = formToken((await guesser.get('/admin/login')).body)
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, n) => guesser.post('/admin/login', { _csrf, password: `guess ${n}` })),
  )
  expect(answers.filter(({ statusCode }) => statusCode === 401)).toHaveLength(5)
  expect(answers.filter(({ statusCode }) => statusCode === 429)).toHaveLength(35)
})
