import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type AddressObject, simpleParser } from 'mailparser'
import {
  SMTPServer,
  type SMTPServerDataStream,
  type SMTPServerError,
  type SMTPServerSession,
} from 'smtp-server'

/** A mail as it came over SMTP. */
export interface CapturedMail {
  mailFrom: string
  rcptTo: string[]
  subject: string
  /** The message as sent, headers and all. */
  raw: Buffer
  receivedAt: Date
}

export interface CaptureServerOptions {
  /** Keeps the mail. It is acknowledged only once this has resolved; a rejection asks the sender to try again. */
  onMail(mail: CapturedMail): Promise<void>
  /** The clock, for `receivedAt`. */
  now(): Date
}

export interface CaptureServer {
  /** For a mailer: `smtp://127.0.0.1:PORT`. */
  url: string
  close(): Promise<void>
}

const MAX_MAIL_BYTES = 1024 * 1024

/**
 * The SMTP server of an installation without a relay: takes every mail for any address and delivers it nowhere. It
 * listens on loopback only, on a free port, without login or TLS.
 */
export async function startCaptureServer({ onMail, now }: CaptureServerOptions): Promise<CaptureServer> {
  const server = new SMTPServer({
    banner: 'mail is caught here and not delivered',
    size: MAX_MAIL_BYTES,
    rejectOversized: true,
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    maxClients: 50,
    socketTimeout: 60_000,
    closeTimeout: 500,
    onData(stream, session, done) {
      receive(stream, session, now)
        .then(async (mail) => {
          if (mail !== undefined) await onMail(mail)
          done()
        })
        .catch(() => done(notKept()))
    },
  })
  // A client that breaks off is no fault of ours; without a listener it would end the process.
  server.on('error', () => {})
  const listener = server.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const { port } = listener.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

/** Undefined for a mail over the size limit, which the server itself refuses. */
async function receive(
  stream: SMTPServerDataStream,
  session: SMTPServerSession,
  now: () => Date,
): Promise<CapturedMail | undefined> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) if (!stream.sizeExceeded) chunks.push(chunk)
  if (stream.sizeExceeded) return undefined
  const raw = Buffer.concat(chunks)
  const { mailFrom, rcptTo } = session.envelope
  return {
    mailFrom: mailFrom === false ? '' : mailFrom.address,
    rcptTo: rcptTo.map(({ address }) => address),
    subject: (await readMail(raw)).subject,
    raw,
    receivedAt: now(),
  }
}

function notKept(): SMTPServerError {
  return Object.assign(new Error('the mail could not be kept, try again later'), { responseCode: 451 })
}

/** A mail taken apart for the inbox page. All of it comes from outside: `html` belongs in a sandboxed frame only. */
export interface ReadMail {
  subject: string
  from: string
  to: string
  date: Date | undefined
  html?: string
  text?: string
  /** As sent, unfolded, in order. */
  headers: { name: string; value: string }[]
  /** Every http(s) address of the mail, once each, in order. */
  links: string[]
}

const ENTITIES: Record<string, string> = { amp: '&', quot: '"', '#39': "'", '#x27': "'", lt: '<', gt: '>' }

/** Reads a message of RFC 5322 and MIME. Anything can be read; what is missing is empty. */
export async function readMail(raw: Buffer): Promise<ReadMail> {
  const mail = await simpleParser(raw, { skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true })
  const html = mail.html === false ? undefined : mail.html
  return {
    subject: mail.subject ?? '',
    from: textOf(mail.from),
    to: textOf(mail.to),
    date: mail.date,
    html,
    text: mail.text,
    headers: mail.headerLines.map(({ line }) => toHeader(line)),
    links: [...new Set([...linksOfHtml(html ?? ''), ...linksOfText(mail.text ?? '')])],
  }
}

function textOf(addresses: AddressObject | AddressObject[] | undefined): string {
  return [addresses ?? []]
    .flat()
    .map(({ text }) => text)
    .join(', ')
}

function toHeader(line: string): { name: string; value: string } {
  const colon = line.indexOf(':')
  const value = line.slice(colon + 1).replace(/\r?\n(?=[ \t])/g, '')
  return { name: line.slice(0, colon), value: value.trim() }
}

function linksOfHtml(html: string): string[] {
  const links = Array.from(html.matchAll(/\shref="(https?:\/\/[^"]*)"/gi), ([, link]) => link ?? '')
  return links.map((link) =>
    link.replace(/&(amp|quot|#39|#x27|lt|gt);/g, (_, name: string) => ENTITIES[name] ?? ''),
  )
}

function linksOfText(text: string): string[] {
  return text.match(/https?:\/\/[^\s<>"]+/g) ?? []
}
