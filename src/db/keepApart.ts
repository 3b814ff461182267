import type { PGlite } from '@electric-sql/pglite'

/** What the socket server asks of a database. */
type Served = Pick<
  PGlite,
  'waitReady' | 'isInTransaction' | 'runExclusive' | 'execProtocolRawStream' | 'exec'
>

const SYNC = Uint8Array.of('S'.charCodeAt(0), 0, 0, 0, 4)
/** Messages of the extended query protocol that come before its Sync: Parse, Bind, Describe, Execute, Close, Flush. */
const BEFORE_SYNC = new Set(Array.from('PBDECH', (letter) => letter.charCodeAt(0)))

/**
 * The same database, with one client's parameterised query kept apart from another's. All clients share one session,
 * and the socket server hands it messages one by one, keeping to a client only while a transaction is open; so between
 * Parse and Execute of one client the Parse of another could come and replace the unnamed statement. Here a query in
 * progress counts as a transaction until its Sync (PostgreSQL documentation, "Message Flow", extended query).
 */
export function keepApart(database: PGlite): PGlite {
  let inQuery = false
  const served: Served = {
    waitReady: database.waitReady,
    isInTransaction: () => inQuery || database.isInTransaction(),
    runExclusive: (work) => database.runExclusive(work),
    execProtocolRawStream(message, options) {
      inQuery = BEFORE_SYNC.has(message[0]!)
      return database.execProtocolRawStream(message, options)
    },
    // The server's way of rolling back for a client that went away, maybe in the middle of a query.
    async exec(sql, options) {
      if (inQuery) await database.runExclusive(() => database.execProtocolRawStream(SYNC, { onRawData() {} }))
      inQuery = false
      return database.exec(sql, options)
    },
  }
  return served as PGlite
}
