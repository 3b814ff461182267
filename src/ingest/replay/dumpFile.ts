import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { basename } from 'node:path'
import { PermanentError, reasonOf } from '../../errors.ts'
import { type Bytes, peek } from '../../sources/dumps/containers/bytes.ts'
import { HEAD_BYTES } from '../../sources/dumps/parts.ts'
import type { KnownDump } from './replayProgress.ts'

/** An open dump; `close` releases its file. */
export interface OpenDump {
  dump: KnownDump
  close(): Promise<void>
}

const TAIL_BYTES = 64 * 1024
const CHUNK_BYTES = 256 * 1024

/**
 * Opens a file or a named pipe. `onRead` is called with the number of raw bytes read.
 * @throws PermanentError in one line: missing, not readable, neither file nor pipe.
 */
export async function openDumpFile(path: string, onRead: (bytes: number) => void): Promise<OpenDump> {
  const handle = await openFile(path)
  try {
    const found = await handle.stat()
    if (found.isFIFO() || found.isSocket()) {
      const dump = await pipeDump(basename(path), handle.createReadStream({ autoClose: false }), onRead)
      return { dump, close: () => handle.close() }
    }
    if (!found.isFile()) {
      throw new PermanentError(
        'expected a file, folder or pipe, got something else; save the dump to a file first',
      )
    }
    return { dump: await fileDump(path, handle, found.size, onRead), close: () => handle.close() }
  } catch (error) {
    await handle.close()
    throw error
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path)
  } catch (error) {
    const came =
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'nothing with that name' : reasonOf(error)
    throw new PermanentError(`expected a file or folder, got ${came}; check the path`)
  }
}

/** A file is recognised by its size, its beginning and its end, without reading gigabytes. */
async function fileDump(
  path: string,
  handle: FileHandle,
  size: number,
  onRead: (bytes: number) => void,
): Promise<KnownDump> {
  const head = await readAt(handle, 0, Math.min(size, HEAD_BYTES))
  const tail = await readAt(handle, Math.max(0, size - TAIL_BYTES), Math.min(size, TAIL_BYTES))
  const identity = createHash('sha256').update(`${size}\n`).update(head).update(tail).digest('hex')
  const bytes = handle.createReadStream({ start: 0, autoClose: false, highWaterMark: CHUNK_BYTES })
  const readAnywhere = async (offset: number, length: number) => {
    const found = await readAt(handle, offset, Math.max(0, Math.min(length, size - offset)))
    onRead(found.length)
    return found
  }
  return {
    name: basename(path),
    size,
    bytes,
    fd: handle.fd,
    readAt: readAnywhere,
    onRead,
    identity,
    isResumed: true,
  }
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position)
  return buffer.subarray(0, bytesRead)
}

/** A pipe is recognised by its beginning. Nobody can tell where it ends. */
export async function pipeDump(
  name: string,
  pipe: Bytes,
  onRead: (bytes: number) => void,
): Promise<KnownDump> {
  const { head, bytes } = await peek(pipe, HEAD_BYTES)
  const identity = createHash('sha256').update('pipe\n').update(head).digest('hex')
  return { name, size: undefined, bytes, onRead, identity, isResumed: false }
}
