import { connect as connectTcp } from 'node:net'
import { createInterface } from 'node:readline'
import { connect as connectTls } from 'node:tls'
import type { SmtpServer } from './smtpUrl.ts'

const PATIENCE = 10_000

/** Asks a relay what it offers (RFC 5321 EHLO): the keywords in capitals, such as STARTTLS, SMTPUTF8, SIZE. */
export async function askRelayFeatures(
  { host, port, secure }: SmtpServer,
  ehloName: string,
): Promise<Set<string>> {
  // The certificate is checked where mail is sent. Here only the offer is read.
  const socket = secure
    ? connectTls({ host, port, servername: host, rejectUnauthorized: false })
    : connectTcp({ host, port })
  socket.setTimeout(PATIENCE, () => socket.destroy(new Error(`no answer of ${host}:${port} in time`)))
  try {
    const features = new Set<string>()
    let greeted = false
    for await (const line of createInterface({ input: socket })) {
      if (!greeted && line.startsWith('220 ')) {
        greeted = true
        socket.write(`EHLO ${ehloName}\r\n`)
      } else if (greeted && line.startsWith('250')) {
        features.add(line.slice(4).split(/[\s=]/)[0]!.toUpperCase())
        if (line.startsWith('250 ')) return features
      } else if (!line.startsWith('220-')) throw new Error(`got "${line.slice(0, 100)}"`)
    }
    throw new Error('the connection ended')
  } finally {
    socket.destroy()
  }
}
