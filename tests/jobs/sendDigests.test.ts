import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  type Claim,
  claimDigests,
  endClaimed,
  endSent,
  markHanded,
  releaseClaimed,
  renewClaims,
} from '../../src/db/digests/claims.ts'
import { countDigestsOf, listHeldDigests } from '../../src/db/digests/outcomes.ts'
import { findMailPause, tryMailNow } from '../../src/db/mail/mailPauses.ts'
import { insertSuppression, isSuppressed } from '../../src/db/mail/suppressions.ts'
import { findSubscriberByEmail } from '../../src/db/subscribers/subscribers.ts'
import { leaveHeldDigest } from '../../src/digests/delivery/held.ts'
import { takeUpDigests } from '../../src/digests/delivery/takeUp.ts'
import { planDueDigests } from '../../src/digests/planDigests.ts'
import { TemporaryError } from '../../src/errors.ts'
import { composeDigests } from '../../src/jobs/composeDigests.ts'
import { runToEnd } from '../../src/jobs/pipeline.ts'
import { sendDigests } from '../../src/jobs/sendDigests.ts'
import { addressHash } from '../../src/mail/addressHash.ts'
import { createMailer } from '../../src/mail/deliver/transport.ts'
import { parseTopicOption } from '../../src/ranking/language/topicOption.ts'
import { DEFAULTS } from '../../src/subscribers/preferences.ts'
import { signUp } from '../../src/subscribers/subscribing.ts'
import type { Tools } from '../../src/tools.ts'
import { type ScriptedServer, startScriptedServer } from '../mail/scriptedServer.ts'
import { papersOn, store } from '../support/listings.ts'
import { openTestTools, type TestTools } from '../support/tools.ts'

let test_: TestTools
let subscribers = 0

beforeAll(async () => {
  test_ = await openTestTools()
  await store(test_.tools, '2026-11-20', papersOn('glaciers', 8))
  await store(test_.tools, '2026-11-21', papersOn('glaciers', 8, 101))
})
afterAll(() => test_.close())
beforeEach(async () => {
  test_.setNow('2026-11-20T09:00:00Z')
  test_.refuse(undefined)
  test_.mail.mails.length = 0
  await test_.tools.db.deleteFrom('mail_pauses').execute()
  await test_.tools.db.deleteFrom('mail_events').execute()
})

/** A subscriber with a digest that is composed and not sent. */
async function composed() {
  const email = `reader${++subscribers}@example.org`
  const topics = [parseTopicOption('Ice=glaciers')]
  await signUp(test_.tools, { ...DEFAULTS, email, topics, source: 'command line', confirmed: true })
  const subscriber = (await findSubscriberByEmail(test_.tools.db, email))!
  const digestId = (await planDueDigests(test_.tools)).at(-1)!
  await composeDigests.run({ digestIds: [digestId] }, test_.tools)
  return { subscriber, email, digestId }
}

const digestRow = (id: number) =>
  test_.tools.db.selectFrom('digests').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const claimOne = async (id: number, leaseMs: number) => (await claimDigests(test_.tools.db, [id], leaseMs))[0]
const mailsTo = (email: string) => test_.mail.mails.filter((mail) => mail.rcptTo.includes(email))
const send = (digestId: number, tools: Tools = test_.tools) =>
  sendDigests.run({ digestIds: [digestId] }, tools)

/** Sends through a mail server that behaves as scripted. */
async function sendThrough(
  script: Parameters<typeof startScriptedServer>[0],
  digestId: number,
  changes: Partial<Tools> = {},
): Promise<ScriptedServer> {
  const server = await startScriptedServer(script)
  const mailer = createMailer({ smtpUrl: server.url, timeouts: { greeting: 500, idle: 500 } })
  await send(digestId, { ...test_.tools, ...changes, mailer }).catch((error) => {
    if (!(error instanceof TemporaryError)) throw error
  })
  await mailer.close()
  await server.close()
  return server
}

describe('a claim', () => {
  const mark = async (digest: Claim, hash = 'none') =>
    (
      await markHanded(test_.tools.db, [
        { digest, messageId: '<a@b.example>', addressHash: hash, leaseMs: 60_000 },
      ])
    ).has(digest.id)

  test('is given to one sender at a time, and by the database’s clock', async () => {
    const { digestId } = await composed()
    test_.setNow('2031-01-01T00:00:00Z')
    expect(await claimOne(digestId, 60_000)).toMatchObject({ claim: 2 })
    expect(await claimOne(digestId, 60_000)).toBeUndefined()
  })

  test('that another has taken over can neither send nor record anything', async () => {
    const { digestId } = await composed()
    const { db } = test_.tools
    const paused = (await claimOne(digestId, 0))!
    const other = (await claimOne(digestId, 60_000))!
    await renewClaims(db, [paused], 3_600_000)
    const before = await digestRow(digestId)
    expect(await mark(paused)).toBe(false)
    await endSent(db, [{ digest: paused, response: '250 ok' }], new Date())
    expect(await endClaimed(db, paused, { status: 'failed', reason: 'no' })).toBe(false)
    expect(await releaseClaimed(db, paused, { reason: 'late' })).toBe(false)
    expect(await digestRow(digestId)).toEqual(before)
    expect(await mark(other)).toBe(true)
    expect(await mark(other)).toBe(false)
  })

  test('does not let a message go to who left, or was suppressed, since it was claimed', async () => {
    for (const leave of [
      ({ subscriber }: Awaited<ReturnType<typeof composed>>) =>
        test_.tools.db
          .updateTable('subscribers')
          .set({ status: 'unsubscribed' })
          .where('id', '=', subscriber.id)
          .execute(),
      ({ email }: Awaited<ReturnType<typeof composed>>) =>
        insertSuppression(test_.tools.db, addressHash(email, test_.tools.secret), 'a complaint'),
    ]) {
      const person = await composed()
      const claim = (await claimOne(person.digestId, 60_000))!
      const hash = addressHash(person.email, test_.tools.secret)
      await leave(person)
      expect(await mark(claim, hash)).toBe(false)
    }
  })

  test('a sender that is overtaken while the server waits for the message sends nothing', async () => {
    const { digestId, email } = await composed()
    const { db } = test_.tools
    const overtaken: Tools = {
      ...test_.tools,
      mailer: {
        ...test_.tools.mailer,
        send: (mail, mayGo) =>
          test_.tools.mailer.send(mail, async () => {
            await db
              .updateTable('digests')
              .set({ claimed_until: new Date(0) })
              .where('id', '=', digestId)
              .execute()
            expect(await claimOne(digestId, 60_000)).toBeDefined()
            await mayGo!()
          }),
      },
    }
    await send(digestId, overtaken)
    expect(mailsTo(email)).toHaveLength(0)
    expect(await digestRow(digestId)).toMatchObject({ status: 'sending', handed_at: null })
  })
})

describe('in doubt', () => {
  test.each<[string, Parameters<typeof startScriptedServer>[0], number]>([
    ['the server never greets', { CONNECT: 'silence' }, 0],
    ['the server drops after RCPT', { RCPT: 'drop' }, 0],
    ['the server drops after DATA', { DATA: 'drop' }, 0],
  ])('is nobody’s digest where %s', async (_name, script, messages) => {
    const { digestId } = await composed()
    expect((await sendThrough(script, digestId)).messages).toHaveLength(messages)
    expect(await digestRow(digestId)).toMatchObject({
      status: 'sending',
      handed_at: null,
      claimed_until: null,
    })
  })

  test('a digest is held, listed, and sent again under its Message-ID when the operator says so', async () => {
    const { digestId, email } = await composed()
    const { messages } = await sendThrough({ '.': 'drop' }, digestId)
    const [first] = /^Message-ID: .*$/im.exec(messages[0]!)!
    await expect(send(digestId)).resolves.toEqual([])
    expect(mailsTo(email)).toHaveLength(0)
    expect(await listHeldDigests(test_.tools.db, 10)).toMatchObject([{ id: digestId, email }])
    await runToEnd((await takeUpDigests(test_.tools, [digestId], 'command line')).jobs, test_.tools)
    expect(mailsTo(email)).toHaveLength(1)
    expect(mailsTo(email)[0]!.raw.toString()).toContain(first)
    expect(await digestRow(digestId)).toMatchObject({ status: 'sent' })
    expect(await takeUpDigests(test_.tools, [digestId], 'command line')).toMatchObject({ jobs: [], left: 1 })
  })

  test('the next digest says so once, and where to read it', async () => {
    const { digestId, email, subscriber } = await composed()
    await sendThrough({ '.': 'drop' }, digestId)
    test_.setNow('2026-11-21T08:00:00Z')
    await runToEnd([{ name: 'planDigests', payload: { tick: test_.tools.now().toISOString() } }], test_.tools)
    const line =
      /Yesterday’s digest may not have reached you: read it\s+here:\s+https:\/\/digest\.example\.org\/digests\/[\w-]{43}/
    expect(mailsTo(email)).toHaveLength(1)
    expect(mailsTo(email)[0]!.parsed.text).toMatch(line)
    expect(await leaveHeldDigest(test_.tools, digestId, 'command line')).toBe(true)
    expect(await countDigestsOf(test_.tools.db, '2026-11-21')).toMatchObject({ sent: expect.any(Number) })
    expect(subscriber.status).toBe('active')
  })

  test('MAIL_ON_DOUBT=resend sends it once more, and then holds it', async () => {
    const { digestId } = await composed()
    const resend = { mailOnDoubt: 'resend' } as const
    const first = await sendThrough({ '.': 'drop' }, digestId, resend)
    expect(await digestRow(digestId)).toMatchObject({ status: 'sending', doubts: 1, handed_at: null })
    const second = await sendThrough({ '.': 'drop' }, digestId, resend)
    const ids = [first, second].map(({ messages }) => /^Message-ID: .*$/im.exec(messages[0]!)![0])
    expect(ids[0]).toBe(ids[1])
    expect(await digestRow(digestId)).toMatchObject({ status: 'held' })
    expect((await sendThrough({}, digestId, resend)).messages).toEqual([])
  })
})

describe('a refusal that speaks of us', () => {
  test('suppresses nobody, lets all mail wait, and ends with the next mail that is taken', async () => {
    const [one, other] = [await composed(), await composed()]
    test_.refuse(() => ({ code: 550, text: 'Sender verify failed' }))
    await send(one.digestId)
    expect(await digestRow(one.digestId)).toMatchObject({
      status: 'sending',
      reason: expect.stringContaining('Sender verify failed'),
    })
    expect(await isSuppressed(test_.tools.db, addressHash(one.email, test_.tools.secret))).toBe(false)
    expect(await findMailPause(test_.tools.db)).toMatchObject({
      lasts: true,
      reason: expect.stringContaining('Sender verify failed'),
    })
    test_.refuse(undefined)
    await expect(send(other.digestId)).rejects.toThrow(/all mail waits/)
    expect(await digestRow(other.digestId)).toMatchObject({ status: 'sending', attempts: 0 })
    await tryMailNow(test_.tools.db)
    await send(other.digestId)
    await send(one.digestId)
    expect(await findMailPause(test_.tools.db)).toBeUndefined()
    expect([...mailsTo(one.email), ...mailsTo(other.email)]).toHaveLength(2)
  })

  test('of one mailbox, while others are taken, holds up nobody else', async () => {
    const [strict, other, third] = [await composed(), await composed(), await composed()]
    await test_.tools.db.insertInto('mail_events').values({ kind: 'accepted', at: new Date() }).execute()
    test_.refuse((to) => (to === strict.email ? { code: 550, text: '5.7.1 members only' } : undefined))
    await runToEnd(
      [strict, other, third].map(({ digestId }) => ({
        name: 'sendDigests',
        payload: { digestIds: [digestId] },
      })),
      test_.tools,
    ).catch(() => {})
    expect([...mailsTo(other.email), ...mailsTo(third.email)]).toHaveLength(2)
    expect(await digestRow(strict.digestId)).toMatchObject({ status: 'sending', claimed_until: null })
    expect(await findMailPause(test_.tools.db)).toBeUndefined()
  })
})

test('sent, failed, skipped, suppressed and held together are all that were due', async () => {
  const due = (await countDigestsOf(test_.tools.db, '2026-11-20')) as Record<string, number>
  const people = [await composed(), await composed(), await composed(), await composed(), await composed()]
  const [gone, left, suppressed, doubtful, well] = people
  await insertSuppression(test_.tools.db, addressHash(suppressed!.email, test_.tools.secret), 'a complaint')
  await test_.tools.db
    .updateTable('subscribers')
    .set({ status: 'unsubscribed' })
    .where('id', '=', left!.subscriber.id)
    .execute()
  test_.refuse((to) => (to === gone!.email ? { code: 550, text: '5.1.1 no such user' } : undefined))
  await sendThrough({ '.': 'drop' }, doubtful!.digestId)
  for (const { digestId } of [gone!, left!, suppressed!, well!]) await send(digestId)
  const after = (await countDigestsOf(test_.tools.db, '2026-11-20')) as Record<string, number>
  const grown = (status: string) => (after[status] ?? 0) - (due[status] ?? 0)
  expect(['sent', 'failed', 'skipped', 'suppressed', 'held'].map(grown)).toEqual([1, 1, 1, 1, 1])
  expect(['planned', 'composing', 'sending'].map(grown)).toEqual([0, 0, 0])
})
