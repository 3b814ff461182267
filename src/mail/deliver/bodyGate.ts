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
export function openBodyGate(source: Readable, mayGo: () => Promise<void>): BodyGate {
  let begun = false
  async function* body() {
    await mayGo()
    for await (const chunk of source) {
      // The connection may have ended while `mayGo` was awaited.
      if (stream.destroyed) return
      begun = true
      yield chunk
    }
  }
  const stream = Readable.from(body(), { objectMode: false })
  source.once('error', (error) => stream.destroy(error))
  stream.once('close', () => source.destroy())
  return { stream, hasBegun: () => begun }
}
