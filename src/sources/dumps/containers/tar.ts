import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { extract } from 'tar-stream'
import { PermanentError } from '../../../errors.ts'
import { type ArchivedFile, isHidden } from './archive.ts'
import { type Budget, spendFile } from './budget.ts'
import type { Bytes } from './bytes.ts'

/**
 * The files of a tar archive, in its order. Directories, links and hidden files are passed over.
 * @throws PermanentError, the same from here and from the bytes of the file it meets, where the archive breaks off.
 */
export async function* tarFiles(bytes: Bytes, budget: Budget): AsyncGenerator<ArchivedFile> {
  const files = extract()
  const feeding = pipeline(Readable.from(bytes, { objectMode: false }), files)
  let fault: unknown
  // What the bytes themselves failed with says more than what the archive makes of it.
  const settled = feeding.catch((error) => {
    fault = tarError(error)
  })
  const broken = async (error: unknown): Promise<unknown> => {
    await settled
    fault ??= tarError(error)
    return fault
  }
  try {
    for await (const entry of files) {
      spendFile(budget)
      const chunks = chunksOf(entry as AsyncIterable<Uint8Array>, broken)
      const { name, type } = entry.header
      const isFile = (type === 'file' || type === 'contiguous-file') && !name.endsWith('/')
      if (isFile && !isHidden(name)) yield { name, bytes: chunks.shared }
      await chunks.drain()
    }
    await settled
  } catch (error) {
    throw error instanceof PermanentError ? error : await broken(error)
  }
  if (fault !== undefined) throw fault
}

/** Leaving an entry's own iterator early would end the whole archive: it is shared out, and run to its end afterwards. */
function chunksOf(entry: AsyncIterable<Uint8Array>, broken: (error: unknown) => Promise<unknown>) {
  const iterator = entry[Symbol.asyncIterator]()
  const next = async () => {
    try {
      return await iterator.next()
    } catch (error) {
      throw await broken(error)
    }
  }
  return {
    shared: { [Symbol.asyncIterator]: () => ({ next }) } as Bytes,
    drain: async () => {
      while (!(await next()).done);
    },
  }
}

function tarError(error: unknown): unknown {
  if (error instanceof PermanentError || (error as NodeJS.ErrnoException).syscall !== undefined) return error
  const { message } = error as Error
  const came = /unexpected end|premature|closed/i.test(message)
    ? 'one that breaks off'
    : `damaged data (${message})`
  return new PermanentError(`expected a whole tar archive, got ${came}; copy it again`)
}
