import type { Tx } from '../db/connect.ts'
import { findPaperKeys, insertNewPaperKeys, insertPaperKeys, type PaperKey } from '../db/paperKeys.ts'
import { findJoinedTo, findMergesOf } from '../db/paperMerges.ts'
import { findPapers, insertPapers, lockPapers, reservePaperIds, updatePaper } from '../db/papers.ts'
import { insertSightings, type NewSighting } from '../db/sightings.ts'
import type { Entry, Listing, LocalDate } from '../domain.ts'
import { entryKeys, isNearKey } from '../papers/entryKeys.ts'
import type { NewPaperFields, Seen } from '../papers/merge.ts'
import { planIngest } from '../papers/plan.ts'
import {
  type IngestPlan,
  type KeyedEntry,
  type KnownPapers,
  type PlannedPaper,
  startPlanning,
} from '../papers/planning.ts'
import { settledPaper } from '../papers/settled.ts'
import { writeMerges } from './writeMerges.ts'

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
 * the caller's transaction. The same listing again changes nothing. `keyed`: the entries with their keys, where these
 * are made already.
 */
export async function ingestListing(
  tx: Tx,
  listing: Listing,
  arrival: Arrival,
  now: Date,
  keyed: KeyedEntry[] = listing.entries.map((entry) => ({ entry, keys: entryKeys(entry) })),
): Promise<IngestCounts> {
  const counts: IngestCounts = { entries: listing.entries.length, new: 0, updated: 0, unchanged: 0 }
  if (listing.entries.length === 0) return counts
  await lockPapers(tx)
  const seenOf = (entry: Entry): Seen => ({
    format: listing.format,
    at: observationTime(entry, listing, arrival),
  })
  const plan = planIngest(keyed, seenOf, await readKnown(tx, keyed, seenOf))
  const ids = await writePapers(tx, plan, now)
  const mergeIds = await writeMerges(tx, plan, ids, now)
  await writeKeys(tx, plan, ids)
  const added = await insertSightings(tx, sightingsOf(listing, arrival, plan, { ids, mergeIds }))
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

/**
 * What is stored under the entries' keys. Ids are looked up first: of those who bring nothing new nothing else is asked.
 */
async function readKnown(
  tx: Tx,
  entries: KeyedEntry[],
  seenOf: (entry: Entry) => Seen,
): Promise<KnownPapers> {
  const sure = await readUnder(
    tx,
    entries.flatMap(({ keys }) => keys.sure),
  )
  const planning = startPlanning(sure)
  const open = entries.filter((keyed) => settledPaper(keyed, seenOf(keyed.entry), planning) === undefined)
  const others = await readUnder(
    tx,
    open.flatMap(({ keys }) => keys.asked.slice(keys.sure.length)),
  )
  const known = new Set(sure.papers.map(({ id }) => id))
  return {
    keys: [...sure.keys, ...others.keys],
    papers: [...sure.papers, ...others.papers.filter(({ id }) => !known.has(id))],
    merges: distinct([...sure.merges, ...others.merges], ({ id }) => id),
    apart: [...sure.apart, ...others.apart],
  }
}

/** What is stored under some keys. Keys of a paper that was joined to another lead to that one. */
async function readUnder(tx: Tx, asked: string[]): Promise<KnownPapers> {
  const found = await findPaperKeys(tx, [...new Set(asked)])
  const papers = await findPapers(tx, [...new Set(found.map((key) => key.paperId))])
  const { keys, joined } = await leadOn(tx, found, new Set(papers.map(({ id }) => id)))
  papers.push(...(await findPapers(tx, joined)))
  const { merges, apart } = await findMergesOf(
    tx,
    papers.map(({ id }) => id),
  )
  return { keys, papers, merges: merges.map((merge) => ({ ...merge, apart: paperOf(merge.apart) })), apart }
}

function distinct<T>(items: T[], nameOf: (item: T) => unknown): T[] {
  return [...new Map(items.map((item) => [nameOf(item), item])).values()]
}

/** A paper out of JSON, which knows no dates. */
function paperOf(json: Record<string, unknown> | null): NewPaperFields | undefined {
  if (json === null) return undefined
  const { publishedAt } = json
  const paper = { ...json, publishedAt: typeof publishedAt === 'string' ? new Date(publishedAt) : null }
  return paper as NewPaperFields
}

/** Replaces papers that are gone by those they were joined to; `joined`: the ones that were not known before. */
async function leadOn(
  tx: Tx,
  found: PaperKey[],
  standing: Set<number>,
): Promise<{ keys: PaperKey[]; joined: number[] }> {
  const gone = new Set(found.map(({ paperId }) => paperId).filter((id) => !standing.has(id)))
  if (gone.size === 0) return { keys: found, joined: [] }
  const joinedTo = await findJoinedTo(tx, [...gone])
  const keys = found.map(({ key, paperId }) => ({ key, paperId: joinedTo.get(paperId) ?? paperId }))
  return { keys, joined: [...new Set(joinedTo.values())].filter((id) => !standing.has(id)) }
}

/** Writes new and changed papers; gives the stored id of each planned paper that stands. */
async function writePapers(tx: Tx, plan: IngestPlan, now: Date): Promise<number[]> {
  const isInsert = (planned: PlannedPaper) => planned.isNew && planned.joinedTo === undefined
  const reserved = await reservePaperIds(tx, plan.papers.filter(isInsert).length)
  const ids = plan.papers.map((planned) => (isInsert(planned) ? reserved.shift()! : planned.paper.id))
  const inserts = plan.papers.flatMap((planned, index) =>
    isInsert(planned) ? [{ ...planned.paper, id: ids[index]! }] : [],
  )
  await insertPapers(tx, inserts, now)
  for (const { changes, joinedTo, paper } of plan.papers) {
    if (changes && joinedTo === undefined) await updatePaper(tx, paper.id, changes, now)
  }
  return ids
}

/** Whom a new paper is like may hold a near key too; every other key of it must have been nobody's to be surely new. */
async function writeKeys(tx: Tx, { newKeys, papers }: IngestPlan, ids: number[]): Promise<void> {
  const joined = papers.some(({ joinedTo }) => joinedTo !== undefined)
  const isNew = ({ key, paper, isFirst }: IngestPlan['newKeys'][number]) =>
    !joined && papers[paper]!.isNew && (isFirst || isNearKey(key))
  const stored = ({ key, paper }: IngestPlan['newKeys'][number]) => ({ key, paperId: ids[paper]! })
  await insertNewPaperKeys(tx, newKeys.filter(isNew).map(stored))
  await insertPaperKeys(tx, newKeys.filter((added) => !isNew(added)).map(stored))
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
