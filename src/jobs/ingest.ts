import type { Db, Tx } from '../db/connect.ts'
import { findPaperKeys, insertPaperKeys } from '../db/paperKeys.ts'
import { findPapers, insertPapers, lockPapers, reservePaperIds, updatePaper } from '../db/papers.ts'
import { insertSightings, type NewSighting } from '../db/sightings.ts'
import type { Entry, Listing, LocalDate } from '../domain.ts'
import { entryKeys } from '../papers/entryKeys.ts'
import type { Seen } from '../papers/merge.ts'
import { planIngest } from '../papers/plan.ts'
import type { IngestPlan, KeyedEntry } from '../papers/planning.ts'

/** Where a listing's entries come from. */
export interface Arrival {
  sourceId: number
  pageId: number | null
  /** When the page was fetched or first replayed. */
  observedAt: Date
  /** True for a page fetched now: its values are as of `observedAt`, whatever day it lists. */
  live: boolean
  /** The listing's day as given from outside, where the data has none. */
  listedOnHint: LocalDate | null
}

export interface IngestCounts {
  entries: number
  new: number
  updated: number
  unchanged: number
}

/**
 * The one door through which papers come in: finds or creates each entry's paper, merges, and records the sighting, in
 * the caller's transaction. The same listing again changes nothing.
 */
export async function ingestListing(
  tx: Tx,
  listing: Listing,
  arrival: Arrival,
  now: Date,
): Promise<IngestCounts> {
  const counts: IngestCounts = { entries: listing.entries.length, new: 0, updated: 0, unchanged: 0 }
  if (listing.entries.length === 0) return counts
  await lockPapers(tx)
  const seenOf = (entry: Entry): Seen => ({
    format: listing.format,
    at: observationTime(entry, listing, arrival),
  })
  const keyed = listing.entries.map((entry) => ({ entry, keys: entryKeys(entry) }))
  const plan = planIngest(keyed, seenOf, await readKnown(tx, keyed))
  const ids = await writePapers(tx, plan, now)
  const added = await insertSightings(tx, sightingsOf(listing, arrival, plan, ids))
  plan.effects.forEach((effect, index) => {
    counts[effect === 'unchanged' && added[index] ? 'updated' : effect] += 1
  })
  return counts
}

/**
 * When an entry's values were true: when the page was fetched; of a dump, when its data says it was taken, else not
 * before the day it lists; null where nothing tells.
 */
function observationTime(entry: Entry, listing: Listing, arrival: Arrival): Date | null {
  if (arrival.live) return arrival.observedAt
  const day = dayOf(entry, listing, arrival)
  const told = listing.observedAt ?? (day === null ? null : new Date(`${day}T00:00:00Z`))
  // Data that claims to be of a time to come would win over everything that is observed until then.
  return told !== null && told > arrival.observedAt ? arrival.observedAt : told
}

function dayOf(entry: Entry, listing: Listing, arrival: Arrival): LocalDate | null {
  return entry.listedOn ?? listing.listedOn ?? arrival.listedOnHint
}

async function readKnown(db: Db | Tx, entries: KeyedEntry[]) {
  const keys = await findPaperKeys(db, [...new Set(entries.flatMap(({ keys }) => keys.asked))])
  const papers = await findPapers(db, [...new Set(keys.map((key) => key.paperId))])
  return { keys, papers, merges: [], apart: [] }
}

/** Writes new and changed papers and their keys; gives the stored id of each planned paper. */
async function writePapers(tx: Tx, plan: IngestPlan, now: Date): Promise<number[]> {
  const fresh = plan.papers.filter((planned) => planned.isNew)
  const reserved = await reservePaperIds(tx, fresh.length)
  const ids = plan.papers.map((planned) => (planned.isNew ? reserved.shift()! : planned.paper.id))
  const inserts = plan.papers.flatMap((planned, index) =>
    planned.isNew ? [{ ...planned.paper, id: ids[index]! }] : [],
  )
  await insertPapers(tx, inserts, now)
  for (const planned of plan.papers) {
    if (planned.changes) await updatePaper(tx, planned.paper.id, planned.changes, now)
  }
  await insertPaperKeys(
    tx,
    plan.newKeys.map(({ key, paper }) => ({ key, paperId: ids[paper]! })),
  )
  return ids
}

function sightingsOf(listing: Listing, arrival: Arrival, plan: IngestPlan, ids: number[]): NewSighting[] {
  return listing.entries.map((entry, index) => ({
    paper_id: ids[plan.paperOf[index]!]!,
    source_id: arrival.sourceId,
    page_id: arrival.pageId,
    listed_on: dayOf(entry, listing, arrival),
    observed_at: observationTime(entry, listing, arrival) ?? arrival.observedAt,
    rank: entry.rank ?? null,
    upvotes: entry.upvotes ?? null,
    comments: entry.comments ?? null,
    stars: entry.stars ?? null,
  }))
}
