import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { findSubscriberByEmail } from '../../src/db/subscribers/subscribers.ts'
import { runJob } from '../../src/jobs/pipeline.ts'
import { mailboxHash } from '../../src/mail/addressHash.ts'
import { answerMailRequest, requestSignUp } from '../../src/subscribers/mailRequests.ts'
import { DEFAULTS } from '../../src/subscribers/preferences.ts'
import { openTestTools, type TestTools } from '../support/tools.ts'

let test_: TestTools
beforeAll(async () => {
  test_ = await openTestTools()
})
afterAll(() => test_.close())

const WISH = { ...DEFAULTS, topics: [] }
const counted = async () =>
  (await test_.tools.db.selectFrom('sign_up_hours').select('sign_ups').execute()).map(
    ({ sign_ups }) => sign_ups,
  )

test('however many sign up at once, the hour takes exactly its number', async () => {
  const crowd = inject('backend') === 'embedded' ? 600 : 2000
  const answers = await Promise.all(
    Array.from({ length: crowd }, (_, at) => requestSignUp(test_.tools, `crowd${at}@example.org`, WISH)),
  )
  expect(answers.filter((answer) => answer !== undefined)).toHaveLength(500)
  expect(await counted()).toEqual([500])
  await test_.tools.db.deleteFrom('mail_requests').execute()
  await test_.tools.db.deleteFrom('sign_up_hours').execute()
})

test('what was typed is taken once; a sign-up without a mail gives its place in the hour back', async () => {
  const first = (await requestSignUp(test_.tools, 'ann@example.org', WISH))![0]!.payload.requestId as number
  expect(await answerMailRequest(test_.tools, first)).toMatchObject({ outcome: 'asked' })
  expect(await answerMailRequest(test_.tools, first)).toEqual({ outcome: 'unknown', next: [] })
  const second = (await requestSignUp(test_.tools, 'ann+news@example.org', WISH))![0]!.payload
  expect(await answerMailRequest(test_.tools, second.requestId as number)).toMatchObject({
    outcome: 'throttled',
  })
  expect(await counted()).toEqual([1])
})

test('the sweep finds a request whose job was lost', async () => {
  const [first] = (await requestSignUp(test_.tools, 'lost@example.org', WISH))!
  const job = { name: first!.name, payload: first!.payload }
  const sweep = () =>
    runJob({ name: 'sweep', payload: { tick: test_.tools.now().toISOString() } }, test_.tools)
  expect(await sweep()).not.toContainEqual(job)
  test_.setNow('2026-11-20T09:00:16Z')
  expect(await sweep()).toContainEqual(job)
  await runJob(job, test_.tools)
  expect((await findSubscriberByEmail(test_.tools.db, 'lost@example.org'))?.status).toBe('pending')
})

test.each([
  ['Ann@example.org', 'ann+news@EXAMPLE.org', true],
  ['a.n.n@gmail.com', 'ann+x@googlemail.com', true],
  ['a.n.n@example.org', 'ann@example.org', false],
  ['+ann@example.org', '+bea@example.org', false],
])('%s and %s are one mailbox: %s', (one, other, same) => {
  expect(mailboxHash(one, 's') === mailboxHash(other, 's')).toBe(same)
})
