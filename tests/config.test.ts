import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readConfig } from '../src/config.ts'
import { PermanentError } from '../src/errors.ts'
import { SETTINGS } from '../src/settings.ts'

const LONG = 'x'.repeat(32)

test('with nothing set everything has its safe default', () => {
  expect(readConfig({})).toEqual({
    keep: { pages: 400, fetches: 60, replays: 400, mailEvents: 400, audit: 400 },
    databaseUrl: undefined,
    redisUrl: undefined,
    smtpUrl: undefined,
    publicUrl: 'http://localhost:3000',
    mailFrom: 'Paperboy <paperboy@localhost>',
    bounceAddress: undefined,
    bouncePort: undefined,
    thumbnails: true,
    webhooks: {},
    mailOnDoubt: 'hold',
    smtpTlsCa: undefined,
    smtpTls: undefined,
    smtpEhlo: undefined,
    dkimKeys: undefined,
    domainLimits: undefined,
    trustedProxies: ['self'],
    secret: undefined,
    adminPassword: undefined,
    viewerPassword: undefined,
    dataDir: './data',
    replayDir: undefined,
    databaseLimit: undefined,
    backupEvery: undefined,
    alertMail: [],
    alertWebhooks: [],
    alertQuiet: undefined,
    host: '127.0.0.1',
    port: 3000,
    logLevel: 'info',
    allowPrivateSources: false,
    queuePrefix: 'paperboy',
    settings: expect.any(Array),
  })
})

test('an empty value counts as unset', () => {
  const empty = Object.fromEntries(SETTINGS.map((setting) => [setting.name, '']))
  expect(readConfig(empty)).toEqual(readConfig({}))
})

test('a value may come from a file, as secrets of containers do', () => {
  const folder = mkdtempSync(join(tmpdir(), 'paperboy-settings-'))
  const file = join(folder, 'secret')
  writeFileSync(file, `${LONG}\n`)
  expect(readConfig({ SECRET_FILE: file, PORT_FILE: '' }).secret).toBe(LONG)
  writeFileSync(file, '')
  for (const { name } of SETTINGS)
    expect(readConfig({ [`${name}_FILE`]: file })).toEqual(readConfig({ [name]: '' }))
  expect(() => readConfig({ SECRET_FILE: file, SECRET: LONG })).toThrow('got both')
  expect(() => readConfig({ SECRET_FILE: join(folder, 'none') })).toThrow(
    /SECRET_FILE: expected a file that can be read, got ".*none"/,
  )
  rmSync(folder, { recursive: true })
})

test('each setting is shown with its origin, and no secret', () => {
  const folder = mkdtempSync(join(tmpdir(), 'paperboy-settings-'))
  const file = join(folder, 'password')
  writeFileSync(file, 'hidden-hidden-hidden')
  const { settings } = readConfig({
    DATABASE_URL: 'postgresql://me:hid/d@en@db.example:5432/paperboy?password=hidden',
    SMTP_URLS: 'smtp://a:hidden@one.example:587 weight=3 smtp://two.example',
    PUBLIC_URL: 'https://digest.example.org',
    MAIL_FROM: 'Paperboy <digest@example.org>',
    ALERT_WEBHOOK: 'https://hooks.slack.com/services/hidden',
    ADMIN_PASSWORD_FILE: file,
  })
  rmSync(folder, { recursive: true })
  const shown = Object.fromEntries(settings.map((one) => [one.name, `${one.value} from ${one.from}`]))
  expect(shown).toMatchObject({
    DATABASE_URL: 'postgresql://…@db.example:5432/paperboy?… from environment',
    SMTP_URLS: 'smtp://…@one.example:587 weight=3 smtp://two.example from environment',
    PUBLIC_URL: 'https://digest.example.org from environment',
    ADMIN_PASSWORD: 'set, not shown from file',
    ALERT_WEBHOOK: 'set, not shown from environment',
    PORT: 'undefined from default',
  })
  expect(JSON.stringify(Object.values(shown))).not.toMatch(/hid\/|hidden/)
})

test('what was read cannot be changed', () => {
  expect(Object.isFrozen(readConfig({}))).toBe(true)
})

describe('values are taken', () => {
  const taken: [name: string, value: string, key: string, expected: unknown][] = [
    ['DATABASE_URL', 'postgresql://u:p@db:5432/paperboy', 'databaseUrl', 'postgresql://u:p@db:5432/paperboy'],
    ['DATABASE_URL', 'postgres://db/paperboy', 'databaseUrl', 'postgres://db/paperboy'],
    ['REDIS_URL', 'rediss://cache:6380/2', 'redisUrl', 'rediss://cache:6380/2'],
    ['SMTP_URL', 'smtp://127.0.0.1:1025', 'smtpUrl', 'smtp://127.0.0.1:1025'],
    ['PUBLIC_URL', 'https://digest.example.org///', 'publicUrl', 'https://digest.example.org'],
    [
      'SMTP_URL',
      'smtp://AKIAQ:BEV0/VzqX75/+1Fs@127.0.0.1:25',
      'smtpUrl',
      'smtp://AKIAQ:BEV0/VzqX75/+1Fs@127.0.0.1:25',
    ],
    ['SMTP_TLS', 'insecure-local', 'smtpTls', 'insecure-local'],
    ['SMTP_EHLO', 'mail.example.org', 'smtpEhlo', 'mail.example.org'],
    ['DKIM_KEYS', 'one=/a.pem, two=/b.pem', 'dkimKeys', 'one=/a.pem, two=/b.pem'],
    ['MAIL_DOMAIN_LIMITS', '* per-second=5', 'domainLimits', '* per-second=5'],
    ['TRUSTED_PROXIES', 'self, 10.0.0.0/8', 'trustedProxies', ['self', '10.0.0.0/8']],
    ['MAIL_FROM', '"Papers, Daily" <a@b.example>', 'mailFrom', '"Papers, Daily" <a@b.example>'],
    ['MAIL_FROM', 'digest@example.org', 'mailFrom', 'digest@example.org'],
    ['MAIL_ON_DOUBT', 'resend', 'mailOnDoubt', 'resend'],
    ['SECRET', LONG, 'secret', LONG],
    ['ADMIN_PASSWORD', 'twelve chars', 'adminPassword', 'twelve chars'],
    ['DATA_DIR', '/var/lib/paperboy', 'dataDir', '/var/lib/paperboy'],
    ['HOST', '0.0.0.0', 'host', '0.0.0.0'],
    ['PORT', '0', 'port', 0],
    ['LOG_LEVEL', 'silent', 'logLevel', 'silent'],
    ['ALLOW_PRIVATE_SOURCES', 'true', 'allowPrivateSources', true],
    ['QUEUE_PREFIX', 'second-one', 'queuePrefix', 'second-one'],
  ]
  test.each(taken)('%s=%s', (name, value, key, expected) => {
    expect(readConfig({ [name]: value })).toMatchObject({ [key]: expected })
  })

  test('a proxy’s header and its users belong together', () => {
    const config = readConfig({
      ADMIN_PROXY_HEADER: 'Remote-User',
      ADMIN_USERS: 'ann, bob',
      VIEWER_USERS: '*',
    })
    expect(config.proxyLogin).toEqual({ header: 'remote-user', admins: ['ann', 'bob'], viewers: ['*'] })
    expect(readConfig({}).proxyLogin).toBeUndefined()
    expect(() => readConfig({ ADMIN_PROXY_HEADER: 'Remote-User' })).toThrow(
      /^ADMIN_USERS: expected the users/,
    )
    expect(() => readConfig({ ADMIN_USERS: 'ann' })).toThrow(/^ADMIN_PROXY_HEADER: expected the header/)
  })

  test('links of a service on another port begin with that port', () => {
    expect(readConfig({ PORT: '8080' }).publicUrl).toBe('http://localhost:8080')
  })
})

describe('a wrong value is refused by its name, with what was expected', () => {
  const refused: [name: string, value: string][] = [
    ['DATABASE_URL', 'mysql://db/paperboy'],
    ['DATABASE_URL', 'localhost'],
    ['REDIS_URL', 'http://cache:6379'],
    ['SMTP_URL', 'mail.example.org:25'],
    ['PUBLIC_URL', 'digest.example.org'],
    ['PUBLIC_URL', 'javascript:alert(1)'],
    ['PUBLIC_URL', 'https://example.org/papers/'],
    ['SMTP_TLS', 'off'],
    ['SMTP_EHLO', 'localhost'],
    ['DKIM_KEYS', 'one'],
    ['KEEP_PAGES', '0'],
    ['KEEP_MAIL_EVENTS', '30'],
    ['TRUSTED_PROXIES', 'everybody'],
    ['ADMIN_PROXY_HEADER', 'Remote User'],
    ['MAIL_ON_DOUBT', 'maybe'],
    ['MAIL_FROM', 'nobody'],
    ['MAIL_FROM', 'A <a@example.org>\r\nBcc: b@example.org'],
    ['SECRET', 'short'],
    ['ADMIN_PASSWORD', 'short'],
    ['PORT', 'eighty'],
    ['PORT', '65536'],
    ['PORT', '3000.5'],
    ['LOG_LEVEL', 'loud'],
    ['ALLOW_PRIVATE_SOURCES', 'perhaps'],
    ['QUEUE_PREFIX', 'a:b'],
  ]
  test.each(refused)('%s=%s', (name, value) => {
    const { expected } = SETTINGS.find((setting) => setting.name === name)!
    const message = refusalOf({ [name]: value })
    expect(message.startsWith(`${name}: expected ${expected}, got `)).toBe(true)
    expect(message).not.toContain('\n')
  })

  test('without showing what is secret', () => {
    const secrets = {
      DATABASE_URL: 'mysql://u:hunter2@db/x',
      SMTP_URL: 'http://u:hunter2@mail',
      SECRET: 'hunter2',
      ADMIN_PASSWORD: 'hunter2',
    }
    const messages = Object.entries(secrets).map(([name, value]) => refusalOf({ [name]: value }))
    expect(messages.filter((message) => message.includes('hunter2'))).toEqual([])
  })
})

describe('mail that reaches people needs a real sender and real links', () => {
  const relay = { SMTP_URL: 'smtp://mail.example.org:587' }
  const links = { PUBLIC_URL: 'https://digest.example.org' }
  const sender = { MAIL_FROM: 'Paperboy <digest@example.org>' }
  test('a relay without PUBLIC_URL', () => {
    expect(refusalOf({ ...relay, ...sender })).toMatch(
      /^PUBLIC_URL: expected a value that people can reach because SMTP_URL is set, got none/,
    )
  })
  test('a relay without MAIL_FROM', () => {
    expect(refusalOf({ ...relay, ...links })).toMatch(/^MAIL_FROM: expected a value that people can reach/)
  })
  test.each([
    [{ PUBLIC_URL: 'http://localhost:3000' }, /^PUBLIC_URL: .*got http:\/\/localhost:3000/],
    [{ MAIL_FROM: 'Paperboy <paperboy@localhost>' }, /^MAIL_FROM: .*got Paperboy <paperboy@localhost>/],
  ])('the values of docker-compose.yml for its mail catcher are not for a real relay: %j', (local, said) => {
    expect(refusalOf({ ...relay, ...links, ...sender, ...local })).toMatch(said)
    const caught = { ...links, ...sender, ...local, SMTP_URL: 'smtp://mail:1025' }
    expect(readConfig(caught).smtpUrl).toBe('smtp://mail:1025')
  })
  test('a relay with both', () => {
    expect(readConfig({ ...relay, ...links, ...sender }).smtpUrl).toBe(relay.SMTP_URL)
  })
  test.each(['smtp://localhost:1025', 'smtp://127.0.0.1:1025', 'smtp://[::1]:1025'])(
    'not where mail stays on this machine: %s',
    (url) => {
      expect(readConfig({ SMTP_URL: url }).smtpUrl).toBe(url)
    },
  )
})

test('any environment gives a configuration or one line that names a setting', () => {
  const names = SETTINGS.map((setting) => setting.name)
  const environment = fc.dictionary(fc.constantFrom(...names), fc.oneof(fc.string(), fc.webUrl(), fc.lorem()))
  fc.assert(
    fc.property(environment, (env) => {
      const message = refusalOrNone(env)
      return message === undefined || names.some((name) => new RegExp(`^${name}: expected .*$`).test(message))
    }),
  )
})

function refusalOf(env: Record<string, string>): string {
  const message = refusalOrNone(env)
  if (message === undefined) throw new Error(`expected a refusal of ${Object.keys(env)}, got a configuration`)
  return message
}

function refusalOrNone(env: Record<string, string>): string | undefined {
  try {
    readConfig(env)
    return undefined
  } catch (error) {
    if (error instanceof PermanentError) return error.message
    throw error
  }
}
