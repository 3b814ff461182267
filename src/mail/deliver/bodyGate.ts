import { Readable } from 'node:stream'

/** A message that is held back before the mail server's socket until it may go. */
export interface BodyGate {
  stream: Readable
  /** Whether any of the message was sent. Otherwise it cannot have been delivered. */
  hasBegun(): boolean
}

/**
 * Holds a message back before its first byte. At that point the mail server has asked for the message (354). `mayGo` is
 * awaited before anything is sent. If `mayGo` rejects, the stream fails with its error and nothing is sent.
 */
export function openBodyGate(message: Buffer, mayGo: () => Promise<void>): BodyGate {
  let begun = false
  const stream = new Readable({
    read() {
      if (begun) return
      mayGo().then(
        () => {
          // The connection may have ended while `mayGo` was awaited.
          if (stream.destroyed) return
          begun = true
          stream.push(message)
          stream.push(null)
        },
        (error) => stream.destroy(error),
      )
    },
  })
  return { stream, hasBegun: () => begun }
}
