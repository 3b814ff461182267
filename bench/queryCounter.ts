import { type PostgresProxy, QUERY, SYNC, startPostgresProxy } from './postgresProxy.ts'

/** A proxy before a PostgreSQL server that counts how often a client waits for an answer. */
export interface CountingProxy extends PostgresProxy {
  roundTrips(): number
}

/** Starts a proxy before the server of a connection string with a host. */
export async function startCountingProxy(url: string): Promise<CountingProxy> {
  let count = 0
  const proxy = await startPostgresProxy(url, (client, server) => {
    client.on('data', (chunk: Buffer) => server.write(chunk))
    client.on(
      'data',
      countMessages(() => {
        count += 1
      }),
    )
  })
  return { ...proxy, roundTrips: () => count }
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
