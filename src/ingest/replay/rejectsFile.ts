import { appendFile, mkdir, rm, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { shownName } from '../../sources/dumps/containers/archive.ts'
import type { KnownDump } from './replayProgress.ts'
import type { RejectsList } from './replayRun.ts'

/** A file of what could not become an entry, one JSON line each, written as the rejects come. */
export interface RejectsFile extends RejectsList {
  path: string
}

const MOST_NAME_BYTES = 210

/**
 * The rejects file of a dump, in the data folder. A dry run has its own file, because a real replay may be running.
 */
export function rejectsFile(dump: KnownDump, dataDir: string, isDryRun: boolean): RejectsFile {
  const folder = join(dataDir, 'rejects')
  const name = shortName(shownName(dump.name).replaceAll('/', '_'))
  const kind = isDryRun ? '.dry-run' : ''
  const path = join(folder, `${name}-${dump.identity.slice(0, 8)}${kind}.rejects.jsonl`)
  return {
    path,
    async cutTo(bytes) {
      if (bytes === 0) await rm(path, { force: true })
      else if ((await sizeOf(path)) > bytes) await truncate(path, bytes)
    },
    async add(file, rejects) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const lines = rejects.map((reject) => `${JSON.stringify({ file, ...reject })}\n`)
      await appendFile(path, lines.join(''), { mode: 0o600 })
      return sizeOf(path)
    },
  }
}

/** A name that leaves room for its ending. File systems take 255 bytes, and a character may have four. */
function shortName(name: string): string {
  const signs = Array.from(name)
  while (Buffer.byteLength(signs.join('')) > MOST_NAME_BYTES) signs.splice(signs.length >> 1, 1)
  return signs.join('')
}

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined)
  return found?.size ?? 0
}
