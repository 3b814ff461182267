import type { Tx } from '../db/engine/connect.ts'
import { findPaperKeys, type PaperKey } from '../db/papers/paperKeys.ts'
import { findJoinedTo, findMergesOf } from '../db/papers/paperMerges.ts'
import { findPapers } from '../db/papers/papers.ts'
import type { Entry, Listing } from '../domain.ts'
import type { Key, KeyedEntry } from '../papers/keys/entryKeys.ts'
import type { NewPaperFields, Seen } from '../papers/merging/merge.ts'
import { type IngestPlan, type KnownPapers, startPlanning } from '../papers/planning/planning.ts'
import { settledPaper } from '../papers/planning/settled.ts'
import { type Arrival, seenIn } from './arrival.ts'

/** A listing with what is stored under its keys: all that planning it asks for. */
export interface LookedUp {
  listing: Listing
  arrival: Arrival
  keyed: KeyedEntry[]
  known: KnownPapers
}

/**
 * Looks up what is stored under a listing's keys. The papers' lock is held. `areNew`: whether most entries are expected
 * to be new; then all keys are looked up at once. Else ids go first: of those who bring nothing new nothing else is asked.
 */
export async function lookUp(
  tx: Tx,
  listing: Listing,
  arrival: Arrival,
  keyed: KeyedEntry[],
  areNew: boolean,
): Promise<LookedUp> {
  const known = areNew
    ? await readUnder(
        tx,
        keyed.flatMap(({ keys }) => keys.asked),
      )
    : await readKnown(tx, keyed, seenIn(listing, arrival))
  return { listing, arrival, keyed, known }
}

/** Whether what a plan writes bears on a listing that was looked up before it was written. */
export function bearsOn(plan: IngestPlan, { keyed, known }: LookedUp): boolean {
  const touched = new Set(plan.merges.map(({ into }) => plan.papers[into]!.paper.id))
  for (const { paper, changes, joinedTo } of plan.papers) {
    if (changes !== undefined || joinedTo !== undefined) touched.add(paper.id)
  }
  if (known.papers.some(({ id }) => touched.has(id))) return true
  const filed = new Set(plan.newKeys.map(({ key }) => key))
  return keyed.some(({ keys }) => keys.asked.some((key) => filed.has(key)))
}

/** What is stored under the entries' ids, and under the other keys of those who bring something new. */
async function readKnown(tx: Tx, keyed: KeyedEntry[], seenOf: (entry: Entry) => Seen): Promise<KnownPapers> {
  const sure = await readUnder(
    tx,
    keyed.flatMap(({ keys }) => keys.sure),
  )
  const planning = startPlanning(sure)
  const open = keyed.filter((one) => settledPaper(one, seenOf(one.entry), planning) === undefined)
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
async function readUnder(tx: Tx, asked: Key[]): Promise<KnownPapers> {
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
