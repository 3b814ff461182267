import type { Tx } from '../db/engine/connect.ts'
import type { Write } from '../db/engine/rows.ts'
import { keyInserts, newKeyInserts, type PaperKey } from '../db/papers/paperKeys.ts'
import { lockPapers, paperInserts, paperUpdates, reservePaperIds } from '../db/papers/papers.ts'
import { insertSightings, type NewSighting, newSightingInserts } from '../db/papers/sightings.ts'
import type { Listing } from '../domain.ts'
import { isBlockingKey, keyedEntry } from '../papers/keys/entryKeys.ts'
import type { IngestPlan, PlannedPaper } from '../papers/planning/ingestPlan.ts'
import { planSteps } from '../papers/planning/plan.ts'
import { inSlices, runAtOnce, type Sliced } from '../slices.ts'
import { type Arrival, dayOf, observationTime, seenIn } from './arrival.ts'
import { type LookedUp, lookUp } from './lookUp.ts'
import { writeMerges } from './writeMerges.ts'

export interface IngestCounts {
  entries: number
  new: number
  updated: number
  unchanged: number
}

/**
 * Stores a listing in the caller's transaction: finds or creates each entry's paper, merges values, and records the
 * sightings. All papers come in this way. The same listing again changes nothing.
 */
export async function ingestListing(
  tx: Tx,
  listing: Listing,
  arrival: Arrival,
  now: Date,
): Promise<IngestCounts> {
  if (listing.entries.length === 0) return { entries: 0, new: 0, updated: 0, unchanged: 0 }
  await lockPapers(tx)
  const keyed = listing.entries.map(keyedEntry)
  const found = await lookUp(tx, listing, arrival, keyed, false)
  return writePlan(tx, found, runAtOnce(stepsOf(found)), now)
}

/** This many entries take about a millisecond. Between two slices the process handles the database's answers. */
const SLICE = 50

/** Plans a listing, with pauses. */
export function planInSlices(found: LookedUp): Promise<IngestPlan> {
  return inSlices(stepsOf(found), SLICE)
}

function stepsOf({ listing, arrival, keyed, draft, settled }: LookedUp): Sliced<IngestPlan> {
  return planSteps(keyed, seenIn(listing, arrival), draft, settled)
}

/**
 * Writes the plan of a listing together with the writes in `also`. The papers' lock has been held since the look-up.
 * Everything goes into one statement, except that papers are written before their merges.
 */
export async function writePlan(
  tx: Tx,
  { listing, arrival }: LookedUp,
  plan: IngestPlan,
  now: Date,
  { also = [], spareIds = [] }: { also?: Write[]; spareIds?: number[] } = {},
): Promise<IngestCounts> {
  const counts: IngestCounts = { entries: listing.entries.length, new: 0, updated: 0, unchanged: 0 }
  const ids = await idsOf(tx, plan, spareIds)
  const papers = paperWrites(plan, ids, now)
  const isApart = plan.merges.length > 0
  if (isApart) for (const write of papers) await write.execute(tx)
  const mergeIds = await writeMerges(tx, plan, ids, now)
  const sightings = sightingsOf(listing, arrival, plan, { ids, mergeIds })
  const areOnly = onlySightings(plan)
  const only = newSightingInserts(sightings.filter((_, index) => areOnly[index]))
  const others = sightings.filter((_, index) => !areOnly[index])
  const writes = [...(isApart ? [] : papers), ...keyWrites(plan, ids), ...only, ...also]
  const added = await insertSightings(tx, others, writes)
  plan.effects.forEach((effect, index) => {
    const isAdded = areOnly[index] || added.shift()
    counts[effect === 'unchanged' && isAdded ? 'updated' : effect] += 1
  })
  return counts
}

/** Whether each entry is the only one of its new paper. Its sighting is then certainly new. */
function onlySightings({ effects, paperOf, papers }: IngestPlan): boolean[] {
  const entries = new Uint32Array(papers.length)
  for (const paper of paperOf) entries[paper]! += 1
  return paperOf.map(
    (paper, index) => effects[index] === 'new' && papers[paper]!.isNew && entries[paper] === 1,
  )
}

const isInsert = ({ isNew, joinedTo }: PlannedPaper) => isNew && joinedTo === undefined
const isUpdate = ({ changes, joinedTo }: PlannedPaper) => changes !== undefined && joinedTo === undefined

/** If a listing brings at least this many new papers, spare ids are reserved for the next ones. */
const MANY = 250
const TIMES_AS_MANY = 4
const MOST_SPARE = 2_000

/** The stored id of each planned paper that remains. New papers take spare ids, in order. */
async function idsOf(tx: Tx, { papers }: IngestPlan, spare: number[]): Promise<number[]> {
  const count = papers.filter(isInsert).length
  if (spare.length < count) {
    const missing = count - spare.length
    const more = count < MANY ? missing : Math.max(missing, Math.min(count * TIMES_AS_MANY, MOST_SPARE))
    // One by one: a call takes a hundred thousand arguments at most.
    for (const id of await reservePaperIds(tx, more)) spare.push(id)
  }
  const taken = spare.splice(0, count)
  let next = 0
  return papers.map((planned) => (isInsert(planned) ? taken[next++]! : planned.paper.id))
}

function paperWrites({ papers }: IngestPlan, ids: number[], now: Date): Write[] {
  const inserts = papers.flatMap((planned, index) =>
    isInsert(planned) ? [{ ...planned.paper, id: ids[index]! }] : [],
  )
  const updates = papers.filter(isUpdate).map(({ paper }) => paper)
  return [...paperInserts(inserts, now), ...paperUpdates(updates, now)]
}

/** A new paper is surely new if its keys were unused. Other papers may share its blocking keys. */
function keyWrites({ newKeys, papers }: IngestPlan, ids: number[]): Write[] {
  const joined = papers.some(({ joinedTo }) => joinedTo !== undefined)
  const fresh: PaperKey[] = []
  const others: PaperKey[] = []
  for (const { key, paper, isFirst } of newKeys) {
    const isFresh = !joined && papers[paper]!.isNew && (isFirst || isBlockingKey(key))
    ;(isFresh ? fresh : others).push({ key, paperId: ids[paper]! })
  }
  return [...newKeyInserts(fresh), ...keyInserts(others)]
}

function sightingsOf(
  listing: Listing,
  arrival: Arrival,
  { paperOf, mergeOf }: IngestPlan,
  { ids, mergeIds }: { ids: number[]; mergeIds: number[] },
): NewSighting[] {
  const mergeIdOf = (merge: IngestPlan['mergeOf'][number]) =>
    merge === undefined ? null : 'stored' in merge ? merge.stored : mergeIds[merge.planned]!
  return listing.entries.map((entry, index) => ({
    paper_id: ids[paperOf[index]!]!,
    source_id: arrival.sourceId,
    page_id: arrival.pageId,
    listed_on: dayOf(entry, listing, arrival),
    observed_at: observationTime(entry, listing, arrival) ?? arrival.observedAt,
    rank: entry.rank ?? null,
    upvotes: entry.upvotes ?? null,
    comments: entry.comments ?? null,
    stars: entry.stars ?? null,
    merge_id: mergeIdOf(mergeOf[index]),
  }))
}
