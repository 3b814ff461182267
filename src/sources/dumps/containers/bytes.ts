/** Bytes as they come: of a file, out of a container, from a pipe. Read once, from the beginning. */
export type Bytes = AsyncIterable<Uint8Array>

export interface Peeked {
  /** The first bytes: as many as asked for or a few more, fewer only where there are no more. */
  head: Buffer
  /** The head is all there is. */
  isWhole: boolean
  /** All bytes, the head included. */
  bytes: Bytes
}

/** Looks at the first bytes without losing them. Where reading fails, that is told to who reads on to there. */
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

/** All bytes together, or undefined where they are more than `most`. */
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
