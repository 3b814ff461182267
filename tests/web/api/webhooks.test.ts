import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findSubscriber } from '../../../src/db/subscribers/subscribers.ts'
import { listTimeline } from '../../../src/db/subscribers/subscriberViews.ts'
import { findSuppression } from '../../../src/subscribers/directory.ts'
import { SNS_CERTIFICATE, SNS_KEY } from '../../support/snsCertificate.ts'
import { dumpRows, enlist, openTestSite, type TestSite } from '../../support/web.ts'

const EC = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:mail'
const CERTIFICATE_URL = 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem'
const POSTMARK = 'postmark:a long password'
const MAILGUN = 'the signing key of mailgun'

let site: TestSite
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paperboy-sns-'))
  await writeFile(join(folder, 'sns.pem'), SNS_CERTIFICATE)
  site = await openTestSite({
    webhooks: {
      sesTopic: TOPIC,
      sesCertificate: join(folder, 'sns.pem'),
      sendgridKey: EC.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
      postmarkPassword: POSTMARK,
      mailgunKey: MAILGUN,
    },
  })
})
afterAll(async () => {
  await site.close()
  await rm(folder, { recursive: true })
})

interface Told {
  url: string
  headers?: Record<string, string>
  payload: string
}
const send = async ({ url, headers, payload }: Told) =>
  (
    await site.server.inject({
      method: 'POST',
      url,
      headers: { 'content-type': 'text/plain', ...headers },
      payload,
    })
  ).statusCode

const sendgrid = (...events: object[]): Told => {
  const payload = JSON.stringify(events)
  const signature = sign('sha256', Buffer.from(`1700000000${payload}`), EC.privateKey).toString('base64')
  const prefix = 'x-twilio-email-event-webhook'
  return {
    url: '/webhooks/sendgrid',
    headers: { [`${prefix}-signature`]: signature, [`${prefix}-timestamp`]: '1700000000' },
    payload,
  }
}
const postmark = (record: object, credentials = POSTMARK): Told => ({
  url: '/webhooks/postmark',
  headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
  payload: JSON.stringify(record),
})
let tokens = 0
const mailgun = (data: object, key = MAILGUN, token = `token${++tokens}`): Told => {
  const timestamp = `${site.tools.now().getTime() / 1000}`
  const signature = createHmac('sha256', key)
    .update(timestamp + token)
    .digest('hex')
  return {
    url: '/webhooks/mailgun',
    payload: JSON.stringify({ signature: { timestamp, token, signature }, 'event-data': data }),
  }
}
const ses = (message: object, changes: Record<string, string> = {}): Told => {
  const note: Record<string, string> = {
    Type: 'Notification',
    MessageId: 'm1',
    TopicArn: TOPIC,
    Message: JSON.stringify(message),
    Timestamp: '2026-11-20T09:00:00.000Z',
    SignatureVersion: '2',
    SigningCertURL: CERTIFICATE_URL,
    ...changes,
  }
  const names = ['Message', 'MessageId', 'Timestamp', 'TopicArn', 'Type']
  const text = names.map((name) => `${name}\n${note[name]}\n`).join('')
  const algorithm = note.SignatureVersion === '1' ? 'sha1' : 'sha256'
  const signature = sign(algorithm, Buffer.from(text), SNS_KEY).toString('base64')
  return { url: '/webhooks/ses', payload: JSON.stringify({ ...note, Signature: signature }) }
}
const sesBounce = (emailAddress: string) => ({
  notificationType: 'Bounce',
  mail: { messageId: `ses ${emailAddress}` },
  bounce: { bounceType: 'Permanent', bouncedRecipients: [{ emailAddress, status: '5.1.1' }] },
})

/** A bounce of a mailbox that does not exist, and a complaint, as each provider tells them. */
const PROVIDERS = {
  sendgrid: {
    bounce: (email: string) =>
      sendgrid({
        email,
        event: 'bounce',
        sg_event_id: `b${email}`,
        status: '5.1.1',
        reason: '550 no such user',
      }),
    complaint: (email: string) => sendgrid({ email, event: 'spamreport', sg_event_id: `c${email}` }),
  },
  postmark: {
    bounce: (Email: string) =>
      postmark({
        RecordType: 'Bounce',
        Type: 'HardBounce',
        ID: `b${Email}`,
        Email,
        Details: 'smtp;550 5.1.1 no such user',
      }),
    complaint: (Email: string) => postmark({ RecordType: 'SpamComplaint', ID: `c${Email}`, Email }),
  },
  mailgun: {
    bounce: (recipient: string) =>
      mailgun({
        event: 'failed',
        severity: 'permanent',
        id: `b${recipient}`,
        recipient,
        'delivery-status': { code: 550, message: '5.1.1 no such user' },
      }),
    complaint: (recipient: string) => mailgun({ event: 'complained', id: `c${recipient}`, recipient }),
  },
  ses: {
    bounce: (email: string) => ses(sesBounce(email)),
    complaint: (emailAddress: string) =>
      ses({
        eventType: 'Complaint',
        mail: { messageId: `c${emailAddress}` },
        complaint: { complainedRecipients: [{ emailAddress }] },
      }),
  },
}

describe.each(Object.entries(PROVIDERS))('%s', (provider, told) => {
  test('a bounce is on the timeline once, and suppresses by the rule', async () => {
    const email = `gone@${provider}.example`
    const { id } = await enlist(site, email)
    expect([await send(told.bounce(email)), await send(told.bounce(email))]).toEqual([200, 200])
    const bounces = (await listTimeline(site.tools.db, id, 20)).filter(({ what }) => what === 'bounced')
    expect(bounces.map(({ who, status }) => [who, status])).toEqual([[provider, '5.1.1']])
    expect(await findSuppression(site.tools, email)).toMatchObject({ cause: 'bounce' })
  })

  test('a complaint ends the subscription and all mail', async () => {
    const email = `angry@${provider}.example`
    const { id } = await enlist(site, email)
    expect(await send(told.complaint(email))).toBe(200)
    expect((await findSubscriber(site.tools.db, id))?.status).toBe('unsubscribed')
    expect(await findSuppression(site.tools, email)).toMatchObject({ cause: 'complaint' })
  })
})

test('what is not signed, or says nothing of a subscriber, changes nothing', async () => {
  const email = 'safe@example.org'
  await enlist(site, email)
  const before = await dumpRows(site)
  const { bounce } = PROVIDERS.sendgrid
  const changed = bounce('other@example.org').payload
  const bad: Told[] = [
    { ...bounce(email), payload: changed.replace('other@', 'safe@') },
    { url: '/webhooks/sendgrid', payload: '[]' },
    postmark({ RecordType: 'SpamComplaint', ID: 1, Email: email }, 'postmark:another password'),
    { url: '/webhooks/postmark', payload: '{}' },
    mailgun({ event: 'complained', id: 'x', recipient: email }, 'another key of mailgun'),
    { url: '/webhooks/mailgun', payload: '{}' },
    {
      ...ses(sesBounce(email)),
      payload: ses(sesBounce('other@example.org')).payload.replaceAll('other@', 'safe@'),
    },
    ses(sesBounce(email), { TopicArn: `${TOPIC}2` }),
    ses(sesBounce(email), { SigningCertURL: 'https://sns.eu-west-1.amazonaws.com.evil.example/x.pem' }),
    ses(sesBounce(email), { SigningCertURL: 'http://sns.eu-west-1.amazonaws.com/x.pem' }),
    { url: '/webhooks/ses', payload: 'no JSON' },
  ]
  for (const told of bad) expect([told.url, await send(told)]).toEqual([told.url, 401])
  const others: Told[] = [
    bounce('stranger@example.org'),
    sendgrid({
      email,
      event: 'bounce',
      sg_event_id: 'z',
      status: '5.1.1',
      'smtp-id': '<x@another-app.example>',
    }),
    sendgrid({ email, event: 'open', sg_event_id: 'o' }, { nonsense: true }),
    postmark({ RecordType: 'Bounce', Type: 'AutoResponder', ID: 9, Email: email }),
    mailgun({ event: 'opened', id: 'o', recipient: email }),
  ]
  for (const told of others) expect([told.url, await send(told)]).toEqual([told.url, 200])
  expect(await dumpRows(site)).toEqual(before)
})

test('a token of Mailgun is good for one event, and for a day', async () => {
  const email = 'token@example.org'
  await enlist(site, email)
  const first = mailgun({ event: 'delivered', id: 'e1', recipient: email }, MAILGUN, 'once')
  expect([await send(first), await send(first)]).toEqual([200, 200])
  expect(await send(mailgun({ event: 'complained', id: 'e2', recipient: email }, MAILGUN, 'once'))).toBe(401)
  const old = mailgun({ event: 'complained', id: 'e3', recipient: email })
  site.setNow('2026-11-22T09:00:00Z')
  const answer = await send(old)
  site.setNow('2026-11-20T09:00:00Z')
  expect(answer).toBe(401)
})

test('a certificate of SNS counts only while it lasts, and older signatures are read too', async () => {
  expect(await send(ses({ mail: { messageId: 'x' } }, { SignatureVersion: '1' }))).toBe(200)
  site.setNow('2019-11-20T09:00:00Z')
  const early = await send(ses({ mail: { messageId: 'x' } }))
  site.setNow('2026-11-20T09:00:00Z')
  expect(early).toBe(401)
})
