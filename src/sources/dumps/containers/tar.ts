import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { extract } from 'tar-stream'
import { PermanentError } from '../../../errors.ts'
import { type ArchivedFile, isHidden } from './archive.ts'
import { type Budget, spendFile } from './budget.ts'
import { asBuffer, type Bytes } from './bytes.ts'

/**
 * The files of a tar archive, in order. Directories, links and hidden files are skipped.
 * @throws PermanentError if the archive is damaged or truncated. Reading a file's bytes throws the same error.
 */
export async function* tarFiles(bytes: Bytes, budget: Budget): AsyncGenerator<ArchivedFile> {
  const files = extract()
  const feeding = feed(bytes, files)
  try {
    for await (const entry of files) {
      spendFile(budget)
      const content = shareBytes(entry as AsyncIterable<Uint8Array>, feeding)
      if (isFile(entry.header)) yield { name: entry.header.name, bytes: content.shared }
      await content.drain()
    }
  } catch (error) {
    throw await faultOf(feeding, error)
  }
  const fault = await feeding
  if (fault !== undefined) throw fault
}

function isFile({ name, type }: { name: string; type?: string | null }): boolean {
  return (type === 'file' || type === 'contiguous-file') && !name.endsWith('/') && !isHidden(name)
}

/**
 * Passes the archive's bytes to the reader of tar. Gives what went wrong, once the bytes have ended; the promise never
 * fails.
 */
async function feed(bytes: Bytes, files: NodeJS.WritableStream): Promise<unknown> {
  const end = { tail: Buffer.alloc(0) as Buffer }
  try {
    await pipeline(Readable.from(keepTail(bytes, end), { objectMode: false }), files)
  } catch (error) {
    return tarError(error)
  }
  return isEndMarker(end.tail) ? undefined : notWhole('one that breaks off')
}

/** The fault in the archive's own bytes says more than an error that it caused in a reader. */
async function faultOf(feeding: Promise<unknown>, error: unknown): Promise<unknown> {
  if (error instanceof PermanentError) return error
  return (await feeding) ?? tarError(error)
}

const BLOCK = 512

/** Passes the bytes on, and remembers the last block of them. */
async function* keepTail(bytes: Bytes, end: { tail: Buffer }): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    const tail = chunk.length < BLOCK ? Buffer.concat([end.tail, chunk]) : asBuffer(chunk)
    end.tail = tail.subarray(-BLOCK)
    yield chunk
  }
}

/** An archive ends with blocks of zeros (POSIX.1-2017, pax, ustar Interchange Format). */
function isEndMarker(tail: Buffer): boolean {
  return tail.length === BLOCK && tail.every((byte) => byte === 0)
}

/**
 * An entry is always read to its end, also where its reader leaves early: to cancel an entry would end the whole
 * archive. So a reader gets an iterator that cannot cancel.
 */
function shareBytes(
  entry: AsyncIterable<Uint8Array>,
  feeding: Promise<unknown>,
): { shared: Bytes; drain(): Promise<void> } {
  const iterator = entry[Symbol.asyncIterator]()
  const next = () =>
    iterator.next().catch(async (error: unknown) => {
      throw await faultOf(feeding, error)
    })
  return {
    shared: { [Symbol.asyncIterator]: () => ({ next }) },
    drain: async () => {
      while (!(await next()).done);
    },
  }
}

/** An error of the system says more than what the archive makes of it: it stays. */
function tarError(error: unknown): unknown {
  if (error instanceof PermanentError || (error as NodeJS.ErrnoException).syscall !== undefined) return error
  const { message } = error as Error
  const breaksOff = /unexpected end|premature|closed/i.test(message)
  return notWhole(breaksOff ? 'one that breaks off' : `damaged data (${message})`)
}

function notWhole(got: string): PermanentError {
  return new PermanentError(`expected a whole tar archive, got ${got}; copy it again`)
}
