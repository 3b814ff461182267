import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import PostalMime, { type Address, type Email } from 'postal-mime'
import {
  SMTPServer,
  type SMTPServerDataStream,
  type SMTPServerError,
  type SMTPServerSession,
} from 'smtp-server'

/** A mail as received over SMTP. */
export interface CapturedMail {
  mailFrom: string
  rcptTo: string[]
  subject: string
  /** The message as sent, with its headers. */
  raw: Buffer
  receivedAt: Date
}

export interface CaptureServerOptions {
  /**
   * Stores the mail. The server acknowledges the mail only after this has resolved; a rejection asks the sender to
   * try again.
   */
  onMail(mail: CapturedMail): Promise<void>
  /** The clock, for `receivedAt`. */
  now(): Date
}

export interface CaptureServer {
  /** The address for a mailer: `smtp://127.0.0.1:PORT`. */
  url: string
  close(): Promise<void>
}

const MAX_MAIL_BYTES = 1024 * 1024

/**
 * The SMTP server of an installation without a relay. It accepts every mail for any address and delivers it nowhere.
 * It listens on loopback only, on a free port, without login or TLS.
 */
export async function startCaptureServer({ onMail, now }: CaptureServerOptions): Promise<CaptureServer> {
  const server = new SMTPServer({
    banner: 'mail is caught here and not delivered',
    size: MAX_MAIL_BYTES,
    rejectOversized: true,
    authOptional: true,
    hideSMTPUTF8: false,
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
  // A client that breaks off is not our fault. Without this listener the error would end the process.
  server.on('error', () => {})
  const listener = server.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const { port } = listener.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

/** Receives one mail; undefined if it is over the size limit, which the server itself refuses. */
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

/** The parts of a mail for the inbox page. All of it comes from outside: show `html` in a sandboxed frame only. */
export interface ReadMail {
  subject: string
  from: string
  to: string
  date: Date | undefined
  html?: string
  text?: string
  /** The headers as sent, unfolded, in order. */
  headers: { name: string; value: string }[]
  /** Every http(s) address in the mail, each once, in order. */
  links: string[]
}

const ENTITIES: Record<string, string> = { amp: '&', quot: '"', '#39': "'", '#x27': "'", lt: '<', gt: '>' }

/** Reads a message (RFC 5322, MIME). It never fails: missing parts are empty. */
export async function readMail(raw: Buffer): Promise<ReadMail> {
  const mail = await parseMail(raw)
  const { html, text } = mail
  const date = new Date(mail.date ?? Number.NaN)
  return {
    subject: mail.subject ?? '',
    from: mail.from === undefined ? '' : addressLine(mail.from),
    to: (mail.to ?? []).map(addressLine).join(', '),
    date: Number.isNaN(date.getTime()) ? undefined : date,
    html,
    text,
    headers: mail.headers.map(({ originalKey, value }) => ({ name: originalKey, value: value.trim() })),
    links: [...new Set([...linksOfHtml(html ?? ''), ...linksOfText(text ?? '')])],
  }
}

/** The parser refuses messages with parts nested too deep. Of these only the headers are read. */
function parseMail(raw: Buffer): Promise<Email> {
  return PostalMime.parse(raw).catch(() => PostalMime.parse(headersOf(raw)))
}

function headersOf(raw: Buffer): string {
  const [headers = ''] = raw.toString('latin1').split(/\r?\n\r?\n/, 1)
  return headers.replace(/^Content-Type:.*(?:\r?\n[ \t].*)*/gim, '')
}

/** As a header shows it: `"Name" <address>`, the bare address, or a group with its members. */
function addressLine({ name, address, group }: Address): string {
  if (group !== undefined) return `${name}: ${group.map(addressLine).join(', ')};`
  return name === '' ? address : `"${name}" <${address}>`
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
