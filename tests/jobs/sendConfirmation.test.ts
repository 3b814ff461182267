import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { insertSuppression, isSuppressed } from '../../src/db/mail/suppressions.ts'
import { findSubscriberByEmail } from '../../src/db/subscribers/subscribers.ts'
import { PermanentError, TemporaryError } from '../../src/errors.ts'
import { sendConfirmation } from '../../src/jobs/sendConfirmation.ts'
import { sweep } from '../../src/jobs/sweep.ts'
import { addressHash } from '../../src/mail/addressHash.ts'
import { createMailer } from '../../src/mail/deliver/transport.ts'
import { answerMailRequest, requestPreferencesLink } from '../../src/subscribers/mailRequests.ts'
import { unsubscribe } from '../../src/subscribers/membership.ts'
import { DEFAULTS } from '../../src/subscribers/preferences.ts'
import { signUp } from '../../src/subscribers/subscribing.ts'
import { openTestTools, type TestTools } from '../support/tools.ts'

let test_: TestTools
let subscribers = 0

beforeAll(async () => {
  test_ = await openTestTools()
})
afterAll(() => test_.close())
beforeEach(() => {
  test_.setNow('2026-11-20T09:00:00Z')
  test_.refuse(undefined)
  test_.mail.mails.length = 0
})

type Payload = { subscriberId: number; askedAt: string }

async function ask(email = `subscriber${++subscribers}@example.org`) {
  const wish = { ...DEFAULTS, topics: [], email, source: 'web' as const }
  const { next } = await signUp(test_.tools, wish)
  return { email, payload: next[0]!.payload as Payload }
}
const run = (payload: Payload, tools = test_.tools) => sendConfirmation.run(payload, tools)
const row = async (email: string) => (await findSubscriberByEmail(test_.tools.db, email))!
const tokenCount = async (email: string) => {
  const { id } = await row(email)
  return (await test_.tools.db.selectFrom('tokens').select('hash').where('subscriber_id', '=', id).execute())
    .length
}

describe('the confirmation mail', () => {
  test('goes out once for one request, however often the step runs', async () => {
    const { email, payload } = await ask()
    for (let n = 0; n < 3; n += 1) expect(await run(payload)).toEqual([])
    expect(test_.mail.mails.map((mail) => mail.rcptTo)).toEqual([[email]])
    expect(await tokenCount(email)).toBe(2)
    expect((await row(email)).confirmation_sent_at).toEqual(test_.tools.now())
  })

  test('a request that a newer one has replaced sends nothing', async () => {
    const { email, payload } = await ask()
    test_.setNow('2026-11-20T09:20:00Z')
    const newer = await ask(email)
    await run(payload)
    expect(test_.mail.mails).toEqual([])
    await run(newer.payload)
    expect(test_.mail.mails).toHaveLength(1)
  })

  test('carries one-click unsubscribe, so that a stranger can end it', async () => {
    const { payload } = await ask()
    await run(payload)
    const headers = test_.mail.mails[0]!.raw.toString()
    expect(headers).toMatch(
      /^List-Unsubscribe: <https:\/\/digest\.example\.org\/unsubscribe\/[\w-]{43}>, <mailto:[^>]+>\r$/m,
    )
    expect(headers).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m)
  })

  test('does not go to a suppressed address, and the sweep leaves it alone', async () => {
    const { email, payload } = await ask()
    await insertSuppression(test_.tools.db, addressHash(email, test_.tools.secret), 'complaint')
    await run(payload)
    test_.setNow('2026-11-20T09:10:00Z')
    const swept = await sweep.run({ tick: test_.tools.now().toISOString() }, test_.tools)
    expect(test_.mail.mails).toEqual([])
    expect(swept.filter((job) => job.payload.subscriberId === payload.subscriberId)).toEqual([])
  })

  test('that was never tried is found by the sweep', async () => {
    const { payload } = await ask()
    test_.setNow('2026-11-20T09:10:00Z')
    const tick = test_.tools.now().toISOString()
    const swept = await sweep.run({ tick }, test_.tools)
    expect(swept).toContainEqual({
      name: 'sendConfirmation',
      payload,
      label: `person ${payload.subscriberId}`,
    })
  })

  test('for one who unsubscribed since is none: they get a link to their preferences at most', async () => {
    const { email, payload } = await ask()
    await unsubscribe(test_.tools, payload.subscriberId)
    await run(payload)
    expect(test_.mail.mails[0]?.parsed.text ?? '').not.toContain('/confirm/')
    expect((await row(email)).status).toBe('unsubscribed')
  })

  test('to a subscriber is the link to their preferences', async () => {
    const email = 'known@example.org'
    await signUp(test_.tools, { ...DEFAULTS, topics: [], email, source: 'command line', confirmed: true })
    const [request] = await requestPreferencesLink(test_.tools, email)
    const { next } = await answerMailRequest(test_.tools, request!.payload.requestId as number)
    await run(next[0]!.payload as Payload)
    expect(test_.mail.mails[0]?.parsed.subject).toBe('Your Paperboy preferences')
    expect(test_.mail.mails[0]?.parsed.text).toMatch(/\/preferences\/[\w-]{43}/)
  })
})

describe('when the mail server does not take it', () => {
  test('for now: tried again, and the failed try leaves no link and no count behind', async () => {
    const { email, payload } = await ask()
    test_.refuse(() => ({ code: 451, text: '4.7.1 greylisted' }))
    for (let n = 0; n < 6; n += 1) await expect(run(payload)).rejects.toThrow(TemporaryError)
    expect([await tokenCount(email), (await row(email)).confirmation_sent_at]).toEqual([0, null])
    test_.refuse(undefined)
    await run(payload)
    expect(test_.mail.mails).toHaveLength(1)
  })

  test('for good: never tried again, and a mailbox that does not exist is suppressed', async () => {
    const { email, payload } = await ask()
    test_.refuse(() => ({ code: 550, text: '5.1.1 no such user' }))
    await expect(run(payload)).rejects.toThrow(PermanentError)
    test_.refuse(undefined)
    expect(await run(payload)).toEqual([])
    expect(test_.mail.mails).toEqual([])
    expect(await isSuppressed(test_.tools.db, addressHash(email, test_.tools.secret))).toBe(true)
  })

  test('because it refuses us, not the subscriber: nobody is suppressed', async () => {
    const { email, payload } = await ask()
    test_.refuse(() => ({ code: 550, text: '5.7.26 unauthenticated mail' }))
    await expect(run(payload)).rejects.toThrow(TemporaryError)
    expect(await isSuppressed(test_.tools.db, addressHash(email, test_.tools.secret))).toBe(false)
  })

  test('because it is not there: tried again', async () => {
    const { email, payload } = await ask()
    const mailer = createMailer({ smtpUrl: 'smtp://127.0.0.1:1' })
    await expect(run(payload, { ...test_.tools, mailer })).rejects.toThrow(TemporaryError)
    await mailer.close()
    expect((await row(email)).confirmation_sent_at).toBeNull()
  })
})
