import { createServer } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { claimDigests, markHanded } from '../../src/db/digests/claims.ts'
import { insertDigests } from '../../src/db/digests/digests.ts'
import { tryMailNow } from '../../src/db/mail/mailPauses.ts'
import { findSubscriberByEmail } from '../../src/db/subscribers/subscribers.ts'
import { planDueDigests } from '../../src/digests/planDigests.ts'
import { composeDigests } from '../../src/jobs/composeDigests.ts'
import { runToEnd } from '../../src/jobs/pipeline.ts'
import { planDigests } from '../../src/jobs/planDigests.ts'
import { sendDigests } from '../../src/jobs/sendDigests.ts'
import { sweep } from '../../src/jobs/sweep.ts'
import { createMailer } from '../../src/mail/deliver/transport.ts'
import { parseTopicOption } from '../../src/ranking/language/topicOption.ts'
import { DEFAULTS } from '../../src/subscribers/preferences.ts'
import { signUp } from '../../src/subscribers/subscribing.ts'
import { papersOn, store } from '../support/listings.ts'
import type { ReceivedMail } from '../support/smtp.ts'
import { openTestTools, type TestTools } from '../support/tools.ts'

let test_: TestTools
let subscribers = 0

beforeAll(async () => {
  test_ = await openTestTools()
  await store(test_.tools, '2026-11-20', [...papersOn('glaciers', 8), ...papersOn('violins', 8, 101)])
})
afterAll(() => test_.close())
beforeEach(() => {
  test_.setNow('2026-11-20T09:00:00Z')
  test_.refuse(undefined)
  test_.mail.mails.length = 0
})

async function subscribe(
  topic: string,
  hours: { timeZone?: string; sendAt?: string; weekdays?: number[] } = {},
) {
  const email = `subscriber${++subscribers}@example.org`
  const request = {
    ...DEFAULTS,
    ...hours,
    email,
    explore: false,
    topics: [parseTopicOption(topic)],
    source: 'command line' as const,
  }
  await signUp(test_.tools, { ...request, confirmed: true })
  return (await findSubscriberByEmail(test_.tools.db, email))!
}

const digestsOf = (subscriberId: number) =>
  test_.tools.db
    .selectFrom('digests')
    .select(['id', 'status', 'local_date', 'reason', 'attempts'])
    .where('subscriber_id', '=', subscriberId)
    .orderBy('local_date')
    .execute()

/** Lets a digest be one that nobody has touched for a long time. */
const age = (id: number) =>
  test_.tools.db
    .updateTable('digests')
    .set({ updated_at: new Date('2026-11-01T00:00:00Z') })
    .where('id', '=', id)
    .execute()

const tick = () => ({ tick: test_.tools.now().toISOString() })
const runLine = () => runToEnd([{ name: 'planDigests', payload: tick() }], test_.tools)
const headerOf = (mail: ReceivedMail['parsed'], name: string) =>
  mail.headers.find(({ key }) => key === name)?.value
const mailsTo = (email: string) => test_.mail.mails.filter((mail) => mail.rcptTo.includes(email))

describe('the line from plan to mailbox', () => {
  test('brings each subscriber their own papers once, however often the steps run', async () => {
    const [ice, music] = [await subscribe('Ice=glaciers'), await subscribe('Music=violins')]
    await runLine()
    await runLine()
    const [mail] = mailsTo(ice.email)
    expect(mailsTo(ice.email)).toHaveLength(1)
    expect(mailsTo(music.email)).toHaveLength(1)
    expect(mail!.parsed.subject).toMatch(/^8 papers: Study \d+ of glaciers and 7 more$/)
    expect(mail!.parsed.text).not.toContain('violins')
    expect(await digestsOf(ice.id)).toMatchObject([{ status: 'sent', local_date: '2026-11-20' }])
  })

  test('a step that runs twice for one payload leaves the same rows', async () => {
    const subscriber = await subscribe('Ice=glaciers')
    const ids = await planDueDigests(test_.tools)
    expect(await planDigests.run(tick(), test_.tools)).toEqual([])
    const next = await composeDigests.run({ digestIds: ids }, test_.tools)
    const rows = () =>
      test_.tools.db
        .selectFrom('digest_items')
        .selectAll()
        .where('reserved_for', '=', subscriber.id)
        .execute()
    const frozen = await rows()
    expect(await composeDigests.run({ digestIds: ids }, test_.tools)).toEqual([])
    expect(await rows()).toEqual(frozen)
    expect(next.map((job) => job.name)).toEqual(['sendDigests'])
    await sendDigests.run({ digestIds: [ids[0]!] }, test_.tools)
    await sendDigests.run({ digestIds: [ids[0]!] }, test_.tools)
    expect(mailsTo(subscriber.email)).toHaveLength(1)
  })

  test('two senders at once send one mail', async () => {
    const subscriber = await subscribe('Ice=glaciers')
    const ids = await planDueDigests(test_.tools)
    await composeDigests.run({ digestIds: ids }, test_.tools)
    await Promise.all([1, 2, 3].map(() => sendDigests.run({ digestIds: [ids[0]!] }, test_.tools)))
    expect(mailsTo(subscriber.email)).toHaveLength(1)
  })

  test('a topic that cannot be read fails its own digest, says why, and holds back no other', async () => {
    const [broken, whole] = [await subscribe('Ice=glaciers'), await subscribe('Ice=glaciers')]
    await test_.tools.db
      .updateTable('topics')
      .set({ query: '"never closed' })
      .where('subscriber_id', '=', broken.id)
      .execute()
    await runLine()
    expect(await digestsOf(broken.id)).toMatchObject([
      { status: 'failed', reason: expect.stringContaining('Ice') },
    ])
    expect(mailsTo(whole.email)).toHaveLength(1)
  })

  test('two days’ digests of one subscriber, composed together, share no paper', async () => {
    const subscriber = await subscribe('Ice=glaciers')
    await test_.tools.db
      .updateTable('subscribers')
      .set({ max_papers: 5 })
      .where('id', '=', subscriber.id)
      .execute()
    const due_at = test_.tools.now()
    const ids = await insertDigests(
      test_.tools.db,
      ['2026-11-20', '2026-11-21'].map((local_date) => ({
        subscriber_id: subscriber.id,
        local_date,
        due_at,
      })),
    )
    await runToEnd([{ name: 'composeDigests', payload: { digestIds: ids } }], test_.tools)
    const papers = await test_.tools.db
      .selectFrom('digest_items')
      .select('paper_id')
      .where('reserved_for', '=', subscriber.id)
      .execute()
    expect(papers).toHaveLength(8)
    expect(mailsTo(subscriber.email)).toHaveLength(2)
  })

  test('the next day brings only what was never sent', async () => {
    const subscriber = await subscribe('Ice=glaciers')
    await runLine()
    test_.setNow('2026-11-21T08:00:00Z')
    await runLine()
    expect(await digestsOf(subscriber.id)).toMatchObject([
      { status: 'sent' },
      { status: 'skipped', local_date: '2026-11-21', reason: expect.stringMatching(/\w/) },
    ])
    expect(mailsTo(subscriber.email)).toHaveLength(1)
  })

  test('the mail can be left with one click and says the same in text and HTML', async () => {
    const subscriber = await subscribe('Ice=glaciers')
    await runLine()
    const { parsed } = mailsTo(subscriber.email)[0]!
    const [, leave] = /^<([^>]*)>/.exec(headerOf(parsed, 'list-unsubscribe') ?? '') ?? []
    expect(leave).toMatch(/^https:\/\/digest\.example\.org\/unsubscribe\/[\w-]{43}$/)
    expect(headerOf(parsed, 'list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click')
    for (const part of [parsed.text!, String(parsed.html)]) {
      expect(part).toContain('Study 00008 of glaciers')
      expect(part).toContain(leave!)
    }
  })
})

describe('hours and days', () => {
  test('the hour is the subscriber’s own, across the end of summer time', async () => {
    const subscriber = await subscribe('Ice=glaciers', { timeZone: 'Europe/Berlin', sendAt: '07:30' })
    const next = async () => (await findSubscriberByEmail(test_.tools.db, subscriber.email))!.next_digest_at
    test_.setNow('2026-10-24T05:30:00Z')
    await test_.tools.db
      .updateTable('subscribers')
      .set({ next_digest_at: test_.tools.now() })
      .where('id', '=', subscriber.id)
      .execute()
    await planDueDigests(test_.tools)
    expect(await next()).toEqual(new Date('2026-10-25T06:30:00Z'))
  })

  test('days off are left out', async () => {
    const subscriber = await subscribe('Ice=glaciers', { weekdays: [1] })
    await runLine()
    expect((await findSubscriberByEmail(test_.tools.db, subscriber.email))!.next_digest_at).toEqual(
      new Date('2026-11-23T08:00:00Z'),
    )
  })

  test('a person who signs up just before their hour gets that day’s digest, even if the planner comes after it', async () => {
    test_.setNow('2026-11-20T07:59:00Z')
    const subscriber = await subscribe('Ice=glaciers')
    test_.setNow('2026-11-20T08:30:00Z')
    await runLine()
    expect(await digestsOf(subscriber.id)).toMatchObject([{ status: 'sent', local_date: '2026-11-20' }])
  })

  test('after a long stop only the day that lasts is made up for, and the one before says why', async () => {
    const subscriber = await subscribe('Ice=glaciers')
    await runLine()
    test_.setNow('2026-11-22T23:00:00Z')
    await runLine()
    expect(await digestsOf(subscriber.id)).toMatchObject([
      { status: 'sent' },
      { status: 'skipped', local_date: '2026-11-21', reason: expect.stringContaining('not running') },
      { status: 'skipped', local_date: '2026-11-22', reason: expect.not.stringContaining('not running') },
    ])
  })
})

describe('what the mail server says', () => {
  test('not now: the digest waits and goes out at the next attempt', async () => {
    const subscriber = await subscribe('Ice=glaciers')
    const ids = await planDueDigests(test_.tools)
    await composeDigests.run({ digestIds: ids }, test_.tools)
    test_.refuse(() => ({ code: 451, text: '4.7.1 Greylisted' }))
    await sendDigests.run({ digestIds: [ids[0]!] }, test_.tools)
    expect(await digestsOf(subscriber.id)).toMatchObject([
      { status: 'sending', reason: expect.stringContaining('Greylisted') },
    ])
    test_.refuse(undefined)
    await tryMailNow(test_.tools.db)
    await sendDigests.run({ digestIds: [ids[0]!] }, test_.tools)
    expect(mailsTo(subscriber.email)).toHaveLength(1)
  })

  test('not now for a day: given up before the next digest, which brings its papers', async () => {
    const subscriber = await subscribe('Ice=glaciers')
    const ids = await planDueDigests(test_.tools)
    await composeDigests.run({ digestIds: ids }, test_.tools)
    test_.refuse(() => ({ code: 451, text: '4.3.2 Not accepting mail' }))
    await sendDigests.run({ digestIds: [ids[0]!] }, test_.tools)
    await tryMailNow(test_.tools.db)
    test_.setNow('2026-11-21T06:00:00Z')
    await sendDigests.run({ digestIds: [ids[0]!] }, test_.tools)
    expect(await digestsOf(subscriber.id)).toMatchObject([
      { status: 'failed', reason: expect.stringContaining('4.3.2') },
    ])
    test_.refuse(undefined)
    test_.setNow('2026-11-21T08:00:00Z')
    await runLine()
    expect(mailsTo(subscriber.email)).toHaveLength(1)
  })

  test('no such user: failed, told why, and never written to again', async () => {
    const subscriber = await subscribe('Ice=glaciers')
    test_.refuse(() => ({ code: 550, text: '5.1.1 no such user' }))
    await runLine()
    test_.refuse(undefined)
    expect(await digestsOf(subscriber.id)).toMatchObject([
      { status: 'failed', reason: expect.stringContaining('5.1.1') },
    ])
    test_.setNow('2026-11-21T09:00:00Z')
    await runLine()
    expect((await digestsOf(subscriber.id))[1]).toMatchObject({ status: 'suppressed' })
    expect(mailsTo(subscriber.email)).toHaveLength(0)
  })

  test('no answer after the whole message: it may have arrived, so it is not sent again', async () => {
    const subscriber = await subscribe('Ice=glaciers')
    const silent = await openSilentServer()
    const mailer = createMailer({ smtpUrl: silent.url })
    await runToEnd([{ name: 'planDigests', payload: tick() }], { ...test_.tools, mailer })
    await runLine()
    await mailer.close()
    await silent.close()
    expect(silent.messages).toBe(1)
    expect(await digestsOf(subscriber.id)).toMatchObject([
      { status: 'held', reason: expect.stringContaining('may have been delivered') },
    ])
    expect(mailsTo(subscriber.email)).toHaveLength(0)
  })
})

describe('what a crash leaves', () => {
  test('a composed digest whose job was lost is found by the sweep', async () => {
    const subscriber = await subscribe('Ice=glaciers')
    const ids = await planDueDigests(test_.tools)
    await composeDigests.run({ digestIds: ids }, test_.tools)
    await age(ids[0]!)
    const next = await sweep.run(tick(), test_.tools)
    expect(next).toContainEqual(
      expect.objectContaining({ name: 'sendDigests', payload: { digestIds: [ids[0]] } }),
    )
    await runToEnd(next, test_.tools)
    expect(mailsTo(subscriber.email)).toHaveLength(1)
  })

  test('a sender that died after handing the message over: nobody is mailed twice', async () => {
    const subscriber = await subscribe('Ice=glaciers')
    const ids = await planDueDigests(test_.tools)
    await composeDigests.run({ digestIds: ids }, test_.tools)
    const [digest] = await claimDigests(test_.tools.db, [ids[0]!], 0)
    const handover = { digest: digest!, messageId: '<a@b.example>', addressHash: '', leaseMs: 0 }
    expect(await markHanded(test_.tools.db, [handover])).toEqual(new Set(ids))
    await age(ids[0]!)
    await runToEnd(await sweep.run(tick(), test_.tools), test_.tools)
    expect(mailsTo(subscriber.email)).toHaveLength(0)
    expect(await digestsOf(subscriber.id)).toMatchObject([{ status: 'held' }])
  })

  test('who unsubscribes while the mail is on its way gets none', async () => {
    const subscriber = await subscribe('Ice=glaciers')
    const ids = await planDueDigests(test_.tools)
    await composeDigests.run({ digestIds: ids }, test_.tools)
    await test_.tools.db
      .updateTable('subscribers')
      .set({ status: 'unsubscribed' })
      .where('id', '=', subscriber.id)
      .execute()
    await sendDigests.run({ digestIds: [ids[0]!] }, test_.tools)
    expect(mailsTo(subscriber.email)).toHaveLength(0)
    expect(await digestsOf(subscriber.id)).toMatchObject([
      { status: 'skipped', reason: 'the subscription is unsubscribed' },
    ])
  })
})

/** An SMTP server that takes a whole message and closes without an answer. */
async function openSilentServer() {
  const server = createServer((socket) => {
    let inData = false
    socket.write('220 silent\r\n')
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      const text = chunk.toString('latin1')
      if (inData) {
        if (!text.endsWith('\r\n.\r\n')) return
        seen.messages += 1
        socket.destroy()
      } else if (/^DATA/im.test(text)) {
        inData = true
        socket.write('354 go on\r\n')
      } else socket.write('250 fine\r\n')
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as { port: number }
  const seen = {
    url: `smtp://127.0.0.1:${port}`,
    messages: 0,
    close: () => new Promise<void>((done) => server.close(() => done())),
  }
  return seen
}
