import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A proxy before a PostgreSQL server that counts how often a client waits for an answer. */
export interface CountingProxy {
  /** The connection string through the proxy. */
  url: string
  roundTrips(): number
  stop(): Promise<void>
}

const QUERY = 'Q'.charCodeAt(0)
const SYNC = 'S'.charCodeAt(0)

/** Starts a proxy before the server of a connection string with a host. */
export async function startCountingProxy(url: string): Promise<CountingProxy> {
  const { hostname, port } = new URL(url)
  const sockets = new Set<Socket>()
  let count = 0
  const listener = createServer((client) => {
    const server = connect(Number(port) || 5432, hostname)
    for (const socket of [client, server]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        server.destroy()
      })
    }
    server.pipe(client)
    client.on('data', (chunk: Buffer) => server.write(chunk))
    client.on(
      'data',
      countMessages(() => {
        count += 1
      }),
    )
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const proxied = new URL(url)
  proxied.host = `127.0.0.1:${(listener.address() as AddressInfo).port}`
  return {
    url: proxied.href,
    roundTrips: () => count,
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => listener.close(resolve))
    },
  }
}

/** Reads the client's messages: a type and a length each (PostgreSQL's protocol 3), the first without a type. */
function countMessages(found: () => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0)
  let started = false
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    for (;;) {
      const head = started ? 1 : 0
      if (rest.length < head + 4) return
      const length = head + rest.readUInt32BE(head)
      if (rest.length < length) return
      if (started && (rest[0] === QUERY || rest[0] === SYNC)) found()
      started = true
      rest = rest.subarray(length)
    }
  }
}
