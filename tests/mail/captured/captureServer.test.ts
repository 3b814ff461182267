import { connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { type CapturedMail, readMail, startCaptureServer } from '../../../src/mail/captured/captureServer.ts'
import { createMailer } from '../../../src/mail/deliver/transport.ts'
import { paperWith, sampleMail } from '../sampleMail.ts'

const NOW = new Date('2026-07-24T05:00:01Z')
const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function catching(keep: (mail: CapturedMail) => Promise<void>) {
  const captureServer = await startCaptureServer({ onMail: keep, now: () => NOW })
  const mailer = createMailer({ smtpUrl: captureServer.url })
  closers.push(
    () => captureServer.close(),
    () => mailer.close(),
  )
  return { captureServer, mailer }
}

describe('the captureServer', () => {
  test('hands over what was sent', async () => {
    const caught: CapturedMail[] = []
    const { mailer } = await catching(async (mail) => void caught.push(mail))
    const sent = await sampleMail()
    expect(await mailer.send(sent)).toMatchObject({ kind: 'accepted' })
    const { raw, ...rest } = caught[0]!
    expect(rest).toEqual({
      mailFrom: 'digest@example.org',
      rcptTo: ['ann@reader.example'],
      subject: sent.subject,
      receivedAt: NOW,
    })
    expect(raw.toString('latin1')).toMatch(/^From: Paperboy <digest@example\.org>\r$/m)
  })

  test('acknowledges only what was kept', async () => {
    const order: string[] = []
    const { mailer } = await catching(async () => {
      await new Promise((resolve) => setImmediate(resolve))
      order.push('kept')
    })
    await mailer.send(await sampleMail())
    order.push('acknowledged')
    expect(order).toEqual(['kept', 'acknowledged'])
  })

  test('asks for another try where keeping failed', async () => {
    const { mailer } = await catching(() => Promise.reject(new Error('disk full')))
    expect(await mailer.send(await sampleMail())).toMatchObject({
      kind: 'refused',
      permanent: false,
      code: 451,
    })
  })

  test('refuses a mail of more than a megabyte and goes on', async () => {
    const caught: CapturedMail[] = []
    const { mailer } = await catching(async (mail) => void caught.push(mail))
    const sent = await sampleMail()
    const big = await mailer.send({ ...sent, text: 'x'.repeat(1_200_000) })
    expect(big).toMatchObject({ kind: 'refused', permanent: true })
    expect(await mailer.send(sent)).toMatchObject({ kind: 'accepted' })
    expect(caught).toHaveLength(1)
  })

  test('does not keep the start of a mail larger than was announced', async () => {
    const caught: CapturedMail[] = []
    const { captureServer } = await catching(async (mail) => void caught.push(mail))
    const body = `Subject: x\r\n\r\n${'y'.repeat(998)}\r\n`.repeat(1200)
    const answer = await talk(
      captureServer.url,
      `EHLO x\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\n`,
      body,
    )
    expect(answer).toMatch(/^552 /m)
    expect(caught).toEqual([])
  })

  test('lives on when a client breaks off', async () => {
    const caught: CapturedMail[] = []
    const { captureServer, mailer } = await catching(async (mail) => void caught.push(mail))
    const socket = connect(Number(new URL(captureServer.url).port), '127.0.0.1')
    await new Promise<void>((resolve) => socket.write('EHLO x\r\nMAIL FROM:<a@b.test>\r\n', () => resolve()))
    socket.resetAndDestroy()
    expect(await mailer.send(await sampleMail())).toMatchObject({ kind: 'accepted' })
  })

  test('listens on loopback', async () => {
    const { captureServer } = await catching(async () => {})
    expect(captureServer.url).toMatch(/^smtp:\/\/127\.0\.0\.1:\d+$/)
  })
})

describe('readMail', () => {
  test('takes a digest apart', async () => {
    const caught: CapturedMail[] = []
    const { mailer } = await catching(async (mail) => void caught.push(mail))
    const sourceUrl = 'https://example.org/?a=1&b=%22'
    const judgeUrl = 'https://digest.example.org/preferences/manage-token/papers/12'
    const sent = await sampleMail({ papers: [paperWith({ arxivId: null, url: sourceUrl })] })
    await mailer.send(sent)
    const read = await readMail(caught[0]!.raw)
    expect(read).toMatchObject({
      subject: sent.subject,
      from: '"Paperboy" <digest@example.org>',
      to: 'ann@reader.example',
      date: sent.date,
    })
    expect(read.text?.trimEnd()).toBe(sent.text.trimEnd())
    expect(read.html?.trimEnd()).toBe(sent.html.trimEnd())
    expect(read.headers).toContainEqual({ name: 'Precedence', value: 'bulk' })
    expect(read.links).toEqual([
      'https://digest.example.org/',
      'https://digest.example.org/papers/12',
      sourceUrl,
      'https://github.com/example/one-beat',
      ...['more', 'less', 'saved'].map((say) => `${judgeUrl}?say=${say}`),
      'https://digest.example.org/preferences/manage-token',
      'https://digest.example.org/digests/view-token',
      'https://digest.example.org/unsubscribe/leave-token',
      judgeUrl,
    ])
  })

  test.each<[string, string, object]>([
    ['nothing', '', { subject: '', from: '', to: '', text: undefined, html: undefined, links: [] }],
    [
      'a body alone',
      '\r\nhello https://a.test/x and <https://b.test>',
      { links: ['https://a.test/x', 'https://b.test'] },
    ],
    ['two recipients', 'To: a@b.test\r\nTo: c@d.test\r\n\r\n', { to: 'a@b.test, c@d.test' }],
    ['a folded header', 'X-Long: one\r\n two\r\n\r\n', { headers: [{ name: 'X-Long', value: 'one two' }] }],
    [
      'addresses with and without a name',
      'From: =?utf-8?Q?J=C3=BCrgen?= <j@x.test>\r\nTo: c@d.test, Team: e@f.test, "G, H" <g@h.test>;\r\n\r\n',
      { from: '"Jürgen" <j@x.test>', to: 'c@d.test, Team: e@f.test, "G, H" <g@h.test>;' },
    ],
    ['a broken date', 'Date: never\r\n\r\n', { date: undefined }],
    ['parts nested too deep', `Subject: deep\r\n${nested(300)}`, { subject: 'deep', text: undefined }],
    ['no mail at all', '\0\u0001\u0002 binary \uFFFD', { links: [] }],
  ])('reads %s', async (_name, raw, expected) => {
    expect(await readMail(Buffer.from(raw))).toMatchObject(expected)
  })
})

/** A part within a part, that many times. */
function nested(depth: number): string {
  if (depth === 0) return '\r\nx'
  const head = `Content-Type: multipart/mixed; boundary=b${depth}\r\n\r\n--b${depth}\r\n`
  return `${head}${nested(depth - 1)}\r\n--b${depth}--\r\n`
}

/** Says the greeting's part, then the body, and gives all answers. */
async function talk(url: string, opening: string, body: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  let answers = ''
  for await (const chunk of socket) {
    answers += chunk
    if (/^220 /m.test(answers) && !socket.writableNeedDrain && opening !== '') {
      socket.write(opening)
      opening = ''
    }
    if (/^354 /m.test(answers) && body !== '') {
      socket.write(`${body}.\r\nQUIT\r\n`)
      body = ''
    }
  }
  return answers
}
