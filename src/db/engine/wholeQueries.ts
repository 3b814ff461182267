import type { PGlite } from '@electric-sql/pglite'

/**
 * The first bytes of Parse, Bind, Describe, Execute, Close and Flush (PostgreSQL documentation, "Message Formats").
 */
const PARTS = new Set([...'PBDECH'].map((letter) => letter.charCodeAt(0)))
const SYNC = Uint8Array.from(Buffer.from('S\0\0\0\x04', 'latin1'))

/**
 * Makes clients take turns by whole queries. One session serves all clients, and the socket server passes their
 * messages on one by one. A query with parameters is several messages (Parse, Bind, Describe, Execute, Sync) around
 * one unnamed statement. So another client's message in between made the query answer with that client's rows
 * (https://github.com/electric-sql/pglite/issues/1046).
 * The server keeps the messages of a transaction together. This function tells it that a transaction is open as long
 * as a query is running. Call it before the server starts.
 */
export function keepQueriesWhole(database: PGlite): void {
  let underWay = false
  const pass = database.execProtocolRawStream.bind(database)
  const isInTransaction = database.isInTransaction.bind(database)
  const exec = database.exec.bind(database)
  database.isInTransaction = () => underWay || isInTransaction()
  database.execProtocolRawStream = async (message, options) => {
    try {
      await pass(message, options)
    } finally {
      // Not earlier: until the message is through, the server believes that it is the former client's turn, and would
      // roll back this query if that client left now.
      underWay = PARTS.has(message[0]!)
    }
  }
  // The server rolls back for a client that left in the middle. First finish what that client had started.
  database.exec = async (...args) => {
    if (underWay) await database.execProtocolRawStream(SYNC, { onRawData: () => {} })
    return exec(...args)
  }
}
