import { type PostgresProxy, QUERY, SYNC, startPostgresProxy } from './postgresProxy.ts'

/** A proxy before a PostgreSQL server that cuts connections after a statement was sent and before its answer came. */
export interface CuttingProxy extends PostgresProxy {
  /** From now on this share (0 to 1) of COMMITs and of other statements ends the connection. */
  cut(shares: { commits: number; others: number }): void
  /** How many COMMITs and other statements were cut. */
  cuts(): { commits: number; others: number }
}

/** Starts a proxy before the server of a connection string with a host. */
export async function startCuttingProxy(url: string): Promise<CuttingProxy> {
  let shares = { commits: 0, others: 0 }
  const done = { commits: 0, others: 0 }
  const proxy = await startPostgresProxy(url, (client, server) => {
    client.on('data', (chunk: Buffer) => {
      const kind = kindOf(chunk)
      const isCut = kind !== undefined && Math.random() < shares[kind]
      if (isCut) {
        done[kind] += 1
        server.unpipe(client)
      }
      // The server gets the statement and does it. Its answer comes back to nobody.
      server.write(chunk, () => isCut && setTimeout(() => server.destroy(), 20))
    })
  })
  return {
    ...proxy,
    cut(wanted) {
      shares = wanted
    },
    cuts: () => ({ ...done }),
  }
}

/** What a client sends in one piece: a COMMIT, another statement that ends, or neither (PostgreSQL's protocol 3). */
function kindOf(chunk: Buffer): 'commits' | 'others' | undefined {
  if (chunk[0] === QUERY && /^commit/i.test(chunk.toString('latin1', 5))) return 'commits'
  const endsWithSync =
    chunk.length >= 5 && chunk[chunk.length - 5] === SYNC && chunk.readUInt32BE(chunk.length - 4) === 4
  return endsWithSync || chunk[0] === QUERY ? 'others' : undefined
}
