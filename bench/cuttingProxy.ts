import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A proxy before a PostgreSQL server that cuts connections after a statement was sent and before its answer came. */
export interface CuttingProxy {
  /** The connection string through the proxy. */
  url: string
  /** From now on this share (0 to 1) of COMMITs and of other statements ends the connection. */
  cut(shares: { commits: number; others: number }): void
  /** How many COMMITs and other statements were cut. */
  cuts(): { commits: number; others: number }
  stop(): Promise<void>
}

const QUERY = 'Q'.charCodeAt(0)
const SYNC = 'S'.charCodeAt(0)

/** Starts a proxy before the server of a connection string with a host. */
export async function startCuttingProxy(url: string): Promise<CuttingProxy> {
  const { hostname, port } = new URL(url)
  const sockets = new Set<Socket>()
  let shares = { commits: 0, others: 0 }
  const done = { commits: 0, others: 0 }
  const listener = createServer((client) => {
    const server = connect(Number(port) || 5432, hostname)
    const end = () => {
      client.destroy()
      server.destroy()
    }
    for (const socket of [client, server]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        end()
      })
    }
    server.pipe(client)
    client.on('data', (chunk: Buffer) => {
      const kind = kindOf(chunk)
      const isCut = kind !== undefined && Math.random() < shares[kind]
      if (isCut) {
        done[kind] += 1
        server.unpipe(client)
      }
      // The server gets the statement and does it. Its answer comes back to nobody.
      server.write(chunk, () => isCut && setTimeout(end, 20))
    })
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const proxied = new URL(url)
  proxied.host = `127.0.0.1:${(listener.address() as AddressInfo).port}`
  return {
    url: proxied.href,
    cut(wanted) {
      shares = wanted
    },
    cuts: () => ({ ...done }),
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => listener.close(resolve))
    },
  }
}

/** What a client sends in one piece: a COMMIT, another statement that ends, or neither (PostgreSQL's protocol 3). */
function kindOf(chunk: Buffer): 'commits' | 'others' | undefined {
  if (chunk[0] === QUERY && /^commit/i.test(chunk.toString('latin1', 5))) return 'commits'
  const endsWithSync =
    chunk.length >= 5 && chunk[chunk.length - 5] === SYNC && chunk.readUInt32BE(chunk.length - 4) === 4
  return endsWithSync || chunk[0] === QUERY ? 'others' : undefined
}
