import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer } from 'smtp-server'

/** One message as received by a mail server that shares no code with Paperboy. */
export interface ReceivedMail {
  mailFrom: string
  rcptTo: string[]
  raw: Buffer
  parsed: Email
}

export interface MailServer {
  /** The value for SMTP_URL. */
  url: string
  /** Accepted messages, oldest first. */
  mails: ReceivedMail[]
  close(): Promise<void>
}

/** The server's answer instead of acceptance, for example `{ code: 550, text: '5.1.1 no such user' }`. */
export interface Refusal {
  code: number
  text: string
}

/**
 * A real SMTP server on 127.0.0.1 that keeps what it accepts. `refuse` is called for each recipient; a refusal
 * answers RCPT TO.
 */
export async function openMailServer(
  options: { refuse?: (recipient: string) => Refusal | undefined } = {},
): Promise<MailServer> {
  const mails: ReceivedMail[] = []
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onRcptTo({ address }, _session, answer) {
      const refusal = options.refuse?.(address)
      answer(refusal && Object.assign(new Error(refusal.text), { responseCode: refusal.code }))
    },
    onData(stream, { envelope }, answer) {
      const rcptTo = envelope.rcptTo.map((recipient) => recipient.address)
      const mailFrom = envelope.mailFrom === false ? '' : envelope.mailFrom.address
      readAll(stream)
        .then(async (raw) => mails.push({ mailFrom, rcptTo, raw, parsed: await PostalMime.parse(raw) }))
        .then(() => answer(), answer)
    },
  })
  const port = await listen(server)
  const close = () => new Promise<void>((done) => server.close(done))
  return { url: `smtp://127.0.0.1:${port}`, mails, close }
}

async function readAll(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function listen(server: SMTPServer): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    const listening = server.listen(0, '127.0.0.1', () => {
      const address = listening.address()
      if (address !== null && typeof address === 'object') resolve(address.port)
    })
  })
}
