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

/** A batch with the data to plan it. That is absent if the batch was stored before or has only rejects. */
interface FoundRecords {
  batch: ReadyRecords
  digest: Buffer
  found: LookedUp | undefined
}

/** A batch that is being written. */
interface Writing {
  plan: IngestPlan | undefined
  row: Promise<ReplayRow>
}

/**
 * Stores consecutive batches of records in one transaction, together with the progress. While one batch is written, the
 * next is looked up and planned and a third is read, so that the database and this process work at the same time. Gives
 * the item after these batches.
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
    let records: FoundRecords | undefined = await findRecords(tx, first, place, run)
    let writing: Writing = { plan: undefined, row: Promise.resolve(run.row) }
    while (records !== undefined) {
      coming = unhurried(batches.next())
      const next = isOver() ? undefined : await recordsSoon(coming)
      // This must see the rows of the batch before, which may still be being written.
      const foundNext = next && unhurried(writing.row.then(() => findRecords(tx, next, place, run)))
      const plan = await planRecords(tx, records, writing)
      if (plan !== undefined)
        run.areNew = 2 * plan.effects.filter((effect) => effect === 'new').length > plan.effects.length
      const following = await foundNext
      const row = await writing.row
      if (run.tools.signal?.aborted) break
      writing = { plan, row: unhurried(writeRecords(tx, records, plan, { row, place, run })) }
      records = following
    }
    const row = await writing.row
    await upsertReplay(tx, row)
    await commitWithoutWaiting(tx)
    return row
  })
  run.isKept = true
  return { coming: coming ?? batches.next() }
}

/** The next batch, if it has records and is read soon. */
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

/**
 * If the batch before this one, which is still being written, affects what was found, this one is looked up again after
 * it.
 */
async function planRecords(
  tx: Tx,
  { found }: FoundRecords,
  before: Writing,
): Promise<IngestPlan | undefined> {
  if (found === undefined) return undefined
  if (before.plan === undefined || !bearsOn(before.plan, found)) return planInSlices(found)
  await before.row
  const { listing, arrival, keyed } = found
  return planInSlices(await lookUp(tx, listing, arrival, keyed, false))
}

/** Writes a batch. Gives the progress after it. */
async function writeRecords(
  tx: Tx,
  { batch, digest, found }: FoundRecords,
  plan: IngestPlan | undefined,
  { row, place, run }: { row: ReplayRow; place: ReplayPlace; run: ReplayRun },
): Promise<ReplayRow> {
  const { entries, rejects, done } = batch
  const now = run.tools.now()
  addRemarks(run.remarks, batch)
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
