import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import {
  claimReplayFile,
  deleteReplayFilesBefore,
  endReplayFile,
  type ReplayFileEnd,
  type ReplayFileRow,
  reportReplayFile,
} from '../../db/fetching/replayFiles.ts'
import { PermanentError, reasonOf } from '../../errors.ts'
import { parseColumns } from '../../sources/formats/table/columns.ts'
import type { Tools } from '../../tools.ts'
import { openDumpFile } from './dumpFile.ts'
import { rejectsFile } from './rejectsFile.ts'
import { remarksOf } from './remarks.ts'
import { type ReplayResult, replayDump } from './replayDump.ts'

/** A worker that does not report for so long has gone, and another one goes on. */
const LEASE_MS = 20 * 1000
const REPORT_EVERY_MS = 1000

/**
 * Replays a file that the desk was given, in the way of the command. How far it has come is written every second. It stops
 * between two batches when an admin cancels it, or when the worker stops; then the next worker goes on where it stopped.
 */
export async function replayFile(id: number, tools: Tools, stopping?: AbortSignal): Promise<void> {
  const claim = randomUUID()
  const file = await claimReplayFile(tools.db, id, claim, LEASE_MS)
  if (file === undefined) return
  const held = { id, claim }
  try {
    const end = await replayHeld(file, claim, tools, stopping)
    await endReplayFile(tools.db, held, end)
    if (end.status === 'done' && file.is_upload) await rm(file.path, { force: true })
  } catch (error) {
    // A database that is away, or the like: the next worker goes on.
    const isFault = error instanceof PermanentError
    const end: ReplayFileEnd['status'] = isFault ? 'failed' : 'waiting'
    await endReplayFile(tools.db, held, { status: end, remarks: [reasonOf(error)] })
    if (!isFault) throw error
  }
}

async function replayHeld(
  file: ReplayFileRow,
  claim: string,
  tools: Tools,
  stopping: AbortSignal | undefined,
): Promise<Partial<ReplayFileEnd> & Pick<ReplayFileEnd, 'status'>> {
  const progress = { read_bytes: 0, entries: 0 }
  const opened = await openDumpFile(file.path, (bytes) => {
    progress.read_bytes += bytes
  })
  const reports = startReports({ id: file.id, claim }, progress, tools)
  const signals = [reports.signal, ...(stopping === undefined ? [] : [stopping])]
  try {
    const rejects = rejectsFile(opened.dump, file.rejects_folder, false)
    const columns = file.columns === null ? undefined : parseColumns(file.columns)
    const options = { format: 'auto', listedOn: file.listed_on ?? undefined, columns }
    const result = await replayDump({ ...opened.dump, name: file.name }, options, {
      now: tools.now,
      transact: (work) => tools.db.transaction().execute(work),
      rejects,
      signal: AbortSignal.any(signals),
      onStored: (entries) => {
        progress.entries += entries
      },
    })
    return { ...endOf(result, rejects.path), read_bytes: progress.read_bytes }
  } finally {
    await reports.stop()
    await opened.close()
  }
}

/** Forgets replays that ended before a time, with their uploads and rejects. */
export async function forgetReplayFiles(db: Tools['db'], before: Date): Promise<void> {
  for (const { path, is_upload, rejects_path } of await deleteReplayFilesBefore(db, before)) {
    if (is_upload) await rm(path, { force: true })
    if (rejects_path !== null) await rm(rejects_path, { force: true })
  }
}

/** Reports until it is stopped. The signal is aborted when an admin cancels, or when another worker has the file. */
function startReports(
  held: { id: number; claim: string },
  progress: { read_bytes: number; entries: number },
  { db, log }: Tools,
): { signal: AbortSignal; stop(): Promise<void> } {
  const controller = new AbortController()
  let last = Promise.resolve()
  const report = async () => {
    try {
      if ((await reportReplayFile(db, held, progress, LEASE_MS)) !== 'running') controller.abort()
    } catch (error) {
      log.warn({ reason: reasonOf(error) }, 'could not report how far a replay has come')
    }
  }
  const timer = setInterval(() => {
    last = last.then(report)
  }, REPORT_EVERY_MS)
  return {
    signal: controller.signal,
    stop() {
      clearInterval(timer)
      return last
    },
  }
}

function endOf(result: ReplayResult, rejectsPath: string): Omit<ReplayFileEnd, 'read_bytes'> {
  const { entries, new: added, updated, unchanged, rejected, failures, isStopped } = result
  const counts = { entries, new: added, updated, unchanged, rejected }
  return {
    ...counts,
    status: isStopped ? 'waiting' : failures.length > 0 ? 'failed' : 'done',
    rejects_path: rejected > 0 ? rejectsPath : null,
    remarks: [...failures.map(({ file, reason }) => `${file}: ${reason}`), ...remarksOf(result)],
  }
}
