import type { Entry, KnownPaper, Paper } from '../../domain.ts'
import { runAtOnce, type Sliced } from '../../slices.ts'
import {
  askedNamesakes,
  heldNamesakes,
  isBlockingKey,
  type Key,
  type KeyedEntry,
  titleKeyOf,
} from '../keys/entryKeys.ts'
import { mergeEntry, paperFromEntry, type Seen } from '../merging/merge.ts'
import { changedBetween } from '../merging/unmerge.ts'
import { type Found, findPapers } from './candidates.ts'
import {
  addMerge,
  addPaper,
  change,
  type Draft,
  divide,
  file,
  finish,
  holdersOf,
  holds,
  mergeBehind,
  nameBy,
  paperAt,
  place,
  setDuplicateFree,
  startDraft,
} from './draft.ts'
import { findDuplicateFreeSources } from './duplicateFree.ts'
import type { Effect, IngestPlan, KnownPapers, MergeRef } from './ingestPlan.ts'
import { joinTied } from './joins.ts'
import { type Settled, settledPaper } from './settled.ts'

/**
 * Plans how entries are stored: which paper each entry is (a stored one, one from an earlier entry, or a new one),
 * which papers turn out to be the same, and which values change. It reads and writes nothing. `seenOf` gives each
 * entry's format and time of observation; `known` is what is stored under the entries' keys.
 */
export function planIngest(
  entries: KeyedEntry[],
  seenOf: (entry: Entry) => Seen,
  known: KnownPapers,
): IngestPlan {
  return runAtOnce(planSteps(entries, seenOf, startDraft(known)))
}

/**
 * The same on a given draft, one entry a slice. `settled`: for each entry the earlier result of settledPaper, if it was
 * called.
 */
export function* planSteps(
  entries: KeyedEntry[],
  seenOf: (entry: Entry) => Seen,
  draft: Draft,
  settled: readonly (Settled | undefined)[] = [],
): Sliced<IngestPlan> {
  const seen = entries.map(({ entry }) => seenOf(entry))
  setDuplicateFree(
    draft,
    findDuplicateFreeSources(entries, (index) => seen[index]!.format),
  )
  for (const [index, keyed] of entries.entries()) {
    placeEntry(keyed, seen[index]!, draft, settled[index])
    yield
  }
  return finish(draft)
}

function placeEntry(keyed: KeyedEntry, seen: Seen, draft: Draft, before: Settled | undefined): void {
  const settled = settledPaper(keyed, seen, draft, before)
  if (settled !== undefined) {
    place(draft, settled.index, 'unchanged', mergeBehind(draft, settled.key, settled.index))
    return
  }
  const found = findPapers(keyed, seen.format, draft)
  const index =
    found.length === 0 ? placeNew(keyed.entry, seen, draft) : placeFound(keyed, seen, found, draft)
  nameBy(draft, seen.format, index)
  fileKeys(keyed, index, draft)
}

function placeNew(entry: Entry, seen: Seen, draft: Draft): number {
  const index = addPaper(draft, paperFromEntry(entry, seen))
  place(draft, index, 'new', undefined)
  return index
}

function placeFound(keyed: KeyedEntry, seen: Seen, found: Found[], draft: Draft): number {
  const index = joinTied(found, draft)
  const before = paperAt(draft, index)
  const effect = mergeInto(index, keyed.entry, seen, draft)
  place(draft, index, effect, explainMerge(keyed, seen, found[0]!, { index, before }, draft))
  return index
}

function mergeInto(index: number, entry: Entry, seen: Seen, draft: Draft): Effect {
  const merged = mergeEntry(paperAt(draft, index), entry, seen)
  if (merged === undefined) return 'unchanged'
  change(draft, index, { ...merged.changes, provenance: merged.provenance })
  return 'updated'
}

/**
 * The merge by which an entry belongs to its paper. If similarity decided, it is a new merge, which can be undone. If
 * the entry was found by a key from an earlier merge, it is that merge. Undefined if the entry was found by the paper's
 * own keys.
 */
function explainMerge(
  { entry, keys }: KeyedEntry,
  seen: Seen,
  { match, key }: Found,
  { index, before }: { index: number; before: KnownPaper },
  draft: Draft,
): MergeRef | undefined {
  if (match.score === Number.POSITIVE_INFINITY) return mergeBehind(draft, key, index)
  const own = keys.held.filter((held) => !isBlockingKey(held))
  return addMerge(draft, {
    into: index,
    joined: undefined,
    why: match.why,
    score: match.score,
    keys: own.filter((held) => !holds(draft, index, held)),
    apart: paperFromEntry(entry, seen),
    changed: changedBetween(before, paperAt(draft, index)),
  })
}

/**
 * Files a paper under an entry's keys. If its title is crowded, all holders are filed under their namesake keys too.
 */
function fileKeys({ entry, keys }: KeyedEntry, index: number, draft: Draft): void {
  const title = titleKeyOf(keys)
  for (const key of keys.held) file(draft, index, key)
  if (title === undefined || !isCrowded(draft, title)) return
  for (const holder of divide(draft, title)) fileNamesakes(paperAt(draft, holder), holder, draft)
  fileNamesakes(entry, index, draft)
}

function fileNamesakes(record: Entry | Paper, index: number, draft: Draft): void {
  for (const key of heldNamesakes(record)) file(draft, index, key)
}

function isCrowded(draft: Draft, title: Key): boolean {
  return holdersOf(draft, title) === undefined
}

/** The keys by which entries under a crowded title are looked up. */
export function namesakeKeysToAsk(entries: readonly KeyedEntry[], draft: Draft): Key[] {
  return entries.flatMap(({ entry, keys }) => {
    const title = titleKeyOf(keys)
    return title !== undefined && isCrowded(draft, title) ? askedNamesakes(entry) : []
  })
}
