import type { PGlite } from '@electric-sql/pglite'

/** First bytes of Parse, Bind, Describe, Execute, Close and Flush (PostgreSQL documentation, "Message Formats"). */
const PARTS = new Set([...'PBDECH'].map((letter) => letter.charCodeAt(0)))
const SYNC = Uint8Array.from(Buffer.from('S\0\0\0\x04', 'latin1'))

/**
 * Makes a query the unit in which the socket server takes turns. One session serves all clients, and the server passes
 * their messages on one by one; a query with parameters is several (Parse, Bind, Describe, Execute, Sync) around one
 * unnamed statement, so another client's message in between made it answer with that client's rows
 * (https://github.com/electric-sql/pglite/issues/1046). The server keeps a transaction's messages together: here it is
 * told of one as long as a query is under way. Call it before the server starts.
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
      // Not before: until the message is through the server takes its former client for the one whose turn it is, and
      // would roll back this query if that one left now.
      underWay = PARTS.has(message[0]!)
    }
  }
  // The server rolls back for a client that left in the middle; what it had not finished is finished first.
  database.exec = async (...args) => {
    if (underWay) await database.execProtocolRawStream(SYNC, { onRawData: () => {} })
    return exec(...args)
  }
}
