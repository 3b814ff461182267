import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findSubscriberByEmail } from '../../src/db/subscribers/subscribers.ts'
import { windowOf } from '../../src/digests/candidates.ts'
import { runToEnd } from '../../src/jobs/pipeline.ts'
import { parseTopicOption } from '../../src/ranking/language/topicOption.ts'
import { getWeekly, pauseForMonth } from '../../src/subscribers/fewer.ts'
import { pause, resume, unsubscribe } from '../../src/subscribers/membership.ts'
import { DEFAULTS } from '../../src/subscribers/preferences.ts'
import { signUp } from '../../src/subscribers/subscribing.ts'
import { papersOn, store } from '../support/listings.ts'
import { openTestTools, type TestTools } from '../support/tools.ts'

let test_: TestTools
let subscribers = 0

/** Papers of each subject on one day. */
const LISTED: [string, string, number][] = [
  ['2026-09-01', 'sundials', 1],
  ['2026-10-01', 'harbours', 11],
  ['2026-10-10', 'lichens', 21],
  ['2026-10-24', 'comets', 31],
  ['2026-10-30', 'kettles', 41],
]
beforeAll(async () => {
  test_ = await openTestTools()
  for (const [day, subject, from] of LISTED)
    await store(test_.tools, day, papersOn(subject, 3, from), { observedAt: new Date(`${day}T05:00:00Z`) })
})
afterAll(() => test_.close())

async function subscribe(subject: string, now: string, weekdays = DEFAULTS.weekdays) {
  test_.setNow(now)
  const email = `reader${++subscribers}@example.org`
  const topics = [parseTopicOption(`Mine=${subject}`)]
  await signUp(test_.tools, {
    ...{ ...DEFAULTS, weekdays, email, topics, explore: false },
    ...{ source: 'command line', confirmed: true },
  })
  await runLine()
  test_.mail.mails.length = 0
  return (await findSubscriberByEmail(test_.tools.db, email))!
}

const runLine = () =>
  runToEnd([{ name: 'planDigests', payload: { tick: test_.tools.now().toISOString() } }], test_.tools)
/** What a reader has been sent since they subscribed, when all that is due then has gone. */
async function mailsTo({ email }: { email: string }, now: string) {
  test_.setNow(now)
  await runLine()
  return test_.mail.mails.filter(({ rcptTo }) => rcptTo.includes(email)).map(({ parsed }) => parsed)
}

/** Text without its line breaks. */
const lineOf = (text: string | undefined) => text?.replace(/\s+/g, ' ')

describe('after a pause of more than seven days', () => {
  test('the first digest has the best papers of the whole pause and says so; the next one is ordinary', async () => {
    const reader = await subscribe('lichens comets', '2026-10-05T09:00:00Z')
    await pause(test_.tools, reader.id, new Date('2026-10-31T00:00:00Z'))
    expect(await mailsTo(reader, '2026-10-20T09:00:00Z')).toEqual([])
    const mails = await mailsTo(reader, '2026-10-31T08:00:00Z')
    expect(mails).toHaveLength(1)
    expect(mails[0]!.subject).toMatch(/^6 papers/)
    expect(lineOf(mails[0]!.text)).toContain(
      'Welcome back: here are the best papers since you paused on 5 October.',
    )
    expect(mails[0]!.html).toContain('since you paused on 5 October')
    await store(test_.tools, '2026-11-01', papersOn('comets', 1, 91))
    const [, next] = await mailsTo(reader, '2026-11-01T08:00:00Z')
    expect(next!.subject).toMatch(/^1 paper: /)
    expect(next!.text).not.toContain('Welcome back')
  })

  test('a pause that a person ends is made up for as well, and a second one before the digest goes on with the first', async () => {
    const reader = await subscribe('lichens', '2026-10-08T09:00:00Z')
    await pause(test_.tools, reader.id)
    test_.setNow('2026-10-19T09:00:00Z')
    await resume(test_.tools, reader.id)
    await pause(test_.tools, reader.id)
    test_.setNow('2026-10-29T09:00:00Z')
    await resume(test_.tools, reader.id)
    const mails = await mailsTo(reader, '2026-10-30T08:00:00Z')
    expect(mails.map(({ subject }) => subject)).toEqual([expect.stringMatching(/^3 papers: .*lichens/)])
    expect(lineOf(mails[0]!.text)).toContain('since you paused on 8 October')
  })

  test('nothing older than 31 days comes, and the mail says how far back it looks', async () => {
    const reader = await subscribe('sundials harbours', '2026-08-20T09:00:00Z')
    await pause(test_.tools, reader.id, new Date('2026-10-31T00:00:00Z'))
    const [mail] = await mailsTo(reader, '2026-10-31T08:00:00Z')
    expect(mail!.subject).toMatch(/^3 papers: .*harbours/)
    expect(mail!.text).not.toContain('sundials')
    expect(lineOf(mail!.text)).toContain('the best papers of the last 31 days. You paused on 20 August.')
  })

  test('papers from before the pause do not come', async () => {
    const reader = await subscribe('violets', '2026-10-20T09:00:00Z')
    await test_.tools.db
      .updateTable('topics')
      .set({ query: 'lichens comets' })
      .where('subscriber_id', '=', reader.id)
      .execute()
    await pause(test_.tools, reader.id, new Date('2026-10-31T00:00:00Z'))
    const [mail] = await mailsTo(reader, '2026-10-31T08:00:00Z')
    expect(mail!.subject).toMatch(/^3 papers: .*comets/)
    expect(mail!.text).not.toContain('lichens')
  })

  test('the button for thirty days brings the pause’s papers', async () => {
    const reader = await subscribe('harbours', '2026-09-30T09:00:00Z')
    await pauseForMonth(test_.tools, reader.id)
    const [mail] = await mailsTo(reader, '2026-10-31T08:00:00Z')
    expect(mail!.subject).toMatch(/^3 papers: .*harbours/)
    expect(lineOf(mail!.text)).toContain('30 September')
  })

  test('leaving ends it: whoever comes back later gets an ordinary digest', async () => {
    const reader = await subscribe('lichens', '2026-10-08T09:00:00Z')
    await pause(test_.tools, reader.id)
    await unsubscribe(test_.tools, reader.id)
    test_.setNow('2026-10-30T09:00:00Z')
    expect((await findSubscriberByEmail(test_.tools.db, reader.email))!.catch_up_from).toBeNull()
  })
})

test('a pause of less than a week needs no longer look back', () => {
  expect(windowOf('2026-10-31', null)).toEqual({ days: 7, from: '2026-10-25' })
  expect(windowOf('2026-10-31', '2026-10-28')).toEqual({ days: 7, from: '2026-10-25' })
  expect(windowOf('2026-10-31', '2026-10-24')).toEqual({ days: 14, from: '2026-10-23' })
  expect(windowOf('2026-10-31', '2025-10-24')).toEqual({ days: 31, from: '2026-10-01' })
})

describe('a weekly reader whose day was missed', () => {
  test('gets it late, marked, and the next one a week after the day', async () => {
    const reader = await subscribe('kettles', '2026-10-20T09:00:00Z', [5])
    const mails = await mailsTo(reader, '2026-10-31T21:30:00Z')
    expect(mails.map(({ subject }) => subject)).toEqual([expect.stringMatching(/^3 papers: .*kettles/)])
    expect(lineOf(mails[0]!.text)).toContain(
      'This digest comes late: it was due on Friday 30 October at 08:00.',
    )
    const after = await findSubscriberByEmail(test_.tools.db, reader.email)
    expect(after!.next_digest_at).toEqual(new Date('2026-11-06T08:00:00Z'))
  })

  test('waits for the next one if it is less than twelve hours away', async () => {
    const reader = await subscribe('kettles', '2026-10-20T09:00:00Z', [5])
    expect(await mailsTo(reader, '2026-11-05T21:30:00Z')).toEqual([])
    const [mail] = await mailsTo(reader, '2026-11-06T08:00:00Z')
    expect(mail).toBeUndefined()
  })

  test('who asked for fewer gets one digest a week, with the best of seven days', async () => {
    const reader = await subscribe('comets', '2026-10-20T09:00:00Z')
    await getWeekly(test_.tools, reader.id)
    for (const day of ['22', '23', '24', '25'])
      expect(await mailsTo(reader, `2026-10-${day}T08:00:00Z`)).toEqual([])
    const [mail] = await mailsTo(reader, '2026-10-26T08:00:00Z')
    expect(mail!.subject).toMatch(/^3 papers: .*comets/)
    expect(mail!.text).not.toContain('late')
  })
})
