import type { Tx } from '../../db/engine/connect.ts'
import type { ReplayRow } from '../../db/engine/schema.ts'
import {
  commitWithoutWaiting,
  findStoredBatch,
  storedBatchInsert,
  upsertReplay,
} from '../../db/fetching/replays.ts'
import { lockPapers } from '../../db/papers/papers.ts'
import type { IngestPlan } from '../../papers/planning/ingestPlan.ts'
import { type IngestCounts, planInSlices, writePlan } from '../ingestListing.ts'
import { bearsOn, type LookedUp, lookUp } from '../lookUp.ts'
import { batchHash } from './batchHash.ts'
import { keyedOf, type ReadyBatch, type ReadyRecords, unhurried } from './readyBatches.ts'
import { addRemarks } from './remarks.ts'
import { advanced } from './replayProgress.ts'
import { addRejects, type ReplayPlace, type ReplayRun, sourceFor } from './replayRun.ts'

/** The next item of a part, when it is read. */
export type Coming = Promise<IteratorResult<ReadyBatch>>

/** Others who want to store papers wait no longer than this. Pages wait too if the database is embedded. */
const LONGEST_RUN_MS = 500
/** A pipe may stand still. After this time, what was read so far is stored. */
const LONGEST_WAIT_MS = 100

/** A batch with what is stored under its keys; `found` is undefined if the batch has nothing to plan. */
interface FoundRecords {
  batch: ReadyRecords
  digest: Buffer
  found: LookedUp | undefined
}

/** A batch that is ready to be written; `plan` is undefined if nothing of it changes a paper. */
interface PlannedRecords extends FoundRecords {
  plan: IngestPlan | undefined
}

/**
 * Stores batches of records in one transaction, together with how far the replay has come. Each batch goes the same way:
 * read, look up, plan, write. One step overlaps: while the database writes a batch, this process plans the next one.
 * Reading runs ahead by itself (readyBatches). The transaction ends after LONGEST_RUN_MS, before a page, where a batch is
 * slow to read, and where the replay is stopped. Gives what comes after the stored batches.
 * @throws what the database fails with; then nothing of the transaction is stored.
 */
export async function storeRecords(
  first: ReadyRecords,
  batches: AsyncIterator<ReadyBatch>,
  place: ReplayPlace,
  run: ReplayRun,
): Promise<{ coming: Coming }> {
  const end = performance.now() + LONGEST_RUN_MS
  const isOver = () => performance.now() > end || run.tools.signal?.aborted === true
  let coming: Coming | undefined
  run.row = await run.tools.transact(async (tx) => {
    await lockPapers(tx)
    let current: PlannedRecords | undefined = await planRecords(await findRecords(tx, first, place, run), run)
    let row = run.row
    while (current !== undefined) {
      coming = unhurried(batches.next())
      const next = isOver() ? undefined : await recordsSoon(coming)
      const found = next && (await findRecords(tx, next, place, run))
      const written = await writeAndPlan(tx, current, found, { row, place, run })
      row = written.row
      current = written.planned
    }
    await upsertReplay(tx, row)
    await commitWithoutWaiting(tx)
    return row
  })
  run.isKept = true
  return { coming: coming ?? batches.next() }
}

/** Where a batch is written to. */
interface WriteState {
  /** How far the replay has come before it. */
  row: ReplayRow
  place: ReplayPlace
  run: ReplayRun
}

/**
 * Writes a batch, and plans the next one meanwhile; if what is written changes what was found for the next one, this
 * is looked up and planned afterwards. Gives no plan if the replay is stopped.
 */
async function writeAndPlan(
  tx: Tx,
  current: PlannedRecords,
  next: FoundRecords | undefined,
  state: WriteState,
): Promise<{ row: ReplayRow; planned: PlannedRecords | undefined }> {
  const { place, run } = state
  const isNextStale = next !== undefined && isStale(next, current)
  const planning = next === undefined || isNextStale ? undefined : planRecords(next, run)
  const [row, planned] = await Promise.all([writeRecords(tx, current, state), planning])
  if (run.tools.signal?.aborted) return { row, planned: undefined }
  if (!isNextStale) return { row, planned }
  return { row, planned: await planRecords(await findRecords(tx, next.batch, place, run), run) }
}

/** Whether writing a batch changes what was found for the next one, which was looked up before. */
function isStale({ found }: FoundRecords, { plan }: PlannedRecords): boolean {
  return found !== undefined && plan !== undefined && bearsOn(plan, found)
}

async function planRecords(records: FoundRecords, run: ReplayRun): Promise<PlannedRecords> {
  const plan = records.found && (await planInSlices(records.found))
  if (plan !== undefined)
    run.areNew = 2 * plan.effects.filter((effect) => effect === 'new').length > plan.effects.length
  return { ...records, plan }
}

/** The next batch, where it is one of records and soon read. */
async function recordsSoon(coming: Coming): Promise<ReadyRecords | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), LONGEST_WAIT_MS)
  })
  // A failure to read is reported when the next item is stored. The batches before it remain.
  const next = await Promise.race([coming, late]).catch(() => undefined)
  clearTimeout(timer)
  return next?.done === false && next.value.kind === 'records' ? next.value : undefined
}

async function findRecords(
  tx: Tx,
  batch: ReadyRecords,
  { hint }: ReplayPlace,
  run: ReplayRun,
): Promise<FoundRecords> {
  const { entries, format } = batch
  const sourceId = await sourceFor(tx, format, run)
  const arrival = {
    sourceId,
    pageId: null,
    observedAt: run.row.observed_at,
    live: false,
    listedOnHint: hint,
  }
  const digest = batchHash(batch.digest, { format, columns: run.options.columns }, arrival)
  if (entries.length === 0) return { batch, digest, found: undefined }
  // If most papers are new, it is not worth asking of each batch whether it is known.
  if (!run.areNew && (await findStoredBatch(tx, digest))) return { batch, digest, found: undefined }
  const keyed = batch.keyed ?? (await keyedOf(entries))
  return {
    batch,
    digest,
    found: await lookUp(tx, { format, entries, rejects: [] }, arrival, keyed, run.areNew),
  }
}

/** Writes a batch; gives how far the replay has come with it. */
async function writeRecords(
  tx: Tx,
  { batch, digest, found, plan }: PlannedRecords,
  { row, place, run }: WriteState,
): Promise<ReplayRow> {
  const { entries, rejects, done } = batch
  const now = run.tools.now()
  addRemarks(run.remarks, place.label, batch)
  const rejected = await addRejects(run, row, place.label, rejects)
  let counts: IngestCounts = { entries: entries.length, new: 0, updated: 0, unchanged: entries.length }
  if (found !== undefined && plan !== undefined) {
    counts = await writePlan(tx, found, plan, now, {
      also: [storedBatchInsert(digest, now)],
      spareIds: run.spareIds,
    })
  }
  run.tools.onStored?.(entries.length)
  return advanced(row, counts, { ...rejected, part: place.number, record: done, updated_at: now })
}
