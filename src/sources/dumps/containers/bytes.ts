/** A stream of bytes from a file, a container or a pipe. It can be read once, from the beginning. */
export type Bytes = AsyncIterable<Uint8Array>

export interface Peeked {
  /** The first bytes: as many as requested or a few more; fewer only if the stream is shorter. */
  head: Buffer
  /** Whether the head is the whole stream. */
  isWhole: boolean
  /** All bytes, the head included. */
  bytes: Bytes
}

/** Looks at the first bytes without losing them. An error of the stream is thrown when reading reaches it. */
export async function peek(bytes: Bytes, wanted: number): Promise<Peeked> {
  const iterator = bytes[Symbol.asyncIterator]()
  const chunks: Uint8Array[] = []
  let length = 0
  let failure: { error: unknown } | undefined
  while (length < wanted) {
    const next = await iterator.next().catch((error: unknown) => ({ error }))
    if ('error' in next) failure = next
    if ('error' in next || next.done) break
    chunks.push(next.value)
    length += next.value.length
  }
  const isWhole = length < wanted && failure === undefined
  return { head: Buffer.concat(chunks), isWhole, bytes: chained(chunks, failure, iterator) }
}

async function* chained(
  first: Uint8Array[],
  failure: { error: unknown } | undefined,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* first
    if (failure !== undefined) throw failure.error
    for (;;) {
      const { done, value } = await rest.next()
      if (done) return
      yield value
    }
  } finally {
    await rest.return?.()
  }
}

/** The same bytes with the methods of a Buffer. */
export function asBuffer(chunk: Uint8Array): Buffer {
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
}

/** All bytes together; undefined if they are more than `most`. */
export async function collect(bytes: Bytes, most: number): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of bytes) {
    length += chunk.length
    if (length > most) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
