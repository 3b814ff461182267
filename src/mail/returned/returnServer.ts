import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { SMTPServer, type SMTPServerSession } from 'smtp-server'
import { networkOf } from '../../text/ids/networkOf.ts'
import { isBounceAddress, type ReturnPathKey, readReturnPath } from './returnPath.ts'

export interface ReturnServerOptions {
  host: string
  /** 0 takes a free one. */
  port: number
  key: ReturnPathKey
  /**
   * Takes one mail. The server acknowledges it only after this has resolved; a rejection asks the sender to try again.
   */
  onMail(mail: { mailFrom: string; rcptTo: string; raw: Buffer }): Promise<void>
  /** How long one connection may last, in milliseconds; five minutes unless given. */
  sessionMs?: number
}

export interface ReturnServer {
  port: number
  close(): Promise<void>
}

const KB = 1024
const MAX_MAIL_BYTES = 1024 * KB
const MAX_CLIENTS = 60
/** One sender holds only a part of the connections, however many addresses of its network it has. */
const MAX_CLIENTS_OF_NETWORK = 10
/** Whoever sends a byte now and then is not idle. A report takes seconds. */
const LONGEST_SESSION = 5 * 60 * 1000

/**
 * The SMTP server to which bounces and complaints come. It takes mail for return paths with a well-formed token and for
 * BOUNCE_ADDRESS itself, one recipient each, and refuses everything else: it is no relay. It never sends anything. TLS
 * and filters are left to the mail server in front of it.
 * @throws the system's error if the port cannot be opened.
 */
export async function startReturnServer(options: ReturnServerOptions): Promise<ReturnServer> {
  const clients = new Map<string, number>()
  const server = new SMTPServer({
    banner: 'bounces and complaints only',
    size: MAX_MAIL_BYTES,
    rejectOversized: true,
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    maxClients: MAX_CLIENTS,
    socketTimeout: 30_000,
    closeTimeout: 500,
    onConnect({ remoteAddress }, answer) {
      const network = networkOf(remoteAddress)
      const others = clients.get(network) ?? 0
      clients.set(network, others + 1)
      answer(others < MAX_CLIENTS_OF_NETWORK ? null : refusal(421, '4.7.0 too many connections at once'))
    },
    onClose({ remoteAddress }) {
      const network = networkOf(remoteAddress)
      const others = (clients.get(network) ?? 1) - 1
      if (others > 0) clients.set(network, others)
      else clients.delete(network)
    },
    onRcptTo({ address }, { envelope }, answer) {
      if (envelope.rcptTo.length > 0) return answer(refusal(452, '4.5.3 one recipient at a time'))
      const isOurs =
        readReturnPath(address, options.key) !== undefined || isBounceAddress(address, options.key)
      answer(isOurs ? null : refusal(550, '5.1.1 no such mailbox here'))
    },
    onData(stream, session, answer) {
      readAll(stream)
        .then(async (raw) => {
          if (raw) await options.onMail({ ...envelopeOf(session), raw })
          answer()
        })
        .catch(() => answer(refusal(451, '4.3.0 it could not be kept; try again later')))
    },
  })
  // A client that breaks off is not our fault. Without this listener the error would end the process.
  server.on('error', () => {})
  const listener = server.listen(options.port, options.host)
  listener.on('connection', (socket: Socket) => {
    const timer = setTimeout(() => socket.destroy(), options.sessionMs ?? LONGEST_SESSION)
    socket.on('close', () => clearTimeout(timer))
  })
  await once(listener, 'listening')
  return {
    port: (listener.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

function envelopeOf({ envelope }: SMTPServerSession): { mailFrom: string; rcptTo: string } {
  const mailFrom = envelope.mailFrom === false ? '' : envelope.mailFrom.address
  return { mailFrom, rcptTo: envelope.rcptTo[0]?.address ?? '' }
}

/** Receives one mail; undefined if it is over the size limit, which the server itself refuses. */
async function readAll(
  stream: AsyncIterable<Buffer> & { sizeExceeded: boolean },
): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) if (!stream.sizeExceeded) chunks.push(chunk)
  return stream.sizeExceeded ? undefined : Buffer.concat(chunks)
}

function refusal(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode })
}
