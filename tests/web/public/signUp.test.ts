import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { insertSuppression } from '../../../src/db/mail/suppressions.ts'
import { findSubscriberByEmail } from '../../../src/db/subscribers/subscribers.ts'
import { listTopics } from '../../../src/db/subscribers/topics.ts'
import { addressHash } from '../../../src/mail/addressHash.ts'
import { dumpRows, openTestSite, type TestSite, tokenIn, visit } from '../../support/web.ts'

let site: TestSite
let visitors = 0
const someone = () => visit(site.server, `198.51.100.${++visitors}`)

beforeAll(async () => {
  site = await openTestSite()
})
afterAll(() => site.close())
afterEach(() => {
  site.enqueued.length = 0
  site.mail.mails.length = 0
})

const FORM = {
  topicName: ['Health', '', ''],
  topicQuery: ['"chest x-ray" ecg', 'robot grasping', ''],
  timeZone: 'Europe/Berlin',
  sendAt: '07:30',
  website: '',
}
const signUp = (email: string, fields = {}) =>
  someone().submit('/', '/subscribe', { ...FORM, email, ...fields })
const find = (email: string) => findSubscriberByEmail(site.tools.db, email)
const lastMail = () => site.mail.mails.at(-1)!

describe('signing up', () => {
  test('takes an address with letters beyond ASCII where the mail server does', async () => {
    expect((await signUp('jos\u00E9@example.org')).statusCode).toBe(303)
    await site.runJobs()
    expect(site.mail.mails.at(-1)?.rcptTo).toEqual(['jos\u00E9@example.org'])
  })

  test('leads from the form over a mail and a button to the first digest', async () => {
    const answer = await signUp('Ann@Example.org')
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/check-mail'])
    expect(site.enqueued.map((job) => job.name)).toEqual(['takeMailRequest'])
    expect(await find('ann@example.org')).toBeUndefined()
    await site.runJobs()
    const asked = await find('ann@example.org')
    expect(asked).toMatchObject({
      status: 'pending',
      time_zone: 'Europe/Berlin',
      send_at: '07:30',
      next_digest_at: null,
    })
    expect(await listTopics(site.tools.db, asked!.id)).toEqual([
      { name: 'Health', query: '"chest x-ray" ecg', quota: null },
      { name: 'Robot grasping', query: 'robot grasping', quota: null },
    ])

    expect(lastMail().rcptTo).toEqual(['Ann@example.org'])
    const token = tokenIn(lastMail().parsed.text, 'confirm')
    const before = await dumpRows(site)
    const page = await someone().get(`/confirm/${token}`)
    expect([page.statusCode, page.body.includes('robot grasping')]).toEqual([200, true])
    expect(await dumpRows(site)).toEqual(before)

    const confirmed = await someone().post(`/confirm/${token}`)
    expect([confirmed.statusCode, confirmed.body.includes('You are subscribed')]).toEqual([200, true])
    const { status, next_digest_at, confirmed_at } = (await find('ann@example.org'))!
    expect({ status, next_digest_at, confirmed_at }).toEqual({
      status: 'active',
      next_digest_at: site.tools.now(),
      confirmed_at: site.tools.now(),
    })
    expect(site.enqueued).toEqual([
      { name: 'planDigests', payload: { tick: site.tools.now().toISOString() } },
    ])
  })

  test('a link that was used does not bring back who left since', async () => {
    await signUp('left@example.org')
    await site.runJobs()
    const text = lastMail().parsed.text
    await someone().post(`/confirm/${tokenIn(text, 'confirm')}`)
    await someone().post(`/unsubscribe/${tokenIn(text, 'unsubscribe')}`)
    const again = await someone().post(`/confirm/${tokenIn(text, 'confirm')}`)
    expect([again.statusCode, (await find('left@example.org'))?.status]).toEqual([404, 'unsubscribed'])
  })

  test('a link works for 48 hours', async () => {
    await signUp('slow@example.org')
    await site.runJobs()
    const token = tokenIn(lastMail().parsed.text, 'confirm')
    site.setNow('2026-11-22T09:00:01Z')
    const late = await someone().post(`/confirm/${token}`)
    site.setNow('2026-11-20T09:00:00Z')
    expect([late.statusCode, (await find('slow@example.org'))?.status]).toEqual([404, 'pending'])
  })

  test('the mail holds nothing that was typed into the form', async () => {
    await signUp('victim@example.org', {
      topicName: ['Buy cheap pills', '', ''],
      topicQuery: ['evil.example pills', '', ''],
    })
    await site.runJobs()
    expect(lastMail().raw.toString()).not.toMatch(/pills|evil/i)
  })
})

describe('what outsiders can tell and do', () => {
  test('the answer is the same for new, known, unsubscribed and suppressed addresses', async () => {
    await signUp('known@example.org')
    await site.runJobs()
    await someone().post(`/confirm/${tokenIn(lastMail().parsed.text, 'confirm')}`)
    await insertSuppression(
      site.tools.db,
      addressHash('dead@example.org', site.tools.secret),
      'no such mailbox',
    )
    const answers = []
    for (const email of ['new', 'known', 'left', 'dead'].map((name) => `${name}@example.org`)) {
      const { statusCode, headers, body } = await signUp(email)
      answers.push([statusCode, headers.location, body])
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    await site.runJobs()
    expect(await find('dead@example.org')).toBeUndefined()
  })

  test('a stranger changes nothing of a subscriber, who is mailed a link to the preferences instead', async () => {
    await signUp('owner@example.org')
    await site.runJobs()
    await someone().post(`/confirm/${tokenIn(lastMail().parsed.text, 'confirm')}`)
    const before = (await find('owner@example.org'))!
    site.setNow('2026-11-20T10:00:00Z')
    await signUp('owner@example.org', { sendAt: '03:00', topicQuery: ['spam', '', ''] })
    await site.runJobs()
    const after = (await find('owner@example.org'))!
    expect({ ...after, updated_at: 0, confirmation_asked_at: 0, confirmation_sent_at: 0 }).toMatchObject({
      status: 'active',
      send_at: before.send_at,
    })
    expect(await listTopics(site.tools.db, after.id)).toHaveLength(2)
    expect(tokenIn(lastMail().parsed.text, 'preferences')).toHaveLength(43)
    expect(lastMail().parsed.text).not.toContain('/confirm/')
    site.setNow('2026-11-20T09:00:00Z')
  })

  test('one mail in 15 minutes, four in a day, whoever asks and however the address is written', async () => {
    const times = ['09:00:00', '09:14:59', '09:15:00', '09:40:00', '10:00:00', '11:00:00', '12:00:00']
    const spellings = ['bombed@example.org', 'BOMBED@Example.org', 'bombed+tag@example.org']
    const mails = []
    for (const [index, time] of times.entries()) {
      site.setNow(`2026-11-20T${time}Z`)
      await signUp(spellings[index % 3]!)
      await site.runJobs()
      mails.push(site.mail.mails.length)
      // Leaving gives no new allowance.
      if (index === 3) await someone().post(`/unsubscribe/${tokenIn(lastMail().parsed.text, 'unsubscribe')}`)
    }
    site.setNow('2026-11-20T09:00:00Z')
    expect(mails).toEqual([1, 1, 2, 3, 4, 4, 4])
  })

  test('a full hour asks every sign-up to come back, known or not, and never a subscriber who wants their link', async () => {
    site.setNow('2026-11-20T20:00:00Z')
    await site.tools.db
      .insertInto('sign_up_hours')
      .values({ hour: new Date('2026-11-20T20:00:00Z'), sign_ups: 500 })
      .execute()
    const fresh = await signUp('late-comer@example.org')
    const known = await signUp('ann@example.org')
    const link = await someone().submit('/preferences', '/preferences', { email: 'ann@example.org' })
    await site.runJobs()
    site.setNow('2026-11-20T09:00:00Z')
    expect([fresh.statusCode, known.statusCode, fresh.body === known.body]).toEqual([429, 429, true])
    expect([link.statusCode, site.mail.mails.map(({ rcptTo }) => rcptTo)]).toEqual([
      303,
      [['Ann@example.org']],
    ])
    expect(await find('late-comer@example.org')).toBeUndefined()
  })

  test('a program that fills in the hidden field gets the usual answer, and nothing happens', async () => {
    const before = await dumpRows(site)
    const answer = await signUp('bot@example.org', { website: 'https://spam.example' })
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/check-mail'])
    expect(await dumpRows(site)).toEqual(before)
  })

  test('a form from another site is refused', async () => {
    const before = await dumpRows(site)
    const answer = await someone().post('/subscribe', { ...FORM, email: 'forged@example.org' })
    expect(answer.statusCode).toBe(403)
    expect(answer.body).toContain('This form has expired')
    expect(await dumpRows(site)).toEqual(before)
  })

  test('one client address sends ten sign-ups in ten minutes', async () => {
    const one = visit(site.server, '203.0.113.9')
    const codes = []
    for (let n = 0; n < 11; n += 1)
      codes.push((await one.submit('/', '/subscribe', { ...FORM, email: 'no' })).statusCode)
    expect(codes).toEqual([...Array(10).fill(422), 429])
  })
})

describe('a form that cannot be taken', () => {
  test('comes back with what was typed, and each error beside its field', async () => {
    const typed = {
      topicQuery: ['robots "unfinished', '"><script>alert(1)</script>', ''],
      sendAt: '25:00',
      timeZone: 'Mars/Phobos',
    }
    const { statusCode, body } = await signUp('ann@@example', typed)
    expect(statusCode).toBe(422)
    expect(body).toContain('value="ann@@example" aria-invalid="true" aria-describedby="email-error"')
    expect(body).toContain('id="email-error">Expected one mail address')
    expect(body).toContain('id="sendAt-error">Expected a time of day')
    expect(body).toContain('id="timeZone-error">Expected a time zone')
    expect(body).toContain('value="robots &quot;unfinished"')
    expect(body).toMatch(
      /id="topics-0-query-error">[^<]+\s*<code aria-hidden="true">robots <mark>&quot;<\/mark>unfinished/,
    )
    expect(body).not.toContain('<script>')
    expect(body).toContain('href="#topics-0-query"')
  })

  test.each([
    [
      'two topics of one name',
      { topicName: ['A', 'A', ''], topicQuery: ['x1', 'x2', ''] },
      'topics-1-name-error',
    ],
    [
      'a name without anything to look for',
      { topicName: ['A', '', ''], topicQuery: ['', '', ''] },
      'topics-0-query-error',
    ],
    [
      'thirteen topics',
      { topicName: Array(13).fill(''), topicQuery: Array.from({ length: 13 }, (_, n) => `topic${n}`) },
      'topics-error',
    ],
    ['a query of 10,000 characters', { topicQuery: ['a'.repeat(10_000), '', ''] }, 'topics-0-query-error'],
    ['a name of 81 characters', { topicName: ['n'.repeat(81), '', ''] }, 'topics-0-name-error'],
  ])('%s', async (_what, fields, errorId) => {
    const before = await dumpRows(site)
    const { statusCode, body } = await signUp('ann2@example.org', fields)
    expect([statusCode, body.includes(`id="${errorId}"`)]).toEqual([422, true])
    expect(await dumpRows(site)).toEqual(before)
  })

  test.each([
    'a@b.example, c@d.example',
    'x@y.example\r\nBcc: z@y.example',
    '"a b"@c.example',
    'j\u200Brg@example.org',
    ' ',
  ])('the address %j is refused', async (email) => {
    expect((await signUp(email)).statusCode).toBe(422)
  })

  test('control characters in a topic are white space, as PostgreSQL cannot keep them', async () => {
    await signUp('nul@example.org', { topicName: ['a\0b', '', ''], topicQuery: ['x\0y\nz', '', ''] })
    await site.runJobs()
    const { id } = (await find('nul@example.org'))!
    expect(await listTopics(site.tools.db, id)).toEqual([{ name: 'a b', query: 'x y z', quota: null }])
  })
})
