import type { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { createTransport, type SendMailOptions } from 'nodemailer'
import { TemporaryError } from '../../errors.ts'
import type { Mail } from '../compose/message.ts'
import { judgeFailure, type SendResult } from './sendResult.ts'
import { lineOf, type SmtpError } from './smtpError.ts'
import { parseSmtpUrl } from './smtpServer.ts'

/** In milliseconds. */
export interface MailTimeouts {
  /** Name lookup, connection and TLS. */
  connect: number
  greeting: number
  /** Silence of the server within a session. */
  idle: number
  /** One whole mail, the wait for a free connection included. */
  total: number
  /** How long `close` lets mails under way finish. */
  close: number
}

export interface MailerOptions {
  /** `smtp://user:password@host:587` (TLS by STARTTLS where offered) or `smtps://…:465`; `?requireTLS=true` insists on it. */
  smtpUrl: string
  timeouts?: Partial<MailTimeouts>
  maxConnections?: number
}

export interface Mailer {
  /** Hands one mail to the mail server. Every failure is a result, never thrown; nothing is sent twice by itself. */
  send(mail: Mail): Promise<SendResult>
  /** Connects and logs in. @throws TemporaryError saying what went wrong. */
  verify(): Promise<void>
  /** Lets mails under way finish for a while, then closes every connection. */
  close(): Promise<void>
}

/**
 * A timeout while the server thinks about a mail makes its fate unknown, so these are long (RFC 5321 §4.5.3.2 asks for
 * longer still), yet all together shorter than the time for which a job holds its claim on a digest.
 */
export const MAIL_TIMEOUTS: MailTimeouts = {
  connect: 20_000,
  greeting: 30_000,
  idle: 120_000,
  total: 240_000,
  close: 5000,
}

export type { SendResult }

/** A send as nodemailer passes it through to our plugin. */
type WatchedMail = SendMailOptions & { streams?: Readable[] }

/**
 * Opens no connection yet; up to `maxConnections` (5) are opened by need and kept.
 * @throws PermanentError when `smtpUrl` cannot be used.
 */
export function createMailer({ smtpUrl, timeouts, maxConnections = 5 }: MailerOptions): Mailer {
  const limits = { ...MAIL_TIMEOUTS, ...timeouts }
  const pool = openPool(smtpUrl, limits, maxConnections)
  const underWay = new Set<Promise<SendResult>>()
  return {
    send(mail) {
      const sending = sendOnce(pool, mail, limits.total).finally(() => underWay.delete(sending))
      underWay.add(sending)
      return sending
    },
    async verify() {
      try {
        await pool.verify()
      } catch (error) {
        throw new TemporaryError(lineOf(error as SmtpError, ''), { cause: error })
      }
    },
    async close() {
      pool.close()
      const graceOver = new AbortController()
      const grace = delay(limits.close, undefined, { signal: graceOver.signal }).catch(() => {})
      await Promise.race([Promise.all(underWay), grace])
      graceOver.abort()
      pool.close({ force: true })
      await Promise.all(underWay)
    },
  }
}

type Pool = ReturnType<typeof openPool>

function openPool(smtpUrl: string, limits: MailTimeouts, maxConnections: number) {
  const pool = createTransport({
    ...parseSmtpUrl(smtpUrl),
    pool: true,
    maxConnections,
    // A kept connection that the server closed meanwhile is noticed before the message is read; then a new one is tried.
    maxRequeues: 1,
    connectionTimeout: limits.connect,
    dnsTimeout: limits.connect,
    greetingTimeout: limits.greeting,
    socketTimeout: limits.idle,
    // A mail's content is text made here: nothing in it may name a file or an address to be read.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  // The stream that this sees is what goes to the server's socket: once read from, the mail may have arrived.
  pool.use('stream', (mail, done) => {
    const { streams } = mail.data as WatchedMail
    mail.message.processFunc((stream) => {
      streams?.push(stream as Readable)
      return stream
    })
    done()
  })
  return pool
}

async function sendOnce(pool: Pool, mail: Mail, totalMs: number): Promise<SendResult> {
  const streams: Readable[] = []
  const message: WatchedMail = { ...messageOf(mail), signal: AbortSignal.timeout(totalMs), streams }
  try {
    const { response } = await pool.sendMail(message)
    return { kind: 'accepted', response: response ?? '' }
  } catch (error) {
    const begun = streams.some((stream) => stream.readableDidRead)
    return judgeFailure(error as SmtpError, begun, mail.to.address)
  }
}

function messageOf(mail: Mail): SendMailOptions {
  const { from, to, envelope, messageId, date, subject, text, html } = mail
  // `prepared`: headers.ts wrote the value as it must stand; folding long addresses breaks signatures on the way.
  const headers = Object.entries(mail.headers).map(([key, value]) => ({
    key,
    value: { prepared: true, value },
  }))
  return {
    from,
    to: { name: '', address: to.address },
    envelope: { from: envelope.from, to: [envelope.to] },
    messageId,
    date,
    subject,
    text,
    html,
    headers,
    textEncoding: 'quoted-printable',
  }
}
