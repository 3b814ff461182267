import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { connect } from '../../src/db/engine/connect.ts'
import { endDomainBlock, listTroubledDomains, takeTurns } from '../../src/db/mail/mailLimits.ts'
import { findMailPause } from '../../src/db/mail/mailPauses.ts'
import { findSubscriberByEmail } from '../../src/db/subscribers/subscribers.ts'
import { keepSlowApart, noteTime } from '../../src/digests/delivery/slowDomains.ts'
import { planDueDigests } from '../../src/digests/planDigests.ts'
import { composeDigests } from '../../src/jobs/composeDigests.ts'
import { runToEnd } from '../../src/jobs/pipeline.ts'
import { sendDigests } from '../../src/jobs/sendDigests.ts'
import { parseDomainLimits } from '../../src/mail/deliver/domainLimits.ts'
import { createRelays } from '../../src/mail/deliver/relays.ts'
import { createMailer } from '../../src/mail/deliver/transport.ts'
import { parseTopicOption } from '../../src/ranking/language/topicOption.ts'
import { DEFAULTS } from '../../src/subscribers/preferences.ts'
import { signUp } from '../../src/subscribers/subscribing.ts'
import type { Tools } from '../../src/tools.ts'
import { sampleMail } from '../mail/sampleMail.ts'
import { papersOn, store } from '../support/listings.ts'
import { openTestTools, type TestTools } from '../support/tools.ts'

let test_: TestTools
let run = 0
const closers: (() => Promise<void>)[] = []

beforeAll(async () => {
  test_ = await openTestTools()
  await store(test_.tools, '2026-11-20', papersOn('glaciers', 8))
})
afterAll(() => test_.close())
beforeEach(async () => {
  run += 1
  test_.refuse(undefined)
  test_.mail.mails.length = 0
})
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** Composed digests of new subscribers, by how many of each domain. Domains are new in each test. */
async function composed(wanted: Record<string, number>): Promise<number[]> {
  for (const [domain, count] of Object.entries(wanted)) {
    for (let at = 1; at <= count; at += 1) {
      const email = `reader${at}@${domain}`
      const topics = [parseTopicOption('Ice=glaciers')]
      await signUp(test_.tools, { ...DEFAULTS, email, topics, source: 'command line', confirmed: true })
      expect(await findSubscriberByEmail(test_.tools.db, email)).toBeDefined()
    }
  }
  const digestIds = await planDueDigests(test_.tools)
  await composeDigests.run({ digestIds }, test_.tools)
  return digestIds
}

const arrived = (domain: string) =>
  test_.mail.mails.filter(({ rcptTo }) => rcptTo[0]!.endsWith(domain)).length
const rowsOf = (ids: number[]) =>
  test_.tools.db
    .selectFrom('digests')
    .select(['id', 'status', 'attempts', 'retry_at', 'turn_at', 'claimed_until'])
    .where('id', 'in', ids)
    .orderBy('id')
    .execute()
const limited = (text: string): Tools => ({ ...test_.tools, limitOf: parseDomainLimits(text) })

describe('turns', () => {
  test('of an hour are never more than the limit, however many ask at once', async () => {
    const rate = { perSecond: undefined, perHour: 15 }
    const asked = [10, 1, 7].map((want) => takeTurns(test_.tools.db, `hour ${run}`, rate, want))
    const turns = await Promise.all(asked)
    expect(turns.reduce((sum, { count }) => sum + count, 0)).toBe(15)
    expect((await takeTurns(test_.tools.db, `hour ${run}`, rate, 1)).count).toBe(0)
  })

  test('of a second stand in a row', async () => {
    const rate = { perSecond: 2, perHour: undefined }
    const first = await takeTurns(test_.tools.db, `second ${run}`, rate, 100)
    const second = await takeTurns(test_.tools.db, `second ${run}`, rate, 100)
    expect([first.count, first.waitMs, second.count]).toEqual([100, 0, 100])
    expect(second.waitMs).toBeGreaterThan(40_000)
    expect(second.waitMs).toBeLessThanOrEqual(50_000)
  })

  test('of a relay are shared by the processes that use it', async () => {
    const open = () => {
      const relay = { name: `relay ${run}`, weight: 1, perSecond: undefined, perHour: 5 }
      const mailer = createRelays(
        [{ ...relay, mailer: createMailer({ smtpUrl: test_.mail.url }) }],
        (...what) => takeTurns(test_.tools.db, ...what),
      )
      closers.push(() => mailer.close())
      return mailer
    }
    const mail = await sampleMail()
    const [one, other] = [open(), open()]
    const results = await Promise.all(
      [one, other, one, other, one, other, one].map((mailer) => mailer.send(mail)),
    )
    expect(results.filter(({ kind }) => kind === 'accepted')).toHaveLength(5)
    expect(results.filter(({ kind }) => kind === 'refused')).toEqual(
      Array(2).fill(expect.objectContaining({ blame: 'server', permanent: false })),
    )
  })
})

describe('a recipient domain with a limit', () => {
  test('of an hour gets no more; the others wait without an attempt, and other domains are served', async () => {
    const ids = await composed({ 'few.example': 4, 'many.example': 3 })
    expect(await sendDigests.run({ digestIds: ids }, limited('few.example per-hour=2'))).toEqual([])
    expect([arrived('few.example'), arrived('many.example')]).toEqual([2, 3])
    const waiting = (await rowsOf(ids)).filter(({ status }) => status === 'sending')
    expect(waiting).toHaveLength(2)
    for (const row of waiting)
      expect(row).toMatchObject({
        attempts: 0,
        turn_at: null,
        claimed_until: null,
        retry_at: expect.any(Date),
      })
    // A second run sends no more. If five minutes have ended meanwhile, it sets a later time for the next try.
    const rows = async () => (await rowsOf(ids)).map(({ retry_at: _later, ...row }) => row)
    const before = await rows()
    await sendDigests.run({ digestIds: ids }, limited('few.example per-hour=2'))
    expect([await rows(), arrived('few.example')]).toEqual([before, 2])
  })

  test('of a second gets the rest at its turns, each once', async () => {
    const ids = await composed({ 'slow.example': 7 })
    const tools = limited('slow.example per-second=5')
    const later = await sendDigests.run({ digestIds: ids }, tools)
    expect(arrived('slow.example')).toBe(5)
    expect(later.flatMap(({ payload }) => payload.digestIds)).toEqual(ids.slice(5))
    await runToEnd(later, tools)
    expect(arrived('slow.example')).toBe(7)
    await runToEnd(later, tools)
    expect(arrived('slow.example')).toBe(7)
  })

  test('shares it with the domains beside it', async () => {
    const ids = await composed({ 'a.example': 2, 'b.example': 2, 'c.example': 2 })
    await sendDigests.run({ digestIds: ids }, limited('a.example b.example per-hour=3 * per-hour=1'))
    expect([arrived('a.example') + arrived('b.example'), arrived('c.example')]).toEqual([3, 1])
  })
})

describe('a recipient domain that says later', () => {
  const answers = ['421 4.7.0 too many connections', '450 4.7.1 greylisted']

  test.each(answers)('by %s is left alone, and only it', async (answer) => {
    const ids = await composed({ [`hot${run}.example`]: 30, [`cold${run}.example`]: 3 })
    const { db } = test_.tools
    const [code = '', ...text] = answer.split(' ')
    let asked = 0
    test_.refuse((to) => {
      if (!to.endsWith(`hot${run}.example`)) return undefined
      asked += 1
      return { code: Number(code), text: text.join(' ') }
    })
    await sendDigests.run({ digestIds: ids }, test_.tools)
    expect(arrived(`cold${run}.example`)).toBe(3)
    // Five were under way already. Where a connection ended, another one was tried once.
    expect(asked).toBeLessThanOrEqual(20)
    const askedBefore = asked
    expect(await findMailPause(db)).toBeUndefined()
    expect(await listTroubledDomains(db)).toEqual([
      {
        domain: `hot${run}.example`,
        tries: 1,
        reason: expect.stringContaining(text.join(' ')),
        waitMs: expect.any(Number),
      },
    ])
    await sendDigests.run({ digestIds: ids }, test_.tools)
    expect(asked).toBe(askedBefore)

    // When its time has come one mail tries, and when that is accepted the others follow.
    test_.refuse(undefined)
    await db
      .updateTable('mail_limits')
      .set({ blocked_until: new Date(0) })
      .where('blocked_until', 'is not', null)
      .execute()
    await db.updateTable('digests').set({ retry_at: null }).execute()
    await sendDigests.run({ digestIds: ids }, test_.tools)
    expect([arrived(`hot${run}.example`), await listTroubledDomains(db)]).toEqual([1, []])
    await db.updateTable('digests').set({ retry_at: null }).execute()
    await sendDigests.run({ digestIds: ids }, test_.tools)
    expect(arrived(`hot${run}.example`)).toBe(30)
    await endDomainBlock(db, `hot${run}.example`)
  })
})

test('greylisting of single recipients holds up nobody else of their domain', async () => {
  const domain = `grey${run}.example`
  const ids = await composed({ [domain]: 30 })
  test_.refuse((to) => (/^reader2[5-7]@/.test(to) ? { code: 451, text: '4.7.1 Greylisted' } : undefined))
  await sendDigests.run({ digestIds: ids }, test_.tools)
  expect([arrived(domain), await listTroubledDomains(test_.tools.db)]).toEqual([27, []])
})

describe('the setting', () => {
  test('names groups of domains that share a limit, and all others', () => {
    const limitOf = parseDomainLimits('Gmail.com googlemail.com per-second=20 per-hour=500 * per-second=0.5')
    const gmail = { name: 'gmail.com', perSecond: 20, perHour: 500 }
    expect(['gmail.com', 'googlemail.com', 'x.example'].map(limitOf)).toEqual([
      gmail,
      gmail,
      { name: 'x.example', perSecond: 0.5, perHour: undefined },
    ])
    expect(parseDomainLimits('a.example per-hour=1')('b.example')).toBeUndefined()
  })

  test.each([
    'per-hour=2',
    'a.example',
    'a.example per-hour=0',
    'a.example per-day=3',
    'a.example per-hour=1 b',
  ])('%s is refused with an example', (text) => {
    expect(() => parseDomainLimits(text)).toThrow(/^MAIL_DOMAIN_LIMITS: expected domains.*for example: gmail/)
  })
})

describe('a domain whose mails take long', () => {
  test('goes in batches of its own, one at a time, until it is quick again; not if all are slow', async () => {
    // What a process measured is kept by its connection to the database.
    const db = connect(test_.database.url)
    const slowTurns = (domains: string[]) => keepSlowApart(db, domains)
    noteTime(db, 'tar.example', 8000)
    expect(slowTurns(['tar.example', 'quick.example']).domains).toEqual([])
    noteTime(db, 'quick.example', 50)
    noteTime(db, 'tar.example', 8000)
    expect(slowTurns(['tar.example', 'quick.example']).domains).toEqual(['tar.example'])
    expect(slowTurns(['quick.example']).domains).toEqual([])
    const first = slowTurns(['tar.example'])
    expect(first.domains).toEqual([])
    expect(slowTurns(['tar.example']).domains).toEqual(['tar.example'])
    first.end()
    const second = slowTurns(['tar.example'])
    expect(second.domains).toEqual([])
    second.end()
    noteTime(db, 'tar.example', 80)
    expect(slowTurns(['tar.example', 'quick.example']).domains).toEqual([])
    await db.destroy()
  })

  test('leaves its batch, and a job brings its mails', async () => {
    const ids = await composed({ 'mud.example': 2, 'swift.example': 3 })
    noteTime(test_.tools.db, 'swift.example', 50)
    noteTime(test_.tools.db, 'mud.example', 8000)
    const later = await sendDigests.run({ digestIds: ids }, test_.tools)
    expect([arrived('mud.example'), arrived('swift.example')]).toEqual([0, 3])
    expect(later).toMatchObject([{ name: 'sendDigests', delayMs: 1000 }])
    await runToEnd(later, test_.tools)
    expect([arrived('mud.example'), arrived('swift.example')]).toEqual([2, 3])
    expect((await rowsOf(ids)).map(({ status }) => status)).toEqual(ids.map(() => 'sent'))
  })
})
