import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readReport } from '../../../src/mail/returned/report.ts'

const crlf = (text: string) => Buffer.from(text.replaceAll('\n', '\r\n'))

/** A report of RFC 6522 with these parts. */
function multipart(type: string, ...parts: string[]): Buffer {
  const body = parts.map((part) => `--B\n${part}\n`).join('')
  return crlf(`From: MAILER-DAEMON@mx.example\nSubject: report
Content-Type: multipart/report; report-type=${type}; boundary="B"\nMIME-Version: 1.0\n\n${body}--B--\n`)
}
const human = 'Content-Type: text/plain\n\nYour message did not arrive.'
const dsn = (...fields: string[]) =>
  multipart(
    'delivery-status',
    human,
    `Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; ann@x.example\n${fields.join('\n')}`,
    'Content-Type: message/rfc822\n\nFrom: a@b.example\nSubject: 550 5.7.1 hello\n\nbody',
  )

describe('a delivery status notification', () => {
  test.each([
    [
      [
        'Action: failed',
        'Status: 5.1.1',
        'Diagnostic-Code: smtp; 550 5.1.1 <ann@x.example>:\n  no such user',
      ],
      'bounced',
      '5.1.1',
      '550 5.1.1 the recipient: no such user',
    ],
    [
      ['Action: failed', 'Status: 5.0.0', 'Diagnostic-Code: smtp; 550-5.1.1 gone'],
      'bounced',
      '5.1.1',
      '550-5.1.1 gone',
    ],
    [['Action: failed', 'Status: 4.4.7 (expired)'], 'bounced', '4.4.7', 'failed 4.4.7'],
    [['Action: Delayed', 'Status: 4.2.2'], 'delayed', '4.2.2', 'delayed 4.2.2'],
    [['Action: delivered (to mailbox)', 'Status: 2.0.0'], 'delivered', '2.0.0', 'delivered 2.0.0'],
    [['Status: 5.2.1'], 'bounced', '5.2.1', 'failed 5.2.1'],
    [['Action: failed'], 'bounced', null, 'failed'],
  ])('%j is read', async (fields, kind, status, detail) => {
    expect(await readReport(dsn(...fields))).toEqual({ kind, status, detail })
  })

  test('needs no original, and of several recipients the worst counts', async () => {
    const fields =
      'Action: relayed\nStatus: 2.0.0\n\nFinal-Recipient: rfc822; x@y.example\nAction: failed\nStatus: 5.2.2'
    const bare = multipart(
      'delivery-status',
      `Content-Type: message/delivery-status\n\nReporting-MTA: dns; a\n\n${fields}`,
    )
    expect(await readReport(bare)).toMatchObject({ kind: 'bounced', status: '5.2.2' })
  })

  test('without a recipient says nothing', async () => {
    expect(
      await readReport(
        multipart('delivery-status', 'Content-Type: message/delivery-status\n\nReporting-MTA: dns; a\n'),
      ),
    ).toBeUndefined()
  })
})

describe('a complaint', () => {
  const arf = (type: string) =>
    multipart(
      'feedback-report',
      human,
      `Content-Type: message/feedback-report\n\nFeedback-Type: ${type}\nUser-Agent: Mailer/1.0\nVersion: 1`,
      'Content-Type: message/rfc822\n\nSubject: a digest\n\nbody',
    )
  test.each([
    ['abuse', 'complained'],
    ['Fraud', 'complained'],
    ['opt-out', 'unsubscribed'],
    ['opt-out-list', 'unsubscribed'],
    ['auth-failure', 'our fault'],
    ['not-spam', undefined],
  ])('of type %s is: %s', async (type, kind) => {
    expect((await readReport(arf(type)))?.kind).toBe(kind)
  })
})

describe('a mail in plain words', () => {
  const plain = (from: string, subject: string, body: string, more = '') =>
    crlf(`From: ${from}\nSubject: ${subject}\n${more}\n${body}\n`)
  test.each([
    [
      'qmail',
      plain(
        'MAILER-DAEMON@x.example',
        'failure notice',
        'Hi. This is the qmail-send program at x.\nI wasn’t able.\n<ann@x.example>:\n10.0.0.1 does not like recipient.\nRemote host said: 550 5.1.1 unknown user\nGiving up.',
      ),
      'bounced',
      '5.1.1',
    ],
    [
      'Exim',
      plain(
        'Mail Delivery System <Mailer-Daemon@x.example>',
        'Mail delivery failed: returning message to sender',
        'all hosts have been failing for a long time',
      ),
      'bounced',
      null,
    ],
    [
      'a warning',
      plain(
        'Mail Delivery Subsystem <postmaster@x.example>',
        'Warning: message delayed 24 hours',
        'undelivered so far: 451 4.4.1 no answer',
      ),
      'delayed',
      '4.4.1',
    ],
  ])('of %s is a bounce', async (_who, raw, kind, status) => {
    expect(await readReport(raw)).toMatchObject({ kind, status })
  })

  test.each([
    [
      'an answer of a person on holiday',
      plain('ann@x.example', 'Out of office', 'I am away.', 'Auto-Submitted: auto-replied\n'),
    ],
    [
      'an automatic answer in the words of a bounce',
      plain('postmaster@x.example', 'Undeliverable', 'x', 'Auto-Submitted: auto-replied\n'),
    ],
    ['a person who writes of a bounce', plain('ann@x.example', 'Delivery failed', '550 5.1.1 no such user')],
    ['nothing at all', Buffer.alloc(0)],
  ])('%s is none', async (_what, raw) => {
    expect(await readReport(raw)).toBeUndefined()
  })

  test('parts a thousand deep, and any bytes, do no harm', async () => {
    const deep = Array.from(
      { length: 1000 },
      (_, at) => `Content-Type: multipart/mixed; boundary="b${at}"\n\n--b${at}`,
    )
    expect(await readReport(crlf(`From: MAILER-DAEMON@x\n${deep.join('\n')}\n`))).toBeUndefined()
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        await readReport(Buffer.concat([dsn('Action: failed').subarray(0, 300), Buffer.from(bytes)]))
      }),
      { numRuns: 200 },
    )
  })
})
