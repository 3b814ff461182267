import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, realpath, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Config } from '../config.ts'
import type { Reject } from '../domain.ts'
import { PermanentError, reasonOf, UsageError } from '../errors.ts'
import { type ReplayOptions, replayDump } from '../jobs/replay.ts'
import type { Tools } from '../jobs/step.ts'
import type { ExitCode } from './program.ts'
import { complain, parseDate, print, withTools } from './withTools.ts'

interface Options {
  format: string
  listedOn?: string
  dryRun?: boolean
  json?: boolean
}

interface Totals {
  files: number
  entries: number
  new: number
  updated: number
  unchanged: number
  rejected: number
}

/** A dump that is read whole fits in memory several times over; a larger one is most likely no listing. */
const MAX_BYTES = 64 * 1024 * 1024

/** Replays files and folders. A file that cannot be read is said in one line and holds back no other. */
export async function runReplay(config: Config, paths: string[], options: Options): Promise<ExitCode> {
  const replay: ReplayOptions = {
    format: options.format,
    listedOn: parseDate('--listed-on', options.listedOn),
    dryRun: options.dryRun,
  }
  return withTools(config, async ({ tools }) => {
    const started = performance.now()
    const totals: Totals = { files: 0, entries: 0, new: 0, updated: 0, unchanged: 0, rejected: 0 }
    let failures = 0
    for (const path of paths) {
      for await (const file of filesOf(path, new Set())) {
        const failed = await replayOne(file, replay, tools, totals, config).then(
          () => undefined,
          (error) => {
            // A wrong option is wrong for every file.
            if (error instanceof UsageError) throw error
            return reasonOf(error)
          },
        )
        if (failed === undefined) continue
        failures += 1
        complain(`${file}: ${failed}`)
      }
    }
    report(totals, (performance.now() - started) / 1000, options)
    return failures === 0 ? 0 : 1
  })
}

/** A file itself; of a folder its files in the order of names, hidden ones left out. */
async function* filesOf(path: string, seen: Set<string>): AsyncGenerator<string> {
  const found = await stat(path).catch(() => undefined)
  if (!found?.isDirectory()) {
    yield path
    return
  }
  // A link back to a folder above would never end.
  const real = await realpath(path)
  if (seen.has(real)) return
  seen.add(real)
  const names = (await readdir(path)).filter((name) => !name.startsWith('.')).sort()
  if (names.length === 0) complain(`${path}: expected a folder with dumps, got an empty one`)
  for (const name of names) yield* filesOf(join(path, name), seen)
}

async function replayOne(
  file: string,
  options: ReplayOptions,
  tools: Tools,
  totals: Totals,
  config: Config,
): Promise<void> {
  const body = await readDump(file)
  const result = await replayDump(basename(file), body, options, tools)
  totals.files += 1
  totals.entries += result.entries
  totals.new += result.new
  totals.updated += result.updated
  totals.unchanged += result.unchanged
  totals.rejected += result.rejects.length
  if (result.rejects.length > 0) await writeRejects(file, body, result.rejects, config.dataDir)
}

/** @throws PermanentError in one line: missing, no file, unreadable, too large. */
async function readDump(file: string): Promise<Buffer> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    const came = error.code === 'ENOENT' ? 'nothing of that name' : reasonOf(error)
    throw new PermanentError(`expected a file or folder, got ${came}; check the path`)
  })
  if (!found.isFile()) {
    throw new PermanentError('expected a file or folder, got something else; save the dump to a file first')
  }
  if (found.size > MAX_BYTES) {
    const size = Math.round(found.size / 1024 / 1024)
    throw new PermanentError(
      `expected a page or dump of at most 64 MB, got ${size} MB; split it, or check that it is a listing`,
    )
  }
  return readFile(file)
}

/** What could not become an entry, for a person to look at: one JSON line each, named after the dump. */
async function writeRejects(file: string, body: Buffer, rejects: Reject[], dataDir: string): Promise<void> {
  const folder = join(dataDir, 'rejects')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 8)
  const path = join(folder, `${basename(file)}-${hash}.rejects.jsonl`)
  await writeFile(path, rejects.map((reject) => `${JSON.stringify({ file, ...reject })}\n`).join(''))
  complain(`${file}: ${rejects.length} entries could not be read; see ${path}`)
}

function report(totals: Totals, seconds: number, options: Options): void {
  const rounded = Math.round(seconds * 1000) / 1000
  if (options.json) {
    print(JSON.stringify({ ...totals, seconds: rounded }))
    return
  }
  const would = options.dryRun ? 'would be ' : ''
  print(
    `${totals.files} files, ${totals.entries} entries: ${totals.new} ${would}new, ${totals.updated} ${would}updated, ` +
      `${totals.unchanged} unchanged, ${totals.rejected} rejected (${rounded.toFixed(1)} s)`,
  )
}
