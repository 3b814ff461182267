import { ReadableStream } from 'node:stream/web'
import { createTarDecoder } from 'modern-tar'
import { PermanentError } from '../../../errors.ts'
import { type ArchivedFile, isHidden } from './archive.ts'
import { type Budget, spendFile } from './budget.ts'
import type { Bytes } from './bytes.ts'

/**
 * The files of a tar archive, in its order. Directories, links and hidden files are passed over.
 * @throws PermanentError where the archive is damaged or breaks off. Whoever reads a file's bytes meets the same error.
 */
export async function* tarFiles(bytes: Bytes, budget: Budget): AsyncGenerator<ArchivedFile> {
  const entries = ReadableStream.from(bytes).pipeThrough(createTarDecoder({ strict: true }))
  try {
    for await (const { header, body } of entries) {
      spendFile(budget)
      const content = shareBytes(body)
      const { name, type } = header
      if (type === 'file' && !name.endsWith('/') && !isHidden(name)) yield { name, bytes: content.shared }
      await content.drain()
    }
  } catch (error) {
    throw tarError(error)
  }
}

/**
 * An entry is always read to its end, also where its reader leaves early: the decoder stalls when some entries are read
 * and others are cancelled. So a reader gets an iterator that cannot cancel.
 */
function shareBytes(body: AsyncIterable<Uint8Array>): { shared: Bytes; drain(): Promise<void> } {
  const iterator = body[Symbol.asyncIterator]()
  const next = () =>
    iterator.next().catch((error: unknown) => {
      throw tarError(error)
    })
  return {
    shared: { [Symbol.asyncIterator]: () => ({ next }) },
    drain: async () => {
      while (!(await next()).done);
    },
  }
}

/** What reading the archive's own bytes failed with says more than what the archive makes of it: it stays. */
function tarError(error: unknown): unknown {
  if (error instanceof PermanentError || (error as NodeJS.ErrnoException).syscall !== undefined) return error
  const { message } = error as Error
  const came = /truncated/i.test(message) ? 'one that breaks off' : `damaged data (${message})`
  return new PermanentError(`expected a whole tar archive, got ${came}; copy it again`)
}
