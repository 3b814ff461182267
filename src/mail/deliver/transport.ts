import type { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { createTransport } from 'nodemailer'
import { reasonOf, TemporaryError } from '../../errors.ts'
import { needsUtf8 } from '../address.ts'
import type { Mail } from '../compose/message.ts'
import { encodeMail, writeHeader } from '../compose/mime.ts'
import { type BodyGate, openBodyGate } from './bodyGate.ts'
import { askRelayFeatures } from './relayFeatures.ts'
import { judgeFailure, type SendResult } from './sendResult.ts'
import { type DkimKey, signaturesOf } from './signature.ts'
import { lineOf, type SmtpError } from './smtpError.ts'
import { parseSmtpUrl, type TlsTrust, tlsOptions } from './smtpUrl.ts'

/** All in milliseconds. */
export interface MailTimeouts {
  /** Name look-up, connection and TLS. */
  connect: number
  greeting: number
  /** How long the server may be silent within a session. */
  idle: number
  /** One whole mail, including the wait for a free connection. */
  total: number
  /** How long `close` lets mails under way finish. */
  close: number
}

export interface MailerOptions {
  /** `smtp://user:password@host:587` (TLS by STARTTLS if offered) or `smtps://…:465`; `?requireTLS=true` insists on it. */
  smtpUrl: string
  timeouts?: Partial<MailTimeouts>
  maxConnections?: number
  /** The name with which this machine presents itself (EHLO): a domain. Undefined: the machine's own name. */
  ehloName?: string
  tls?: TlsTrust
  /** Every mail is signed with each of them. */
  dkimKeys?: DkimKey[]
}

export interface Mailer {
  /**
   * Hands one mail to the mail server. Every failure is a result; nothing is thrown. The mailer itself never sends a
   * mail twice.
   * `mayGo` is awaited when the server asks for the message, before its first byte. If it rejects, the mail is
   * withheld, with that error's text as the reason.
   */
  send(mail: Mail, mayGo?: () => Promise<void>): Promise<SendResult>
  /** Whether the mail server takes addresses with letters beyond ASCII (SMTPUTF8, RFC 6531). @throws if it does not answer. */
  takesUtf8(): Promise<boolean>
  /** Connects and logs in. @throws TemporaryError that says what went wrong. */
  verify(): Promise<void>
  /**
   * Withholds mails of which nothing was sent yet, lets the others finish for a while, then closes every connection.
   */
  close(): Promise<void>
}

/**
 * A timeout while the server processes a mail leaves the result unknown. So these are long (RFC 5321 §4.5.3.2 asks
 * for longer still). The job renews its claim on the digest meanwhile.
 */
const MAIL_TIMEOUTS: MailTimeouts = {
  connect: 20_000,
  greeting: 30_000,
  idle: 120_000,
  total: 240_000,
  close: 7000,
}

export type { SendResult }

/**
 * Makes a mailer. Connections are opened when needed, up to `maxConnections` (5), and kept.
 * @throws PermanentError if `smtpUrl` cannot be used.
 */
export function createMailer(options: MailerOptions): Mailer {
  const limits = { ...MAIL_TIMEOUTS, ...options.timeouts }
  const pool = openPool(options, limits)
  const keys = options.dkimKeys ?? []
  const takesUtf8 = askOnce(async () => {
    const features = await askRelayFeatures(parseSmtpUrl(options.smtpUrl), options.ehloName ?? 'localhost')
    return features.has('SMTPUTF8')
  })
  const underWay = new Set<Promise<SendResult>>()
  let closing = false
  return {
    send(mail, mayGo = async () => {}) {
      if (closing) return Promise.resolve<SendResult>({ kind: 'withheld', reason: CLOSING })
      const sending = sendIfTaken(pool, mail, { keys, totalMs: limits.total, takesUtf8 }, async () => {
        if (closing) throw new TemporaryError(CLOSING)
        await mayGo()
      }).finally(() => underWay.delete(sending))
      underWay.add(sending)
      return sending
    },
    takesUtf8,
    async verify() {
      try {
        await pool.verify()
      } catch (error) {
        throw new TemporaryError(lineOf(error as SmtpError, ''), { cause: error })
      }
    },
    async close() {
      closing = true
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

const CLOSING = 'the mailer was closed before any of the mail was sent'

type Pool = ReturnType<typeof openPool>

function openPool(options: MailerOptions, limits: MailTimeouts) {
  const server = parseSmtpUrl(options.smtpUrl)
  const { ehloName, tls = {} } = options
  return createTransport({
    ...server,
    ...(ehloName !== undefined && { name: ehloName }),
    tls: tlsOptions(server.host, tls),
    pool: true,
    maxConnections: options.maxConnections ?? 5,
    // If the server closed a kept connection meanwhile, nodemailer notices before it reads the message, and tries a
    // new connection.
    maxRequeues: 1,
    connectionTimeout: limits.connect,
    dnsTimeout: limits.connect,
    greetingTimeout: limits.greeting,
    socketTimeout: limits.idle,
  })
}

/** The mail as the pool's transport takes it: nodemailer's own interface between composing and sending. */
interface PooledMail {
  data: { signal: AbortSignal }
  message: {
    getEnvelope(): { from: string; to: string[] }
    messageId(): string
    /** The pool asks for the Message-ID alone, for its log. */
    getHeader(): string
    createReadStream(): Readable
  }
}

type PoolSend = (mail: PooledMail, done: (error: Error | null, info: { response?: string }) => void) => void

const ASKED_EVERY = 10 * 60 * 1000

/** Keeps an answer for ten minutes. An error is not kept. */
function askOnce(ask: () => Promise<boolean>): () => Promise<boolean> {
  let known: { answer: boolean; until: number } | undefined
  return async () => {
    if (known === undefined || known.until < performance.now())
      known = { answer: await ask(), until: performance.now() + ASKED_EVERY }
    return known.answer
  }
}

/** Nodemailer would send to letters beyond ASCII also where the server did not offer that, and then nobody knows to whom. */
async function sendIfTaken(
  pool: Pool,
  mail: Mail,
  options: { keys: readonly DkimKey[]; totalMs: number; takesUtf8: () => Promise<boolean> },
  mayGo: () => Promise<void>,
): Promise<SendResult> {
  if (needsUtf8(mail.to.address)) {
    try {
      if (!(await options.takesUtf8())) return NOT_TAKEN
    } catch (error) {
      return {
        kind: 'refused',
        permanent: false,
        hardBounce: false,
        blame: 'server',
        reason: reasonOf(error),
      }
    }
  }
  return sendOnce(pool, mail, options, mayGo)
}

const NOT_TAKEN: SendResult = {
  kind: 'refused',
  permanent: true,
  hardBounce: false,
  blame: 'mail',
  reason:
    'expected the mail server to take addresses with letters beyond ASCII before the @ (SMTPUTF8), it offers no such thing; use another relay, or another address',
}

async function sendOnce(
  pool: Pool,
  mail: Mail,
  { keys, totalMs }: { keys: readonly DkimKey[]; totalMs: number },
  mayGo: () => Promise<void>,
): Promise<SendResult> {
  const gates: BodyGate[] = []
  let withheld: string | undefined
  const message = await writeMessage(mail, keys)
  const createReadStream = () => {
    const gate = openBodyGate(message, () =>
      mayGo().catch((error) => {
        withheld = reasonOf(error)
        throw error
      }),
    )
    gates.push(gate)
    return gate.stream
  }
  try {
    const { response = '' } = await hand(pool, mail, createReadStream, AbortSignal.timeout(totalMs))
    return { kind: 'accepted', response }
  } catch (error) {
    if (withheld !== undefined) return { kind: 'withheld', reason: withheld }
    const { message: words } = error as Error
    if (words === 'Connection pool was closed') return { kind: 'withheld', reason: CLOSING }
    const begun = gates.some((gate) => gate.hasBegun())
    return judgeFailure(error as SmtpError, begun, mail.to.address)
  }
}

/** The whole message, signed. */
async function writeMessage(mail: Mail, keys: readonly DkimKey[]): Promise<Buffer> {
  const encoded = encodeMail(mail)
  const signatures = await signaturesOf(encoded, keys)
  return Buffer.from(writeHeader([...signatures, ...encoded.header]) + encoded.body, 'latin1')
}

/**
 * Hands a message to the pool directly. Nodemailer's composer and signer are not used: they take four times as long as
 * everything else together.
 */
function hand(
  pool: Pool,
  { envelope, messageId }: Mail,
  createReadStream: () => Readable,
  signal: AbortSignal,
): Promise<{ response?: string }> {
  const message = {
    getEnvelope: () => ({ from: envelope.from, to: [envelope.to] }),
    messageId: () => messageId,
    getHeader: () => messageId,
    createReadStream,
  }
  const { transporter } = pool
  const send = transporter.send.bind(transporter) as unknown as PoolSend
  return new Promise((resolve, reject) => {
    send({ data: { signal }, message }, (error, info) => (error ? reject(error) : resolve(info)))
  })
}
