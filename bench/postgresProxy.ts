import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** The first byte of a message with a whole statement, and of the one that ends a prepared one (PostgreSQL's protocol 3). */
export const QUERY = 'Q'.charCodeAt(0)
export const SYNC = 'S'.charCodeAt(0)

/** A proxy on loopback before a PostgreSQL server. */
export interface PostgresProxy {
  /** The connection string through the proxy. */
  url: string
  stop(): Promise<void>
}

/**
 * Starts a proxy before the server of a connection string with a host. `serve` passes on what each client sends; what the
 * server answers goes back by itself. When one side ends, so does the other.
 */
export async function startPostgresProxy(
  url: string,
  serve: (client: Socket, server: Socket) => void,
): Promise<PostgresProxy> {
  const { hostname, port } = new URL(url)
  const sockets = new Set<Socket>()
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
    serve(client, server)
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const proxied = new URL(url)
  proxied.host = `127.0.0.1:${(listener.address() as AddressInfo).port}`
  return {
    url: proxied.href,
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => listener.close(resolve))
    },
  }
}
