import type { PGlite } from '@electric-sql/pglite'

/** SQLSTATE 53100, disk_full, as the field C of an ErrorResponse (PostgreSQL documentation, "Message Formats"). */
const DISK_FULL = Buffer.from('C53100\0', 'latin1')
/** The first byte of an ErrorResponse. */
const ERROR = 'E'.charCodeAt(0)

/**
 * Calls `tell` when the database can do no more work: its disk is full, or the engine itself has ended. After a full disk the
 * engine may still answer, but nothing that it is told is stored. Call it before the server starts.
 */
export function watchForFailure(database: PGlite, tell: (reason: string) => void): void {
  const pass = database.execProtocolRawStream.bind(database)
  database.execProtocolRawStream = async (message, options) => {
    try {
      await pass(message, {
        ...options,
        onRawData(data) {
          if (data[0] === ERROR && Buffer.from(data).includes(DISK_FULL)) tell('a full disk')
          options?.onRawData?.(data)
        },
      })
    } catch (error) {
      // An error of SQL comes as an answer. What is thrown here is the end of the engine, as after PostgreSQL's PANIC.
      tell(error instanceof Error ? error.message : String(error))
      throw error
    }
  }
}
