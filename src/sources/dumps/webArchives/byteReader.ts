import { asBuffer, type Bytes } from '../containers/bytes.ts'

/** Reads a stream in the pieces that its own headers announce. */
export interface ByteReader {
  /** Offset of the next byte. */
  position(): number
  /** Skips bytes of these values. */
  skipAny(values: readonly number[]): Promise<void>
  /** All bytes up to the mark, including it. Undefined if the mark does not come within `most` bytes. */
  until(mark: string, most: number): Promise<Buffer | undefined>
  /** The next bytes. If they are more than `keep`, only their number. Fewer than requested if the stream ends. */
  take(length: number, keep: number): Promise<{ length: number; bytes: Buffer | undefined }>
}

export function readBytes(bytes: Bytes): ByteReader {
  const iterator = bytes[Symbol.asyncIterator]()
  let pending: Buffer = Buffer.alloc(0)
  let position = 0
  const more = async (): Promise<Buffer | undefined> => {
    const { done, value } = await iterator.next()
    return done ? undefined : asBuffer(value)
  }
  const consume = (length: number): Buffer => {
    const taken = pending.subarray(0, length)
    pending = pending.subarray(length)
    position += taken.length
    return taken
  }
  return {
    position: () => position,
    async skipAny(values) {
      for (;;) {
        const end = pending.findIndex((byte) => !values.includes(byte))
        consume(end === -1 ? pending.length : end)
        if (end !== -1) return
        const next = await more()
        if (next === undefined) return
        pending = next
      }
    },
    async until(mark, most) {
      for (;;) {
        const at = pending.indexOf(mark)
        if (at !== -1) return consume(at + mark.length)
        const next = pending.length > most ? undefined : await more()
        if (next === undefined) return undefined
        pending = Buffer.concat([pending, next])
      }
    },
    async take(length, keep) {
      const chunks: Buffer[] = []
      let taken = 0
      while (taken < length) {
        if (pending.length === 0) pending = (await more()) ?? pending
        if (pending.length === 0) break
        const piece = consume(length - taken)
        taken += piece.length
        if (length <= keep) chunks.push(piece)
      }
      return { length: taken, bytes: length <= keep ? Buffer.concat(chunks) : undefined }
    },
  }
}
