import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface PageServer {
  url: string
  /** The requested paths, oldest first. */
  requests: string[]
  close(): Promise<void>
}

/** A real HTTP server on loopback. The test decides the answers. */
export async function openPageServer(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<PageServer> {
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(request.url ?? '')
    answer(request, response)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    async close() {
      server.closeAllConnections()
      await new Promise<void>((done) => server.close(() => done()))
    },
  }
}
