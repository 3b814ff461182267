import { readdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { glob, isDynamicPattern } from 'tinyglobby'
import { type OpenDump, openDumpFile, pipeDump } from '../../ingest/replay/dumpFile.ts'
import { complain } from '../terminal/print.ts'

/** The path that stands for standard input. */
const STDIN = '-'

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
  if (path !== STDIN) return openDumpFile(path, onRead)
  return { dump: await pipeDump('stdin', process.stdin, onRead), close: async () => {} }
}
