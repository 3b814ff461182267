import { afterEach, describe, expect, test } from 'vitest'
import { parseRelays } from '../../../src/mail/deliver/relayList.ts'
import { createRelays } from '../../../src/mail/deliver/relays.ts'
import { createMailer } from '../../../src/mail/deliver/transport.ts'
import { sampleMail } from '../sampleMail.ts'
import { type Script, startScriptedServer } from '../scriptedServer.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})
const mail = await sampleMail()

/** Relays of which only those with a limit ask for turns, which nobody gives. Tests of limits are in tests/jobs/mailLimits. */
async function relaysOf(...made: [Script, { weight?: number; perHour?: number }][]) {
  const servers = await Promise.all(made.map(([script]) => startScriptedServer(script)))
  let at = 0
  const mailer = createRelays(
    servers.map(({ url }, index) => ({
      mailer: createMailer({ smtpUrl: url }),
      weight: 1,
      perSecond: undefined,
      perHour: undefined,
      name: `relay ${index}`,
      ...made[index]![1],
    })),
    () => Promise.reject(new Error('the database is away')),
    () => at,
  )
  closers.push(...servers.map((server) => () => server.close()), () => mailer.close())
  const taken = () => servers.map(({ messages }) => messages.length)
  const sendMany = async (count: number) => {
    const kinds: string[] = []
    for (let sent = 0; sent < count; sent += 1) kinds.push((await mailer.send(mail)).kind)
    return kinds
  }
  return { mailer, taken, sendMany, servers, pass: (ms: number) => (at += ms) }
}

describe('several relays', () => {
  test('get their shares of the mail, by weight', async () => {
    const { taken, sendMany } = await relaysOf([{}, { weight: 3 }], [{}, {}])
    await sendMany(8)
    expect(taken()).toEqual([6, 2])
  })

  test('one that is away rests, and the others take its mail, each mail once', async () => {
    const { taken, sendMany, servers, pass } = await relaysOf(
      [{ CONNECT: ['drop', 'drop', '220 back'] }, {}],
      [{}, {}],
    )
    expect(await sendMany(6)).toEqual(Array(6).fill('accepted'))
    expect([taken(), servers[0]!.connections]).toEqual([[0, 6], 2])
    pass(31_000)
    await sendMany(4)
    expect(taken()[0]).toBeGreaterThan(0)
    expect(taken()[0]! + taken()[1]!).toBe(10)
  })

  test('where nobody knows whether one took a mail, no other gets it', async () => {
    const { taken, sendMany } = await relaysOf([{ '.': 'drop' }, {}], [{}, {}])
    expect(await sendMany(1)).toEqual(['unknown'])
    expect(taken()).toEqual([1, 0])
  })

  test('one that refuses a mailbox is believed', async () => {
    const { taken, sendMany } = await relaysOf([{ RCPT: '550 5.1.1 no such user' }, {}], [{}, {}])
    expect(await sendMany(1)).toEqual(['refused'])
    expect(taken()).toEqual([0, 0])
  })

  test('with a limit take nothing while nobody can tell how much they had', async () => {
    const { mailer, taken } = await relaysOf([{}, { perHour: 2 }])
    expect(await mailer.send(mail)).toEqual({
      kind: 'withheld',
      reason: 'expected a turn at relay 0, got the database is away',
    })
    expect(taken()).toEqual([0])
  })
})

describe('the list of relays', () => {
  test('has options after each address', () => {
    expect(
      parseRelays('smtp://one.example:587 weight=3 per-second=14\n smtps://u:p#x@two.example per-hour=5000'),
    ).toEqual([
      { smtpUrl: 'smtp://one.example:587', weight: 3, perSecond: 14, perHour: undefined },
      { smtpUrl: 'smtps://u:p#x@two.example', weight: 1, perSecond: undefined, perHour: 5000 },
    ])
  })

  test.each([
    'weight=2 smtp://one.example',
    'smtp://one.example weight=0',
    'smtp://u:secret@one.example per-day=3',
  ])('%s is refused, and no password is told', (text) => {
    expect(() => parseRelays(text)).toThrow(/^SMTP_URLS: expected relays(?!.*secret)/)
  })
})
