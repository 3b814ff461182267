import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterEach, describe, expect, test } from 'vitest'
import type { Mail } from '../../../src/mail/compose/message.ts'
import { createMailer, type Mailer, type MailTimeouts } from '../../../src/mail/deliver/transport.ts'
import { sampleMail } from '../sampleMail.ts'
import { type Script, type ScriptedServer, startScriptedServer } from '../scriptedServer.ts'

/** Where the server is to be waited for in vain; else the time limits are far off. */
const IMPATIENT: Partial<MailTimeouts> = { greeting: 1000, idle: 1000 }
const PIPELINING = '250-test\r\n250 PIPELINING'
const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** Servers with and without PIPELINING answer the envelope one by one or at once. */
async function serveBoth(script: Script): Promise<ScriptedServer[]> {
  return Promise.all(['250 test', PIPELINING].map((EHLO) => serve({ EHLO, ...script })))
}

async function serve(script: Script): Promise<ScriptedServer> {
  const server = await startScriptedServer(script)
  closers.push(() => server.close())
  return server
}

function mailerTo(smtpUrl: string, timeouts: Partial<MailTimeouts> = {}, maxConnections = 2): Mailer {
  const mailer = createMailer({ smtpUrl, timeouts: { connect: 5000, ...timeouts }, maxConnections })
  closers.push(() => mailer.close())
  return mailer
}

const mail: Mail = await sampleMail()

test('an accepted mail is answered with the server’s words', async () => {
  const server = await serve({})
  expect(await mailerTo(server.url).send(mail)).toEqual({
    kind: 'accepted',
    response: '250 2.0.0 taken as 4711',
  })
  expect(server.messages).toHaveLength(1)
  expect(server.commands.filter((line) => /^(MAIL|RCPT)/.test(line))).toEqual([
    'MAIL FROM:<digest@example.org>',
    'RCPT TO:<ann@reader.example>',
  ])
})

const temporary = { kind: 'refused', permanent: false, hardBounce: false, blame: 'mail' }
const permanent = { kind: 'refused', permanent: true, hardBounce: false, blame: 'mail' }
const hard = { kind: 'refused', permanent: true, hardBounce: true, blame: 'mail' }
/** It says nothing of the mail: the server is away or lets nobody in. */
const away = { ...temporary, blame: 'server' }
/** It speaks of the recipient's domain: other domains fare better. */
const busy = { ...temporary, blame: 'domain' }
/** It speaks of the sender: nobody else would fare better. */
const ours = { ...temporary, blame: 'sender' }

describe('a reply of failure', () => {
  test.each<[string, Script, object]>([
    ['450 at RCPT', { RCPT: '450 4.2.0 busy' }, { ...temporary, code: 450, status: '4.2.0' }],
    ['451 at RCPT', { RCPT: '451 4.7.1 Greylisted' }, { ...busy, code: 451, status: '4.7.1' }],
    ['452 at RCPT', { RCPT: '452 4.2.2 mailbox full' }, { ...temporary, code: 452 }],
    ['421 at connect', { CONNECT: '421 too many' }, { ...away, code: 421 }],
    ['421 at MAIL', { MAIL: '421 4.7.0 slow down' }, { ...away, code: 421, status: '4.7.0' }],
    ['421 at RCPT', { RCPT: '421 4.3.2 closing' }, { ...busy, code: 421 }],
    ['554 at connect', { CONNECT: '554 5.7.1 you are blocked' }, { ...away, code: 554 }],
    ['503 at MAIL', { MAIL: '503 bad sequence' }, { ...away, code: 503 }],
    ['550 5.1.1 at RCPT', { RCPT: '550 5.1.1 no such user' }, { ...hard, code: 550, status: '5.1.1' }],
    ['550 5.1.2 at RCPT', { RCPT: '550 5.1.2 no such host' }, hard],
    ['553 5.1.3 at RCPT', { RCPT: '553 5.1.3 bad address' }, hard],
    ['551 5.1.6 at RCPT', { RCPT: '551 5.1.6 moved' }, hard],
    ['556 5.1.10 at RCPT', { RCPT: '556 5.1.10 takes no mail' }, { ...hard, status: '5.1.10' }],
    ['550 5.2.1 at RCPT', { RCPT: '550 5.2.1 disabled' }, hard],
    ['550 of two lines at RCPT', { RCPT: '550-5.1.1 no such user\r\n550 5.1.1 sorry' }, hard],
    ['bare 550 at RCPT', { RCPT: '550 no such user here' }, { ...hard, code: 550 }],
    ['bare 550 that speaks of relaying', { RCPT: '550 relaying denied' }, ours],
    ['bare 550 that speaks of a block list', { RCPT: '550 listed at dnsbl.test' }, ours],
    ...[
      '550 Sender verify failed',
      '550 Administrative prohibition',
      '550 HELO is invalid',
      '550 Reverse DNS lookup failed',
      '550 Daily sending quota exceeded',
      '550 authorization required',
    ].map((RCPT): [string, Script, object] => [RCPT, { RCPT }, ours]),
    ...['550 mailbox unavailable', '550 User unknown', '550 Account disabled'].map(
      (RCPT): [string, Script, object] => [RCPT, { RCPT }, hard],
    ),
    ['bare 550 that says nothing', { RCPT: '550 no' }, permanent],
    ['550 over quota', { RCPT: '550 mailbox quota exceeded' }, permanent],
    ['550 5.1.8 at RCPT', { RCPT: '550 5.1.8 bad sender domain' }, ours],
    ['bare 553 at RCPT', { RCPT: '553 no' }, permanent],
    ['550 5.2.2 at RCPT', { RCPT: '550 5.2.2 mailbox full' }, permanent],
    ['550 5.7.1 at RCPT', { RCPT: '550 5.7.1 not you' }, { ...ours, status: '5.7.1' }],
    ['550 5.7.26 at RCPT', { RCPT: '550 5.7.26 unauthenticated' }, ours],
    ['550 5.7.515 at RCPT', { RCPT: '550 5.7.515 Access denied' }, { ...ours, status: '5.7.515' }],
    ['550 5.1.1 at MAIL', { MAIL: '550 5.1.1 no such sender' }, ours],
    ['550 at MAIL', { MAIL: '550 no' }, ours],
    ['554 at DATA', { DATA: '554 5.3.0 no' }, permanent],
    ['451 at DATA', { DATA: '451 4.3.0 later' }, temporary],
    ['450 after the message', { '.': '450 4.3.0 later' }, { ...temporary, code: 450 }],
    ['421 after the message', { '.': '421 4.3.2 closing' }, { ...busy, code: 421 }],
    ['550 5.7.1 after the message', { '.': '550 5.7.1 spam' }, { ...ours, code: 550 }],
    ['550 5.1.1 after the message', { '.': '550 5.1.1 no such user' }, hard],
    ['bare 550 after the message', { '.': '550 no' }, permanent],
  ])('%s', async (_name, script, expected) => {
    for (const server of await serveBoth(script)) {
      expect(await mailerTo(server.url).send(mail)).toMatchObject(expected)
    }
  })

  test('is told in one line without the recipient’s address', async () => {
    const server = await serve({ RCPT: '550 5.1.1 <Ann@Reader.Example> unknown\tuser' })
    expect(await mailerTo(server.url).send(mail)).toMatchObject({
      reason:
        'expected the mail server to take the mail, got "550 5.1.1 <the recipient> unknown user" (RCPT TO)',
    })
  })
})

describe('the connection ends before the message: surely not sent', () => {
  test.each<[string, Script]>([
    ['drops at connect', { CONNECT: 'drop' }],
    ['never greets', { CONNECT: 'silence' }],
    ['greets with nonsense', { CONNECT: 'HTTP/1.1 400 Bad Request' }],
    ['drops after EHLO', { EHLO: 'drop' }],
    ['falls silent after EHLO', { EHLO: 'silence' }],
    ['drops after MAIL', { MAIL: 'drop' }],
    ['drops after RCPT', { RCPT: 'drop' }],
    ['falls silent after RCPT', { RCPT: 'silence' }],
    ['drops after DATA', { DATA: 'drop' }],
    ['falls silent after DATA', { DATA: 'silence' }],
  ])('%s', async (_name, script) => {
    const servers = await serveBoth(script)
    const results = await Promise.all(servers.map(({ url }) => mailerTo(url, IMPATIENT).send(mail)))
    expect(results).toMatchObject([away, away])
    expect(servers.map(({ messages }) => messages.length)).toEqual([0, 0])
  })

  test('connection refused', async () => {
    const server = await serve({})
    await server.close()
    expect(await mailerTo(server.url).send(mail)).toEqual({
      ...away,
      reason:
        'expected the mail server to take the mail, got connection refused; check that the mail server of SMTP_URL runs and the port is right',
    })
  })

  test('name not found', async () => {
    expect(await mailerTo('smtp://no-such-host.invalid:25', { connect: 2000 }).send(mail)).toMatchObject(away)
  })

  test('login refused', async () => {
    const server = new SMTPServer({
      allowInsecureAuth: true,
      disabledCommands: ['STARTTLS'],
      disableReverseLookup: true,
      onAuth: (_auth, _session, done) => done(new Error('no')),
    })
    const port = await listen(server)
    const result = await mailerTo(`smtp://user:wrong-pa%3Ass@127.0.0.1:${port}`).send(mail)
    expect(result).toMatchObject({ ...away, code: 535 })
    expect(JSON.stringify(result)).not.toContain('wrong-pa')
  })

  test('no TLS where TLS is asked for', async () => {
    const server = await serve({})
    expect(await mailerTo(`${server.url}?requireTLS=true`).send(mail)).toMatchObject(away)
    expect(await mailerTo(server.url.replace('smtp:', 'smtps:')).send(mail)).toMatchObject(away)
    expect(server.messages).toEqual([])
  })

  test('an untrusted certificate', async () => {
    const server = new SMTPServer({
      secure: true,
      authOptional: true,
      logger: false,
      disableReverseLookup: true,
    })
    const port = await listen(server)
    expect(await mailerTo(`smtps://127.0.0.1:${port}`).send(mail)).toMatchObject(away)
  })

  test('the mail is larger than the server takes: for good', async () => {
    const server = await serve({ EHLO: '250-test\r\n250 SIZE 1000', MAIL: '552 5.3.4 too big' })
    expect(await mailerTo(server.url).send(mail)).toMatchObject(permanent)
  })
})

describe('the connection ends under way: unknown', () => {
  test.each<[string, Script, number]>([
    ['drops in the body', { BODY: 'drop' }, 0],
    ['takes the message and drops', { '.': 'drop' }, 1],
    ['takes the message and falls silent', { '.': 'silence' }, 1],
    ['takes the message and answers nonsense', { '.': 'what?' }, 1],
  ])('%s', async (_name, script, stored) => {
    const servers = await serveBoth(script)
    const results = await Promise.all(servers.map(({ url }) => mailerTo(url, IMPATIENT).send(mail)))
    expect(results).toMatchObject([{ kind: 'unknown' }, { kind: 'unknown' }])
    expect(servers.map(({ messages }) => messages.length)).toEqual([stored, stored])
  })

  test('a server whose answer never ends is given up after the total time', async () => {
    const server = await serve({ '.': 'trickle' })
    expect(await mailerTo(server.url, { total: 1500 }).send(mail)).toEqual({
      kind: 'unknown',
      reason: 'expected the mail server to take the mail, got no end in time',
    })
  })

  test('a greeting that never ends is surely not sent', async () => {
    const server = await serve({ EHLO: 'trickle' })
    expect(await mailerTo(server.url, { total: 1500 }).send(mail)).toMatchObject(away)
  })
})

describe('the message waits until it may go', () => {
  test('is asked when the server waits for the message, and before the first byte', async () => {
    for (const server of await serveBoth({})) {
      const seen: object[] = []
      const result = await mailerTo(server.url).send(mail, async () => {
        seen.push({ commands: server.commands.at(-1), messages: server.messages.length })
      })
      expect(result).toMatchObject({ kind: 'accepted' })
      expect(seen).toEqual([{ commands: 'DATA', messages: 0 }])
    }
  })

  test('a refusal at RCPT is not asked about', async () => {
    for (const server of await serveBoth({ RCPT: '550 5.1.1 no such user' })) {
      let asked = 0
      await mailerTo(server.url).send(mail, async () => {
        asked += 1
      })
      expect(asked).toBe(0)
    }
  })

  test('where it may not go, nothing is sent and the next mail goes its way', async () => {
    const server = await serve({})
    const mailer = mailerTo(server.url, {}, 1)
    const result = await mailer.send(mail, async () => {
      throw new Error('taken over')
    })
    expect(result).toEqual({ kind: 'withheld', reason: 'taken over' })
    expect(server.messages).toEqual([])
    expect(await mailer.send(mail)).toMatchObject({ kind: 'accepted' })
    expect(server.messages).toHaveLength(1)
  })

  test('where the connection ends while it waits, it surely was not sent', async () => {
    const server = await serve({})
    const result = await mailerTo(server.url).send(mail, () => server.hangUp())
    expect(result).toMatchObject({ kind: expect.stringMatching(/refused|unknown/) })
    expect(server.messages).toEqual([])
  })

  test('a mailer that closes meanwhile withholds it', async () => {
    const server = await serve({ MAIL: 'silence' })
    const mailer = mailerTo(server.url, { close: 50 })
    const sending = mailer.send(mail)
    const waiting = mailer.send(mail)
    await until(() => server.commands.some((line) => line.startsWith('MAIL')))
    await mailer.close()
    expect(await sending).toMatchObject({ kind: expect.stringMatching(/withheld|refused/) })
    expect(await waiting).toMatchObject({ kind: expect.stringMatching(/withheld|refused/) })
    expect(server.messages).toEqual([])
  })
})

describe('the pool', () => {
  test('keeps its connection for the next mail', async () => {
    const server = await serve({})
    const mailer = mailerTo(server.url)
    await mailer.send(mail)
    await mailer.send(mail)
    expect(server.connections).toBe(1)
    expect(server.messages).toHaveLength(2)
  })

  test('opens a new connection where the server closed the old one, and sends once', async () => {
    const server = await serve({})
    const mailer = mailerTo(server.url)
    await mailer.send(mail)
    void server.hangUp()
    expect(await mailer.send(mail)).toMatchObject({ kind: 'accepted' })
    expect(server.messages).toHaveLength(2)
  })

  test('does not send again what the server took before it dropped a used connection', async () => {
    const server = await serve({ '.': ['250 ok', 'drop', '250 ok'] })
    const mailer = mailerTo(server.url)
    await mailer.send(mail)
    expect(await mailer.send(mail)).toMatchObject({ kind: 'unknown' })
    expect(server.messages).toHaveLength(2)
    expect(await mailer.send(mail)).toMatchObject({ kind: 'accepted' })
    expect(server.messages).toHaveLength(3)
  })

  test('goes on over the same connection after a refusal', async () => {
    const server = await serve({ RCPT: ['550 5.1.1 no', '250 ok'] })
    const mailer = mailerTo(server.url, {}, 1)
    expect(await mailer.send(mail)).toMatchObject(hard)
    expect(await mailer.send(mail)).toMatchObject({ kind: 'accepted' })
    expect(server.connections).toBe(1)
  })

  test('opens no more connections than allowed', async () => {
    const server = await serve({})
    const mailer = mailerTo(server.url, {}, 3)
    const results = await Promise.all(Array.from({ length: 20 }, () => mailer.send(mail)))
    expect(results.filter(({ kind }) => kind === 'accepted')).toHaveLength(20)
    expect(server.connections).toBeLessThanOrEqual(3)
  })
})

describe('close', () => {
  test('lets a mail under way finish and takes no more', async () => {
    const server = await serve({})
    const mailer = mailerTo(server.url)
    await mailer.send(mail)
    let closed: Promise<void> | undefined
    const underWay = mailer.send(mail, async () => {
      closed = mailer.close()
    })
    expect(await underWay).toMatchObject({ kind: 'accepted' })
    expect(await mailer.send(mail)).toMatchObject({ kind: 'withheld' })
    await closed
    expect(server.messages).toHaveLength(2)
  })

  test('ends a mail that does not finish: unknown', async () => {
    const server = await serve({ '.': 'silence' })
    const mailer = mailerTo(server.url, { close: 50 })
    const underWay = mailer.send(mail)
    await until(() => server.messages.length === 1)
    await mailer.close()
    expect(await underWay).toMatchObject({ kind: 'unknown' })
  })

  test('may be called twice, and before anything was sent', async () => {
    const mailer = mailerTo('smtp://127.0.0.1:1')
    await mailer.close()
    await mailer.close()
    expect(await mailer.send(mail)).toMatchObject({ kind: 'withheld' })
  })
})

describe('verify', () => {
  test('is content with a server that greets', async () => {
    const server = await serve({})
    await expect(mailerTo(server.url).verify()).resolves.toBeUndefined()
    expect(server.messages).toEqual([])
  })

  test('says what is wrong', async () => {
    await expect(mailerTo((await deadServer()).url).verify()).rejects.toThrow(
      /connection refused; check that/,
    )
    const mute = await serve({ CONNECT: 'silence' })
    await expect(mailerTo(mute.url, { greeting: 500 }).verify()).rejects.toThrow(/no greeting in time/)
  })
})

describe('SMTP_URL', () => {
  test.each([
    'not a url',
    'http://mail.example.org',
    'smtp://',
    'smtp://mail.example.org?tls.rejectUnauthorized=false',
    'smtp://mail.example.org?requireTLS=false',
    'smtp://user:pa%ZZss@mail.example.org/path',
  ])('%s is refused without being repeated', (smtpUrl) => {
    expect(() => createMailer({ smtpUrl })).toThrow(
      /^SMTP_URL: expected smtp:\/\/user:password@host:587 or [^\n]*percent-encode[^\n]*$/,
    )
    expect(() => createMailer({ smtpUrl })).not.toThrow(/pa%ZZss/)
  })
})

async function listen(server: SMTPServer): Promise<number> {
  server.on('error', () => {})
  const listener = server.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  closers.unshift(() => new Promise((resolve) => server.close(() => resolve())))
  return (listener.address() as AddressInfo).port
}

async function deadServer(): Promise<{ url: string }> {
  const listener = createServer().listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const { port } = listener.address() as AddressInfo
  await new Promise((resolve) => listener.close(resolve))
  return { url: `smtp://127.0.0.1:${port}` }
}

async function until(happened: () => boolean): Promise<void> {
  while (!happened()) await new Promise((resolve) => setImmediate(resolve))
}

describe('an address with letters beyond ASCII', () => {
  const toJose = async () => {
    const { html, ...rest } = await sampleMail()
    const to = 'jos\u00E9@reader.example'
    return { ...rest, html, to: { address: to }, envelope: { ...rest.envelope, to } }
  }

  test('gets its mail where the mail server offers that', async () => {
    const server = await serve({ EHLO: '250-test\r\n250 SMTPUTF8' })
    const mailer = mailerTo(server.url)
    expect(await mailer.takesUtf8()).toBe(true)
    expect(await mailer.send(await toJose())).toMatchObject({ kind: 'accepted' })
    const utf8 = (text: string) => Buffer.from(text, 'latin1').toString('utf8')
    expect(server.commands.map(utf8)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^MAIL FROM:.* SMTPUTF8/),
        'RCPT TO:<jos\u00E9@reader.example>',
      ]),
    )
    expect(utf8(server.messages[0]!)).toContain('To: jos\u00E9@reader.example\r\n')
  })

  test('is refused with the reason where it does not, before anything is said of it', async () => {
    const server = await serve({})
    const mailer = mailerTo(server.url)
    expect(await mailer.takesUtf8()).toBe(false)
    expect(await mailer.send(await toJose())).toMatchObject({
      ...permanent,
      hardBounce: false,
      reason: expect.stringContaining('SMTPUTF8'),
    })
    expect(server.commands.filter((line) => /^(?:MAIL|RCPT)/.test(line))).toEqual([])
  })
})
