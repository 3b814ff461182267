import { basename } from 'node:path'
import { isLocalDate } from '../calendar.ts'
import type { Tx } from '../db/connect.ts'
import { commitWithoutWaiting, insertStoredPortion, upsertReplay } from '../db/replays.ts'
import type { ReplayRow } from '../db/schema.ts'
import { ensureDumpSource } from '../db/sources.ts'
import type { LocalDate, Reject } from '../domain.ts'
import { PermanentError, reasonOf } from '../errors.ts'
import { shownName } from '../sources/dumps/archive.ts'
import { type Part, partsOf } from '../sources/dumps/parts.ts'
import type { PagePortion } from '../sources/dumps/portion.ts'
import { readPart } from '../sources/dumps/readPart.ts'
import { type IngestCounts, ingestListing } from './ingest.ts'
import { portionDigest } from './portionDigest.ts'
import { type ReadyPortion, type ReadyRecords, readyPortions } from './readyPortions.ts'
import { advanced, findProgress, type KnownDump, type ReplayOptions } from './replayProgress.ts'
import type { Tools } from './step.ts'
import { storeListing } from './storeListing.ts'
import type { Transact } from './transactions.ts'

/** Where rejects are written to while the replay goes on. */
export interface RejectsList {
  /** Forgets what was written behind this length: it belongs to work that was never finished. */
  cutTo(bytes: number): Promise<void>
  /** Gives the length with these. */
  add(file: string, rejects: Reject[]): Promise<number>
}

export interface ReplayTools extends Pick<Tools, 'now'> {
  transact: Transact
  rejects: RejectsList
  /** Stops the replay between two portions. */
  signal?: AbortSignal
  /** Called with the number of entries after each portion that was stored. */
  onStored?(entries: number): void
}

export interface ReplayResult extends IngestCounts {
  /** Files of the dump that were read: one, or those of an archive. */
  files: number
  rejected: number
  /** What could not be read, or not to its end. */
  failures: { file: string; reason: string }[]
  /** Entries and rejects that an earlier, interrupted run had done; they are in the counts. */
  doneBefore: number
  isStopped: boolean
}

/**
 * Replays one dump through the same door as fetched pages. A page is stored in one transaction, records in one for each
 * portion, together with how far the replay has come: an interrupted one goes on there when it is started again.
 * @throws what is no fault of the dump's, such as a database that does not answer.
 */
export async function replayDump(
  dump: KnownDump,
  options: ReplayOptions,
  tools: ReplayTools,
): Promise<ReplayResult> {
  const row = await tools.transact((tx) => findProgress(tx, dump, options, tools.now()))
  await tools.rejects.cutTo(row.rejects_bytes)
  const doneBefore = row.entries + row.rejected
  const run: Run = {
    options,
    tools,
    row,
    isKept: doneBefore > 0,
    files: 0,
    areNew: true,
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
  return { ...counts, files: run.files, failures: [...run.failures.values()], doneBefore, isStopped }
}

interface Run {
  options: ReplayOptions
  tools: ReplayTools
  /** How far it has come. */
  row: ReplayRow
  /** It has portions behind it that another run would not repeat. */
  isKept: boolean
  files: number
  /** The last portion of records was not stored before. */
  areNew: boolean
  /** By what was thrown: what breaks an archive breaks the file in it too, and is said once. */
  failures: Map<unknown, { file: string; reason: string }>
  /** Ids of sources by name of the format. */
  sources: Map<string, number>
}

async function replayParts(dump: KnownDump, run: Run): Promise<void> {
  const { part: firstPart, record: firstRecord } = run.row
  let label = shownName(dump.name)
  let number = 0
  try {
    for await (const part of partsOf(dump)) {
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

/** Tells whether the part could be read to its end. */
async function replayPart(part: Part, number: number, skip: number, run: Run): Promise<boolean> {
  const hint = run.options.listedOn ?? part.names.flatMap((name) => dateInName(name) ?? [])[0] ?? null
  try {
    const portions = readPart(part, run.options, skip)
    for await (const portion of readyPortions(portions, hint, () => run.areNew)) {
      await storePortion(portion, part, number, hint, run)
      if (run.tools.signal?.aborted) return false
    }
    return true
  } catch (error) {
    fail(run, part.label, error)
    return false
  }
}

function fail(run: Run, file: string, error: unknown): void {
  if (!(error instanceof PermanentError)) throw error
  if (!run.failures.has(error)) run.failures.set(error, { file, reason: reasonOf(error) })
}

async function storePortion(
  portion: ReadyPortion,
  part: Part,
  number: number,
  hint: LocalDate | null,
  run: Run,
): Promise<void> {
  const rejects = portion.kind === 'page' ? portion.listing.rejects : portion.rejects
  const rejectsBytes =
    rejects.length === 0 ? run.row.rejects_bytes : await run.tools.rejects.add(part.label, rejects)
  // A single page is stored in one step: there is no way between to remember.
  const isKept = run.isKept || portion.kind === 'records' || !part.isAlone || portion.done > 1
  run.row = await run.tools.transact(async (tx) => {
    const counts =
      portion.kind === 'page'
        ? await storePage(tx, portion, part, hint, run)
        : await storeRecords(tx, portion, hint, run)
    const row = advanced(run.row, counts, {
      part: number,
      record: portion.done,
      rejected: run.row.rejected + rejects.length,
      rejects_bytes: rejectsBytes,
      updated_at: run.tools.now(),
    })
    if (isKept) {
      await upsertReplay(tx, row)
      await commitWithoutWaiting(tx)
    }
    return row
  })
  run.isKept = isKept
  const count = portion.kind === 'page' ? portion.listing.entries.length : portion.entries.length
  run.tools.onStored?.(count)
}

async function storePage(
  tx: Tx,
  portion: PagePortion,
  part: Part,
  listedOnHint: LocalDate | null,
  run: Run,
): Promise<IngestCounts> {
  const { listing, body, contentType, captured } = portion
  const now = run.tools.now()
  const sourceId = await sourceFor(tx, listing.format, run)
  const address = captured?.address ?? shownName(basename(part.names[0]!))
  // An archive that claims to be of a time to come would win over everything that is observed until then.
  const observedAt = captured !== undefined && captured.at < now ? captured.at : now
  return storeListing(tx, { sourceId, address, body, contentType, observedAt, listedOnHint }, listing, now)
}

async function storeRecords(
  tx: Tx,
  portion: ReadyRecords,
  listedOnHint: LocalDate | null,
  run: Run,
): Promise<IngestCounts> {
  if (portion.entries.length === 0) return { entries: 0, new: 0, updated: 0, unchanged: 0 }
  const sourceId = await sourceFor(tx, portion.format, run)
  const { entries, format, digest, keyed } = portion
  const arrival = { sourceId, pageId: null, observedAt: run.row.observed_at, live: false, listedOnHint }
  run.areNew = await insertStoredPortion(tx, portionDigest(digest, format, arrival), run.tools.now())
  const count = entries.length
  if (!run.areNew) return { entries: count, new: 0, updated: 0, unchanged: count }
  return ingestListing(tx, { format, entries, rejects: [] }, arrival, run.tools.now(), keyed)
}

async function sourceFor(tx: Tx, format: string, run: Run): Promise<number> {
  const known = run.sources.get(format)
  if (known !== undefined) return known
  const { id } = await ensureDumpSource(tx, format)
  run.sources.set(format, id)
  return id
}

/** A date written in a file's name, `2026-04-01`. */
export function dateInName(name: string): LocalDate | undefined {
  const date = basename(name).match(/(?<!\d)\d{4}-\d\d-\d\d(?!\d)/)?.[0]
  return date !== undefined && isLocalDate(date) ? date : undefined
}
