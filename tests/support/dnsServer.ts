import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { decode, encode } from 'dns-packet'

/** What a DNS server knows: by name and type, such as `example.org TXT`. */
export type Zone = Record<string, unknown[]>

export interface DnsServer {
  /** `127.0.0.1:PORT`. */
  address: string
  close(): Promise<void>
}

const NO_SUCH_NAME = 3

/** A DNS server on 127.0.0.1 that answers from a zone. What the zone has not does not exist. */
export async function openDnsServer(zone: Zone): Promise<DnsServer> {
  const socket = createSocket('udp4')
  socket.on('message', (message, { port, address }) => {
    const { id, questions = [] } = decode(message)
    const [{ name, type } = { name: '', type: '' }] = questions
    const found = zone[`${name.toLowerCase()} ${type}`] ?? []
    const answers = found.map((data) => ({ name, type, ttl: 60, data }))
    const flags = found.length > 0 ? 0 : NO_SUCH_NAME
    socket.send(encode({ id, type: 'response', flags, questions, answers }), port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return {
    address: `127.0.0.1:${socket.address().port}`,
    close: async () => {
      socket.close()
      await once(socket, 'close')
    },
  }
}
