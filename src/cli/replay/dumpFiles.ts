import { createHash } from 'node:crypto'
import { type FileHandle, open, readdir, realpath, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { glob, isDynamicPattern } from 'tinyglobby'
import { PermanentError, reasonOf } from '../../errors.ts'
import type { KnownDump } from '../../ingest/replay/replayProgress.ts'
import { type Bytes, peek } from '../../sources/dumps/containers/bytes.ts'
import { HEAD_BYTES } from '../../sources/dumps/parts.ts'
import { complain } from '../terminal/print.ts'

/** An open dump; `close` releases its file. */
export interface OpenDump {
  dump: KnownDump
  close(): Promise<void>
}

/** The path that stands for standard input. */
const STDIN = '-'
const TAIL_BYTES = 64 * 1024
const CHUNK_BYTES = 256 * 1024

/**
 * The files behind the paths: files themselves, the files of a folder in order of their names, and the files that
 * match a pattern. Hidden files are skipped. A folder that is reached twice through links is read once. A path that
 * names nothing is kept, so that opening it reports the error.
 */
export async function filesOf(paths: string[]): Promise<string[]> {
  const files: string[] = []
  for (const path of paths) {
    const isThere = path === STDIN || (await stat(path).catch(() => undefined)) !== undefined
    const matches = isThere || !isDynamicPattern(path) ? [] : await matchesOf(path)
    for (const found of matches.length > 0 ? matches : [path]) files.push(...(await filesIn(found)))
  }
  return files
}

async function matchesOf(pattern: string): Promise<string[]> {
  return (await glob(pattern, { onlyFiles: false, expandDirectories: false })).sort()
}

/**
 * `visited`: the real paths of the folders already read. Without it a link back into one of them would never end.
 * A folder that cannot be read is kept, so that opening it reports the error.
 */
async function filesIn(path: string, visited = new Set<string>()): Promise<string[]> {
  const found = path === STDIN ? undefined : await stat(path).catch(() => undefined)
  if (!found?.isDirectory()) return [path]
  const folder = await realpath(path).catch(() => path)
  if (visited.has(folder)) return []
  visited.add(folder)
  const names = await readdir(path).catch(() => undefined)
  if (names === undefined) return [path]
  const shown = names.filter((name) => !name.startsWith('.')).sort()
  if (shown.length === 0) complain(`${path}: expected a folder with dumps, got an empty one`)
  const files: string[] = []
  for (const name of shown) {
    if (await isDump(join(path, name))) files.push(...(await filesIn(join(path, name), visited)))
  }
  return files
}

/** A pipe inside a folder may never get a writer, so only a pipe named on the command line is read. */
async function isDump(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined || found.isFile() || found.isDirectory()) return true
  complain(`${path}: skipped, expected a file or folder inside a folder, got a pipe, socket or device`)
  return false
}

/** The total size in bytes, as far as it is known from files. */
export async function totalSize(files: string[]): Promise<number> {
  let total = 0
  for (const file of files) {
    const found = file === STDIN ? undefined : await stat(file).catch(() => undefined)
    if (found?.isFile()) total += found.size
  }
  return total
}

/**
 * Opens a file or standard input. `onRead` is called with the number of raw bytes read.
 * @throws PermanentError in one line: missing, not readable, neither file nor pipe.
 */
export async function openDump(path: string, onRead: (bytes: number) => void): Promise<OpenDump> {
  if (path === STDIN) return { dump: await pipeDump('stdin', process.stdin, onRead), close: async () => {} }
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
async function pipeDump(name: string, pipe: Bytes, onRead: (bytes: number) => void): Promise<KnownDump> {
  const { head, bytes } = await peek(pipe, HEAD_BYTES)
  const identity = createHash('sha256').update('pipe\n').update(head).digest('hex')
  return { name, size: undefined, bytes, onRead, identity, isResumed: false }
}
