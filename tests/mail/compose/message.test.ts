import fc from 'fast-check'
import PostalMime from 'postal-mime'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildConfirmationMail, buildDigestMail, type Mail } from '../../../src/mail/compose/message.ts'
import { createMailer, type Mailer } from '../../../src/mail/deliver/transport.ts'
import { type MailServer, openMailServer, type ReceivedMail } from '../../support/smtp.ts'
import { ENVELOPE, paperWith, said, sampleDigest, sampleMail } from '../sampleMail.ts'
import { startScriptedServer } from '../scriptedServer.ts'

let server: MailServer
let mailer: Mailer
beforeAll(async () => {
  server = await openMailServer()
  mailer = createMailer({ smtpUrl: server.url })
})
afterAll(async () => {
  await mailer.close()
  await server.close()
})

/** Sends over real SMTP and gives the mail as an independent server received it. */
async function post(mail: Mail): Promise<ReceivedMail> {
  expect(await mailer.send(mail)).toMatchObject({ kind: 'accepted' })
  return server.mails.at(-1)!
}

function withTitle(title: string) {
  return sampleDigest({ papers: [paperWith({ title })] })
}

const DIGEST_HEADERS = [
  'from',
  'to',
  'subject',
  'list-unsubscribe',
  'list-unsubscribe-post',
  'list-id',
  'feedback-id',
  'auto-submitted',
  'precedence',
  'message-id',
  'date',
  'mime-version',
  'content-type',
]

function headerNames({ parsed }: ReceivedMail): string[] {
  return parsed.headerLines.map(({ key }) => key)
}

function headerLine({ parsed }: ReceivedMail, name: string): string | undefined {
  return parsed.headerLines.find(({ key }) => key === name)?.line
}

function longestLine(raw: Buffer): number {
  return Math.max(
    ...raw
      .toString('latin1')
      .split('\r\n')
      .map((line) => line.length),
  )
}

describe('a digest', () => {
  test('has exactly the headers of a list mail, each as it must stand', async () => {
    const mail = await post(await sampleMail())
    expect(headerNames(mail).sort()).toEqual([...DIGEST_HEADERS].sort())
    expect(headerLine(mail, 'from')).toBe('From: Paperboy <digest@example.org>')
    expect(headerLine(mail, 'to')).toBe('To: ann@reader.example')
    expect(headerLine(mail, 'message-id')).toBe('Message-ID: <0123456789abcdef@example.org>')
    expect(headerLine(mail, 'date')).toBe('Date: Fri, 24 Jul 2026 05:00:00 +0000')
    expect(headerLine(mail, 'list-unsubscribe')).toBe(
      'List-Unsubscribe: <https://digest.example.org/unsubscribe/leave-token>',
    )
    expect(headerLine(mail, 'list-unsubscribe-post')).toBe(
      'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
    )
    expect(headerLine(mail, 'list-id')).toMatch(/^List-Id: "Paperboy" <digest\.example\.org>$/i)
    expect(headerLine(mail, 'auto-submitted')).toBe('Auto-Submitted: auto-generated')
    expect(headerLine(mail, 'precedence')).toBe('Precedence: bulk')
    expect(headerLine(mail, 'feedback-id')).toMatch(/^Feedback-ID: \d{4}-\d\d-\d\d::digest:paperboy$/)
  })

  test('goes from the sender to the one subscriber', async () => {
    const { mailFrom, rcptTo } = await post(await sampleMail())
    expect(mailFrom).toBe('digest@example.org')
    expect(rcptTo).toEqual(['ann@reader.example'])
  })

  test('goes to an international domain by its A-label', async () => {
    const scripted = await startScriptedServer({})
    const toScripted = createMailer({ smtpUrl: scripted.url })
    await toScripted.send(await sampleMail({}, { email: 'ann@münchen.example' }))
    await toScripted.close()
    await scripted.close()
    expect(scripted.commands).toContain('RCPT TO:<ann@xn--mnchen-3ya.example>')
    expect(scripted.messages[0]).toContain('\r\nTo: ann@xn--mnchen-3ya.example\r\n')
  })

  test('arrives with plain text first, then HTML, both as written', async () => {
    const sent = await sampleMail()
    const { parsed, raw } = await post(sent)
    expect(parsed.subject).toBe(sent.subject)
    expect(parsed.text?.trimEnd()).toBe(sent.text.trimEnd())
    expect((parsed.html || '').trimEnd()).toBe(sent.html.trimEnd())
    const types = raw
      .toString('latin1')
      .match(/^Content-Type: [^;\r]*|^Content-Transfer-Encoding: .*(?=\r)/gim)
    expect(types).toEqual([
      'Content-Type: multipart/alternative',
      'Content-Type: text/plain',
      'Content-Transfer-Encoding: quoted-printable',
      'Content-Type: text/html',
      'Content-Transfer-Encoding: 7bit',
    ])
  })

  test('keeps the address to unsubscribe on one line, however long', async () => {
    const unsubscribeUrl = `https://digest.example.org/unsubscribe/${'t'.repeat(120)}`
    const mail = await post(await sampleMail({}, { unsubscribeUrl }))
    expect(headerLine(mail, 'list-unsubscribe')).toBe(`List-Unsubscribe: <${unsubscribeUrl}>`)
  })

  test('built twice is the same mail', async () => {
    expect(await sampleMail()).toEqual(await sampleMail())
  })
})

describe('a hostile title', () => {
  test.each([
    ['script', '<script>alert(1)</script>', '1 paper: <script>alert(1)</script>'],
    ['quotes', `"a" 'b' \\ <x@y.test>`, `1 paper: "a" 'b' <x@y.test>`],
    [
      'line breaks',
      'Title\r\nBcc: evil@x.test\r\n\r\n<b>body</b>',
      '1 paper: Title Bcc: evil@x.test <b>body</b>',
    ],
    ['NUL and bells', 'a\0b\u0007c', '1 paper: a b c'],
    ['right to left', 'تعلم الآلة', '1 paper: تعلم الآلة'],
    ['direction override', 'abc\u202Edcba\u202C', '1 paper: abcdcba'],
    ['emoji', '🤖👩🏽‍🔬🏴‍☠️ robots', '1 paper: 🤖👩🏽‍🔬🏴‍☠️ robots'],
    ['Chinese', '深度学习'.repeat(30), `1 paper: ${'深度学习'.repeat(17)}…`],
    ['a conditional comment', '<!--[if mso]>x<![endif]-->', '1 paper: <!--[if mso]>x<![endif]-->'],
    ['an encoded word', '=?utf-8?Q?=0D=0ABcc:_evil?=', '1 paper: = ?utf-8?Q?=0D=0ABcc:_evil?='],
    ['5000 letters', 'a'.repeat(5000), `1 paper: ${'a'.repeat(68)}…`],
    ['half an emoji', 'a\uD83E', '1 paper: a\uFFFD'],
    ['stacked marks', `Z${'\u0300'.repeat(5000)}algo`, `1 paper: Z${'\u0300'.repeat(4)}`],
  ])('with %s is shown as text and breaks no header', async (_name, title, subject) => {
    const sent = await buildDigestMail({ digest: withTitle(title), ...ENVELOPE })
    const mail = await post(sent)
    expect(mail.parsed.subject).toBe(subject)
    expect(headerNames(mail).sort()).toEqual([...DIGEST_HEADERS].sort())
    expect(mail.rcptTo).toEqual(['ann@reader.example'])
    expect(longestLine(mail.raw)).toBeLessThanOrEqual(998)
    expect(mail.parsed.html).not.toMatch(/<script|<b>body/)
    expect((mail.parsed.html || '').trimEnd()).toBe(sent.html.trimEnd())
  })

  test('in any field, with any text, leaves the mail as it should be', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 300 })
    const fields = fc.record({
      title: text,
      authors: fc.array(text),
      abstract: text,
    })
    const inputs = fc.record({ fields, reasons: fc.array(text), siteName: text, topic: text, note: text })
    await fc.assert(
      fc.asyncProperty(inputs, async ({ fields: hostile, reasons, siteName, topic, note }) => {
        const papers = [paperWith(hostile, { topic, reasons: reasons.map(said) })]
        const digest = sampleDigest({ siteName, note, papers })
        const sent = await buildDigestMail({ digest, ...ENVELOPE })
        const mail = await post(sent)
        expect(headerNames(mail).sort()).toEqual([...DIGEST_HEADERS].sort())
        expect(mail.parsed.subject?.replace(/\s+/g, ' ')).toBe(sent.subject)
        expect(longestLine(mail.raw)).toBeLessThanOrEqual(998)
        expect((mail.parsed.html || '').trimEnd()).toBe(sent.html.trimEnd())
      }),
      { numRuns: 60 },
    )
  })
})

describe('a confirmation', () => {
  test('has exactly its headers: one-click unsubscribe, but no list', async () => {
    const mail = await post(
      await buildConfirmationMail({
        ...ENVELOPE,
        siteName: 'Paperboy',
        publicUrl: 'http://localhost:3000',
        to: 'ann@reader.example',
        confirmUrl: 'http://localhost:3000/confirm/yes-token',
        unsubscribeUrl: 'https://d.example.org/unsubscribe/leave-token',
        expiresAt: new Date('2026-07-26T05:00:00Z'),
      }),
    )
    const notInLetters = ['list-id', 'precedence']
    expect(headerNames(mail).sort()).toEqual(
      DIGEST_HEADERS.filter((name) => !notInLetters.includes(name)).sort(),
    )
    expect(headerLine(mail, 'list-unsubscribe')).toBe(
      'List-Unsubscribe: <https://d.example.org/unsubscribe/leave-token>',
    )
    expect((await PostalMime.parse(mail.raw)).subject).toBe('Confirm your subscription to Paperboy')
  })
})

describe('what is refused', () => {
  test.each([
    ['a list of addresses', { to: 'ann@y.test, evil@x.test' }, /^recipient: expected one mail address/],
    [
      'a Message-ID with a line break',
      { messageId: '<a@b> \r\nX-Evil: 1' },
      /^Message-ID: expected <id@domain>/,
    ],
    ['no sender', { from: 'Paperboy' }, /^MAIL_FROM: expected "Name <address>"/],
    [
      'a script to confirm',
      { confirmUrl: 'javascript:alert(1)' },
      /^confirmUrl: expected an http\(s\) address/,
    ],
  ])('%s', async (_name, changes, message) => {
    const input = {
      ...ENVELOPE,
      siteName: 'Paperboy',
      publicUrl: 'https://digest.example.org',
      to: 'ann@reader.example',
      confirmUrl: 'https://digest.example.org/c',
      unsubscribeUrl: 'https://digest.example.org/u',
      expiresAt: new Date('2026-07-26T05:00:00Z'),
    }
    await expect(buildConfirmationMail({ ...input, ...changes })).rejects.toThrow(message)
  })

  test('the address is not repeated in the error', async () => {
    const building = sampleMail({}, { email: 'secret-name@' })
    await expect(building).rejects.not.toThrow(/secret-name/)
  })
})
