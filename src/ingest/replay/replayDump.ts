import { basename } from 'node:path'
import { isLocalDate } from '../../calendar.ts'
import type { Tx } from '../../db/engine/connect.ts'
import { commitWithoutWaiting, upsertReplay } from '../../db/fetching/replays.ts'
import type { LocalDate } from '../../domain.ts'
import { PermanentError, reasonOf } from '../../errors.ts'
import type { PageBatch } from '../../sources/dumps/batch.ts'
import { shownName } from '../../sources/dumps/containers/archive.ts'
import { listsPapers } from '../../sources/dumps/dumpKind.ts'
import { type Part, partsOf } from '../../sources/dumps/parts.ts'
import { readPart } from '../../sources/dumps/readPart.ts'
import type { IngestCounts } from '../ingestListing.ts'
import { storeListing } from '../storeListing.ts'
import { type ReadyBatch, readyBatches } from './readyBatches.ts'
import { addRemarks, noRemarks, type Remarks } from './remarks.ts'
import { advanced, findProgress, type KnownDump, type ReplayOptions } from './replayProgress.ts'
import { type Coming, storeRecords } from './replayRecords.ts'
import { addRejects, type ReplayPlace, type ReplayRun, type ReplayTools, sourceFor } from './replayRun.ts'

export interface ReplayResult extends IngestCounts {
  /** How many files were read: one, or those of an archive. */
  files: number
  rejected: number
  /** Files that could not be read, or not to their end. */
  failures: { file: string; reason: string }[]
  remarks: Remarks
  /** Entries and rejects of an earlier, interrupted run. They are included in the counts. */
  doneBefore: number
  isStopped: boolean
}

/**
 * Replays one dump in the way that fetched pages are stored. Each page is stored in one transaction. Records are stored
 * some batches at a time, together with the progress, so that an interrupted replay goes on from there when it is
 * started again.
 * @throws errors that are not the dump's fault, such as a database that does not answer.
 */
export async function replayDump(
  dump: KnownDump,
  options: ReplayOptions,
  tools: ReplayTools,
): Promise<ReplayResult> {
  const row = await tools.transact((tx) => findProgress(tx, dump, options, tools.now()))
  await tools.rejects.cutTo(row.rejects_bytes)
  const doneBefore = row.entries + row.rejected
  const run: ReplayRun = {
    options,
    tools,
    row,
    isKept: doneBefore > 0,
    files: 0,
    remarks: noRemarks(),
    areNew: true,
    spareIds: [],
    failures: new Map(),
    sources: new Map(),
  }
  await replayParts(dump, run)
  const isStopped = tools.signal?.aborted === true
  if (run.isKept && !isStopped) {
    await tools.transact((tx) => upsertReplay(tx, { ...run.row, finished_at: tools.now() }))
  }
  const { entries, new: added, updated, unchanged, rejected } = run.row
  const counts = { entries, new: added, updated, unchanged, rejected }
  const { files, remarks } = run
  return { ...counts, files, failures: [...run.failures.values()], remarks, doneBefore, isStopped }
}

async function replayParts(dump: KnownDump, run: ReplayRun): Promise<void> {
  const { part: firstPart, record: firstRecord } = run.row
  let label = shownName(dump.name)
  let number = 0
  try {
    for await (const part of partsOf(dump, (names) => listsPapers(names, run.options))) {
      label = part.label
      const skip = number === firstPart ? firstRecord : 0
      const isRead = number < firstPart || (await replayPart(part, number, skip, run))
      if (run.tools.signal?.aborted) return
      if (isRead) run.files += 1
      number += 1
    }
  } catch (error) {
    fail(run, label, error)
  }
}

/** Replays one part. Gives whether it could be read to its end. */
async function replayPart(part: Part, number: number, skip: number, run: ReplayRun): Promise<boolean> {
  const hint = run.options.listedOn ?? part.names.flatMap((name) => dateInName(name) ?? [])[0] ?? null
  const batches = readyBatches(readPart(part, run.options, skip), () => run.areNew)
  const place = { label: part.label, number, hint }
  try {
    let next = await batches.next()
    while (!next.done) {
      next = await (await storeBatch(next.value, batches, part, place, run)).coming
      if (run.tools.signal?.aborted) return false
    }
    return true
  } catch (error) {
    fail(run, part.label, error)
    return false
  } finally {
    await batches.return(undefined)
  }
}

function fail(run: ReplayRun, file: string, error: unknown): void {
  if (!(error instanceof PermanentError)) throw error
  if (!run.failures.has(error)) run.failures.set(error, { file, reason: reasonOf(error) })
}

/** Stores a batch, together with the following ones if possible. */
async function storeBatch(
  batch: ReadyBatch,
  batches: AsyncIterator<ReadyBatch>,
  part: Part,
  place: ReplayPlace,
  run: ReplayRun,
): Promise<{ coming: Coming }> {
  if (batch.kind === 'records') return storeRecords(batch, batches, place, run)
  await storePageBatch(batch, part, place, run)
  return { coming: batches.next() }
}

async function storePageBatch(
  batch: PageBatch,
  part: Part,
  { label, number, hint }: ReplayPlace,
  run: ReplayRun,
): Promise<void> {
  const { listing, done } = batch
  addRemarks(run.remarks, label, listing)
  const rejected = await addRejects(run, run.row, label, listing.rejects)
  // A single page is stored in one step, so there is no progress to remember.
  const isKept = run.isKept || !part.isAlone || done > 1
  run.row = await run.tools.transact(async (tx) => {
    const counts = await storePage(tx, batch, part, hint, run)
    const place = { ...rejected, part: number, record: done, updated_at: run.tools.now() }
    const row = advanced(run.row, counts, place)
    if (isKept) {
      await upsertReplay(tx, row)
      await commitWithoutWaiting(tx)
    }
    return row
  })
  run.isKept = isKept
  run.tools.onStored?.(listing.entries.length)
}

async function storePage(
  tx: Tx,
  batch: PageBatch,
  part: Part,
  listedOnHint: LocalDate | null,
  run: ReplayRun,
): Promise<IngestCounts> {
  const { listing, body, contentType, captured } = batch
  const now = run.tools.now()
  const sourceId = await sourceFor(tx, listing.format, run)
  const address = captured?.address ?? shownName(basename(part.names[0]!))
  // A date in the future would win over every observation until then.
  const observedAt = captured !== undefined && captured.at < now ? captured.at : now
  return storeListing(tx, { sourceId, address, body, contentType, observedAt, listedOnHint }, listing, now)
}

/** A date written in a file's name, `2026-04-01`. */
export function dateInName(name: string): LocalDate | undefined {
  const date = basename(name).match(/(?<!\d)\d{4}-\d\d-\d\d(?!\d)/)?.[0]
  return date !== undefined && isLocalDate(date) ? date : undefined
}
