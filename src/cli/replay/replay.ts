import { setFlagsFromString } from 'node:v8'
import type { Config } from '../../config.ts'
import { reasonOf, UsageError } from '../../errors.ts'
import { rejectsFile } from '../../ingest/replay/rejectsFile.ts'
import { BETWEEN, namesInside, remarksOf } from '../../ingest/replay/remarks.ts'
import { type ReplayResult, replayDump } from '../../ingest/replay/replayDump.ts'
import type { ReplayOptions } from '../../ingest/replay/replayProgress.ts'
import { type Transact, withTransactions } from '../../ingest/transactions.ts'
import { formatNames } from '../../sources/dumps/dumpKind.ts'
import { parseColumns } from '../../sources/formats/table/columns.ts'
import { plural } from '../../text/plural.ts'
import type { ExitCode } from '../terminal/exitCode.ts'
import { parseDate } from '../terminal/options.ts'
import { complain } from '../terminal/print.ts'
import { withTools } from '../terminal/withTools.ts'
import { filesOf, openDump, totalSize } from './dumpFiles.ts'
import { type ReplayProgress, startProgress } from './progressBar.ts'
import { addTo, emptyTotals, report, type Totals } from './replayTotals.ts'

interface Options {
  format: string
  listedOn?: string
  map?: string
  dryRun?: boolean
  json?: boolean
}

/** What is the same for all dumps of one command. */
interface Command {
  options: ReplayOptions
  isDryRun: boolean
  dataDir: string
  now(): Date
  transact: Transact
  progress: ReplayProgress
  signal: AbortSignal
}

/**
 * How far the heap may grow, in per cent of what is in use, before a full garbage collection. By default V8 lets a
 * stream of short-lived records triple it. This limit costs a twentieth of the processor time.
 */
const HEAP_GROWTH = 150

/**
 * Replays files, folders, patterns and pipes. A file that cannot be read is reported in one line and does not stop
 * the others.
 */
export async function runReplay(config: Config, paths: string[], options: Options): Promise<ExitCode> {
  const replay = readOptions(options)
  const isDryRun = options.dryRun ?? false
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH}`)
  return withTools(config, async ({ tools }): Promise<ExitCode> => {
    const started = performance.now()
    const files = await filesOf(paths)
    const progress = startProgress(process.stderr, await totalSize(files))
    const totals = emptyTotals()
    const stop = stopOnSignal(progress)
    try {
      await withTransactions(tools.db, isDryRun, async (transact) => {
        const shared = { options: replay, isDryRun, dataDir: config.dataDir, now: tools.now }
        const command = { ...shared, transact, progress, signal: stop.signal }
        for (const file of files) if (!stop.signal.aborted) await replayFile(file, command, totals)
      })
    } finally {
      stop.release()
      progress.stop()
    }
    report(totals, (performance.now() - started) / 1000, { json: options.json, isDryRun })
    return totals.failures === 0 && !stop.signal.aborted ? 0 : 1
  })
}

/** @throws UsageError for a wrong option. */
function readOptions(options: Options): ReplayOptions {
  const names = formatNames()
  if (!names.includes(options.format)) {
    throw new UsageError(
      `--format: expected one of ${names.join(', ')}, got ${JSON.stringify(options.format)}`,
    )
  }
  return {
    format: options.format,
    listedOn: parseDate('--listed-on', options.listedOn),
    columns: options.map === undefined ? undefined : parseColumns(options.map),
  }
}

/** The first signal stops after the running step, so that no work is done twice. The second stops at once. */
function stopOnSignal(progress: ReplayProgress): { signal: AbortSignal; release(): void } {
  const controller = new AbortController()
  const stop = () => {
    progress.clear()
    complain('stopping after this step; press Ctrl-C again to stop at once')
    release()
    controller.abort()
  }
  const release = () => {
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return { signal: controller.signal, release }
}

async function replayFile(file: string, command: Command, totals: Totals): Promise<void> {
  const say = (text: string) => {
    command.progress.clear()
    complain(text)
  }
  try {
    const opened = await openDump(file, command.progress.read)
    try {
      const rejects = rejectsFile(opened.dump, command.dataDir, command.isDryRun)
      const dump = { ...opened.dump, isResumed: opened.dump.isResumed && !command.isDryRun }
      const { options, progress, ...tools } = command
      const result = await replayDump(dump, options, { ...tools, rejects, onStored: progress.stored })
      addTo(totals, result)
      for (const line of remarks(file, result, rejects.path)) say(line)
    } finally {
      await opened.close()
    }
  } catch (error) {
    totals.failures += 1
    say(`${file}: ${reasonOf(error)}`)
  }
}

function remarks(file: string, result: ReplayResult, rejectsPath: string): string[] {
  const lines = result.failures.map(
    (failure) => `${[file, ...namesInside(failure.file)].join(BETWEEN)}: ${failure.reason}`,
  )
  if (result.doneBefore > 0)
    lines.push(`${file}: continued after ${result.doneBefore} records of an earlier run`)
  for (const line of remarksOf(result)) lines.push(`${file}: ${line}`)
  if (result.rejected > 0)
    lines.push(
      `${file}: ${plural(result.rejected, 'entry', 'entries')} could not be read; see ${rejectsPath}`,
    )
  if (result.isStopped) {
    lines.push(
      `${file}: stopped after ${result.entries + result.rejected} records; run the same command again to continue`,
    )
  }
  return lines
}
