import { Readable } from 'node:stream'

/** A message on its way to the mail server's socket, held back until it may go. */
export interface BodyGate {
  stream: Readable
  /** Whether any of the message went on: only then can it have been delivered. */
  hasBegun(): boolean
}

/**
 * Holds a message back at its first byte: the mail server has said that it waits for the message (354), and `mayGo` is
 * awaited before any of it is sent. Where `mayGo` rejects, the stream fails with its error and nothing is sent.
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
