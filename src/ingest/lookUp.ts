import type { Tx } from '../db/engine/connect.ts'
import { findFirstPaperKeys, type PaperKey } from '../db/papers/paperKeys.ts'
import { findJoinedTo, findMergesOf } from '../db/papers/paperMerges.ts'
import { findPapers } from '../db/papers/papers.ts'
import type { Listing } from '../domain.ts'
import { isBlockingKey, type Key, type KeyedEntry } from '../papers/keys/entryKeys.ts'
import type { NewPaperFields } from '../papers/merging/merge.ts'
import { type Draft, learn, startDraft, storedIds } from '../papers/planning/draft.ts'
import type { IngestPlan, KnownPapers } from '../papers/planning/ingestPlan.ts'
import { namesakeKeysToAsk } from '../papers/planning/plan.ts'
import { type Settled, settledPaper } from '../papers/planning/settled.ts'
import { type Arrival, seenIn } from './arrival.ts'

/** A listing, and a draft of its plan that knows what is stored under the listing's keys. */
export interface LookedUp {
  listing: Listing
  arrival: Arrival
  keyed: KeyedEntry[]
  draft: Draft
  /** For each entry, the paper for which it brings nothing new, if ids alone showed that. */
  settled: (Settled | undefined)[]
  /** Ids of the papers that were found. */
  paperIds: number[]
}

/**
 * Looks up what is stored under a listing's keys. The papers' lock is held. `areNew`: whether most entries are expected
 * to be new. If so, all keys are looked up at once. Otherwise ids are looked up first, and nothing more for entries
 * that bring nothing new.
 */
export async function lookUp(
  tx: Tx,
  listing: Listing,
  arrival: Arrival,
  keyed: KeyedEntry[],
  areNew: boolean,
): Promise<LookedUp> {
  const first = keyed.flatMap(({ keys }) => (areNew ? keys.asked : keys.sure))
  const draft = startDraft(await readUnder(tx, first))
  const seenOf = seenIn(listing, arrival)
  const settled = areNew ? [] : keyed.map((one) => settledPaper(one, seenOf(one.entry), draft))
  const open = keyed.filter((_, index) => settled[index] === undefined)
  if (!areNew) {
    const others = open.flatMap(({ keys }) => keys.asked.slice(keys.sure.length))
    learn(draft, await readUnder(tx, others))
  }
  learn(draft, await readUnder(tx, namesakeKeysToAsk(open, draft)))
  return { listing, arrival, keyed, draft, settled, paperIds: storedIds(draft) }
}

/** Whether the writes of a plan affect a listing that was looked up before them. */
export function bearsOn(plan: IngestPlan, { keyed, paperIds }: LookedUp): boolean {
  const touched = new Set(plan.merges.map(({ into }) => plan.papers[into]!.paper.id))
  for (const { paper, changes, joinedTo } of plan.papers) {
    if (changes !== undefined || joinedTo !== undefined) touched.add(paper.id)
  }
  if (paperIds.some((id) => touched.has(id))) return true
  const filed = new Set(plan.newKeys.map(({ key }) => key))
  return keyed.some(({ keys }) => keys.asked.some((key) => filed.has(key)))
}

const NOTHING: KnownPapers = { papers: [], keys: [], merges: [], apart: [] }

/** Reads what is stored under some keys. The keys of a joined paper lead to the paper it was joined to. */
async function readUnder(tx: Tx, asked: Key[]): Promise<KnownPapers> {
  if (asked.length === 0) return NOTHING
  const { keys: found, crowded } = await findFirstPaperKeys(tx, [...new Set(asked)])
  const standing = await findPapers(tx, [...new Set(found.map((key) => key.paperId))])
  const { keys, joined } = await leadOn(tx, found, new Set(standing.map(({ id }) => id)))
  const papers = [...standing, ...(await findPapers(tx, joined))]
  const { merges, apart } = await findMergesOf(
    tx,
    papers.map(({ id }) => id),
    asked.filter((key) => !isBlockingKey(key)) as string[],
  )
  return {
    keys,
    crowded,
    papers,
    merges: merges.map((merge) => ({ ...merge, apart: paperOf(merge.apart) })),
    apart,
  }
}

/** A paper from JSON, with its dates restored. */
function paperOf(json: Record<string, unknown> | null): NewPaperFields | undefined {
  if (json === null) return undefined
  const { publishedAt } = json
  const paper = { ...json, publishedAt: typeof publishedAt === 'string' ? new Date(publishedAt) : null }
  return paper as NewPaperFields
}

/** Replaces papers that are gone by the papers they were joined to. `joined`: those that were not known before. */
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
