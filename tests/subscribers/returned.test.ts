import { once } from 'node:events'
import { connect } from 'node:net'
import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findSubscriber } from '../../src/db/subscribers/subscribers.ts'
import { listTimeline } from '../../src/db/subscribers/subscriberViews.ts'
import { runToEnd } from '../../src/jobs/pipeline.ts'
import { returnPathOf } from '../../src/mail/returned/returnPath.ts'
import { type ReturnServer, startReturnServer } from '../../src/mail/returned/returnServer.ts'
import { findSuppression, liftSuppression } from '../../src/subscribers/directory.ts'
import { DEFAULTS } from '../../src/subscribers/preferences.ts'
import { takeReturnedMail } from '../../src/subscribers/returned.ts'
import { signUp } from '../../src/subscribers/subscribing.ts'
import { papersOn, store } from '../support/listings.ts'
import { openTestTools, type TestTools } from '../support/tools.ts'

let test_: TestTools
let server: ReturnServer
const outcomes: string[] = []
const key = () => ({ bounceAddress: test_.tools.bounceAddress!, secret: test_.tools.secret })

beforeAll(async () => {
  test_ = await openTestTools()
  await store(test_.tools, '2026-11-20', papersOn('glaciers', 3))
  server = await startReturnServer({
    host: '127.0.0.1',
    port: 0,
    key: key(),
    async onMail(mail) {
      outcomes.push(await takeReturnedMail(test_.tools, key(), mail))
    },
  })
})
afterAll(async () => {
  await server.close()
  await test_.close()
})

/** Sends a mail to a return path as another mail server does; gives what became of it, or the refusal. */
async function comeBack(to: string, raw: string, from = ''): Promise<string> {
  const transport = createTransport({ host: '127.0.0.1', port: server.port, secure: false, ignoreTLS: true })
  try {
    await transport.sendMail({ envelope: { from, to: [to] }, raw: raw.replaceAll('\n', '\r\n') })
    return outcomes.at(-1)!
  } catch (error) {
    return (error as { response: string }).response
  } finally {
    transport.close()
  }
}

/** A subscriber who got a digest; `path` is its return path as the mail server got it. */
async function reader(email: string) {
  const wish = { ...DEFAULTS, topics: [], email, source: 'command line' as const, confirmed: true }
  const { subscriberId, next } = await signUp(test_.tools, wish)
  await runToEnd(next, test_.tools)
  const mail = test_.mail.mails.find(({ rcptTo }) => rcptTo.includes(email))!
  return { id: subscriberId!, email, path: mail.mailFrom, mail }
}
const bounceOf = (status: string) => `From: MAILER-DAEMON@mx.example
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: message/delivery-status

Final-Recipient: rfc822; somebody@example.org
Action: failed
Status: ${status}
Diagnostic-Code: smtp; 550 ${status} said the other side

--B--
`
const complaintAbout = (path: string) => `From: fbl@provider.example
Content-Type: multipart/report; report-type=feedback-report; boundary="B"

--B
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Provider/1

--B
Content-Type: message/rfc822

Return-Path: <${path}>
Subject: papers

--B--
`
const timelineOf = async (id: number) =>
  (await listTimeline(test_.tools.db, id, 20)).map(({ what, who, status }) =>
    [what, who, status].filter(Boolean).join(' '),
  )

describe('a bounce', () => {
  test('of a mailbox that does not exist suppresses the address, once however often it comes', async () => {
    const ann = await reader('ann@example.org')
    expect(await comeBack(ann.path, bounceOf('5.1.1'))).toBe('noted')
    expect(await comeBack(ann.path, bounceOf('5.1.1'))).toBe('repeated')
    expect(await findSuppression(test_.tools, ann.email)).toMatchObject({
      cause: 'bounce',
      reason: 'there is no such mailbox (5.1.1)',
    })
    expect(await timelineOf(ann.id)).toEqual(
      expect.arrayContaining(['bounced report 5.1.1', 'suppressed report', 'accepted relay']),
    )
    expect((await findSubscriber(test_.tools.db, ann.id))?.status).toBe('active')
  })

  test('for another reason suppresses nobody by itself, and one for our own fault never does', async () => {
    const bea = await reader('bea@example.org')
    expect(await comeBack(bea.path, bounceOf('5.7.1'))).toBe('noted')
    expect(await comeBack(bea.path, bounceOf('5.2.1'))).toBe('noted')
    expect(await findSuppression(test_.tools, bea.email)).toBeUndefined()
    expect(await timelineOf(bea.id)).toEqual(
      expect.arrayContaining(['bounced report 5.2.1', 'our fault report 5.7.1']),
    )
  })

  test('lets the papers of its digest come again', async () => {
    const dan = await reader('dan@example.org')
    const papersOf = async (on: string) => {
      test_.setNow(`${on}T09:00:00Z`)
      await runToEnd(
        [{ name: 'planDigests', payload: { tick: test_.tools.now().toISOString() } }],
        test_.tools,
      )
      const mails = test_.mail.mails.filter(({ rcptTo }) => rcptTo.includes(dan.email))
      return mails.at(-1)!.parsed.text!.match(/\/papers\/\d+/g)
    }
    const first = dan.mail.parsed.text!.match(/\/papers\/\d+/g)
    expect(await comeBack(dan.path, bounceOf('5.2.2'))).toBe('noted')
    expect(await papersOf('2026-11-21')).toEqual(first)
    test_.setNow('2026-11-20T09:00:00Z')
  })

  test('from before a suppression was lifted counts no more', async () => {
    const cat = await reader('cat@example.org')
    await comeBack(cat.path, bounceOf('5.1.1'))
    await liftSuppression(test_.tools, cat.email, 'command line')
    const letter = returnPathOf({ kind: 'letter', id: cat.id }, cat.email, key())
    expect(await comeBack(letter, bounceOf('5.2.1'))).toBe('noted')
    expect(await findSuppression(test_.tools, cat.email)).toBeUndefined()
  })

  test('that is forged, for another address, or for one that was given up counts for nobody', async () => {
    const dan = await reader('dan@example.org')
    const forged = dan.path.replace(/\+./, dan.path.includes('+a') ? '+b' : '+a')
    expect(await comeBack(forged, bounceOf('5.1.1'))).toMatch(/^(?:ignored|550 5\.1\.1 .*)$/)
    const other = returnPathOf({ kind: 'letter', id: dan.id }, 'someone@else.example', key())
    expect(await comeBack(other, bounceOf('5.1.1'))).toBe('ignored')
    expect(await comeBack(key().bounceAddress, bounceOf('5.1.1'))).toBe('ignored')
    expect(await findSuppression(test_.tools, dan.email)).toBeUndefined()
  })
})

test('a complaint ends all mail, whoever brings it, if it quotes the return path', async () => {
  const eve = await reader('eve@example.org')
  expect(await comeBack(key().bounceAddress, complaintAbout(eve.path), 'fbl@provider.example')).toBe('noted')
  expect((await findSubscriber(test_.tools.db, eve.id))?.status).toBe('unsubscribed')
  expect(await findSuppression(test_.tools, eve.email)).toMatchObject({ cause: 'complaint' })
  expect(
    await comeBack(key().bounceAddress, complaintAbout('bounces+x@digest.example.org'), 'a@b.example'),
  ).toBe('ignored')
})

test('a mail to the address of List-Unsubscribe unsubscribes; an automatic answer does not', async () => {
  const fay = await reader('fay@example.org')
  const header = fay.mail.parsed.headers.find(({ key: name }) => name === 'list-unsubscribe')!.value
  expect(header).toMatch(/^<https:\/\/[^>]+>, <mailto:[^>]+\?subject=unsubscribe>$/)
  const address = /<mailto:([^?]+)/.exec(header)![1]!
  expect(await comeBack(address, 'Subject: away\n\nI am away.\n')).toBe('ignored')
  expect((await findSubscriber(test_.tools.db, fay.id))?.status).toBe('active')
  expect(await comeBack(address, 'Subject: unsubscribe\n\n\n', fay.email)).toBe('noted')
  expect((await findSubscriber(test_.tools.db, fay.id))?.status).toBe('unsubscribed')
})

describe('the port', () => {
  test('takes mail for return paths alone, one recipient each, and is no relay', async () => {
    expect(await comeBack('someone@elsewhere.example', bounceOf('5.1.1'))).toMatch(/^550 5\.1\.1 /)
    expect(await comeBack('postmaster@digest.example.org', bounceOf('5.1.1'))).toMatch(/^550 5\.1\.1 /)
  })

  test('refuses what is too large, and keeps nothing of it', async () => {
    const gus = await reader('gus@example.org')
    expect(await comeBack(gus.path, `${bounceOf('5.1.1')}${'x'.repeat(70)}\n`.repeat(20_000))).toMatch(
      /^552 /,
    )
    expect(await findSuppression(test_.tools, gus.email)).toBeUndefined()
  })

  test('asks to try again later while the database is away', async () => {
    const broken = await startReturnServer({
      host: '127.0.0.1',
      port: 0,
      key: key(),
      onMail: () => Promise.reject(new Error('the database is away')),
    })
    const working = server
    server = broken
    const answer = await comeBack(key().bounceAddress, bounceOf('5.1.1'))
    server = working
    await broken.close()
    expect(answer).toMatch(/^451 4\.3\.0 /)
  })
})

test('a connection that sends a byte now and then does not last', async () => {
  const short = await startReturnServer({
    ...{ host: '127.0.0.1', port: 0, key: key(), sessionMs: 400 },
    onMail: () => Promise.resolve(),
  })
  const socket = connect(short.port, '127.0.0.1')
  const drip = setInterval(() => socket.write('x'), 50)
  socket.on('error', () => {}).resume()
  await once(socket, 'close')
  clearInterval(drip)
  await short.close()
  expect(socket.destroyed).toBe(true)
})
