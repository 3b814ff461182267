import type { KnownPaper } from '../../domain.ts'
import { MOST_HOLDERS } from '../keys/blockingKeys.ts'
import { isBlockingKey, type Key } from '../keys/entryKeys.ts'
import { mergePaper, type NewPaperFields } from '../merging/merge.ts'
import { changedBetween } from '../merging/unmerge.ts'
import type { DuplicateFreeSources } from './duplicateFree.ts'
import type {
  Effect,
  IngestPlan,
  KnownPapers,
  MergeRef,
  PlannedMerge,
  PlannedPaper,
  StoredMerge,
} from './ingestPlan.ts'

/**
 * A plan while it grows: the papers as they stand after the entries that were placed so far, and who holds which key.
 * Only the functions of this file read or change its fields. Papers are named by their index.
 */
export interface Draft {
  papers: PlannedPaper[]
  indexOfId: Map<number, number>
  /** For each paper the papers that were joined to it. */
  joined: Map<number, number[]>
  /** For each key the papers that were filed under it, those that were joined to another since included. */
  holders: Map<Key, number[]>
  /** For each paper the keys that it was filed under itself. */
  keys: Map<number, Set<Key>>
  /** Keys with more stored holders than were listed. */
  crowded: Set<Key>
  /** Crowded titles whose listed holders were filed under their namesake keys. */
  divided: Set<Key>
  newKeys: IngestPlan['newKeys']
  merges: PlannedMerge[]
  /** For each key the planned merges that brought it to a paper. */
  mergesByKey: Map<Key, number[]>
  /** By paper id and key: the stored merge that brought the key to the paper. */
  storedMerges: Map<string, StoredMerge>
  /** For each paper id the ids of papers that an admin has split from it. */
  apart: Map<number, Set<number>>
  duplicateFree: DuplicateFreeSources
  /** For each paper the duplicate-free sources that named it in this batch. */
  namedBy: Map<number, Set<string>>
  placed: { paper: number; effect: Effect; merge: MergeRef | undefined }[]
  /** For each paper the entries that were placed there. */
  entriesOf: Map<number, number[]>
}

/** The draft before the first entry. */
export function startDraft(known: KnownPapers): Draft {
  const draft: Draft = {
    ...{ papers: [], newKeys: [], merges: [], placed: [] },
    indexOfId: new Map(),
    joined: new Map(),
    holders: new Map(),
    keys: new Map(),
    crowded: new Set(),
    divided: new Set(),
    mergesByKey: new Map(),
    storedMerges: new Map(),
    apart: new Map(),
    duplicateFree: { lists: new Set(), twins: new Set() },
    namedBy: new Map(),
    entriesOf: new Map(),
  }
  learn(draft, known)
  return draft
}

/** Adds more of what is stored. What the draft knows already stays as it is. */
export function learn(draft: Draft, { papers, keys, crowded = [], merges, apart }: KnownPapers): void {
  for (const paper of papers) {
    if (!draft.indexOfId.has(paper.id)) pushPaper(draft, paper, false)
  }
  for (const { key, paperId } of keys) {
    const index = draft.indexOfId.get(paperId)
    if (index !== undefined && !holds(draft, index, key)) hold(draft, index, key)
  }
  for (const key of crowded) draft.crowded.add(key)
  for (const merge of merges)
    for (const key of merge.keys) draft.storedMerges.set(`${merge.paperId} ${key}`, merge)
  for (const { one, other } of apart) keepApart(draft, one, other)
}

/** Says which sources name each paper once. */
export function setDuplicateFree(draft: Draft, duplicateFree: DuplicateFreeSources): void {
  draft.duplicateFree = duplicateFree
}

/** Ids of the stored papers that the draft knows. */
export function storedIds({ papers }: Draft): number[] {
  return papers.flatMap(({ paper, isNew }) => (isNew ? [] : [paper.id]))
}

/** A paper as it stands now. */
export function paperAt(draft: Draft, index: number): KnownPaper {
  return draft.papers[index]!.paper
}

/** The index of the paper that a joined paper became part of, or its own. */
function standing({ papers }: Draft, index: number): number {
  let at = index
  for (let next = papers[at]!.joinedTo; next !== undefined; next = papers[at]!.joinedTo) at = next
  return at
}

/** Whether no entry of this batch has changed or joined a stored paper. */
export function isUntouched({ papers }: Draft, index: number): boolean {
  const { changes, joinedTo } = papers[index]!
  return changes === undefined && joinedTo === undefined
}

const NOBODY: ReadonlySet<number> = new Set()

/** The papers that hold a key, in the order in which they were filed; undefined if more than MOST_HOLDERS do. */
export function holdersOf(draft: Draft, key: Key): ReadonlySet<number> | undefined {
  if (draft.crowded.has(key)) return undefined
  if (!draft.holders.has(key)) return NOBODY
  const found = new Set<number>()
  for (const holder of draft.holders.get(key)!) {
    found.add(standing(draft, holder))
    if (found.size > MOST_HOLDERS) return undefined
  }
  return found
}

/** Notes that a crowded key is divided; gives the holders that the draft lists, or none if it was divided before. */
export function divide(draft: Draft, key: Key): number[] {
  if (draft.divided.has(key)) return []
  draft.divided.add(key)
  return [...new Set((draft.holders.get(key) ?? []).map((holder) => standing(draft, holder)))]
}

/** Whether a paper, or one that was joined to it, holds a key. */
export function holds(draft: Draft, index: number, key: Key): boolean {
  if (draft.keys.get(index)?.has(key)) return true
  return draft.joined.get(index)?.some((part) => holds(draft, part, key)) ?? false
}

/** Whether a duplicate-free source has several papers under a title key: then the title says little. */
export function isTwinTitle({ duplicateFree }: Draft, key: Key): boolean {
  return duplicateFree.twins.has(key)
}

/** Whether a duplicate-free source has named a paper in this batch. */
export function isNamedBy({ namedBy }: Draft, list: string, index: number): boolean {
  return namedBy.get(index)?.has(list) ?? false
}

/** Whether one duplicate-free source has named both papers in this batch. */
export function areNamedByOne(draft: Draft, one: number, other: number): boolean {
  return [...(draft.namedBy.get(one) ?? [])].some((list) => isNamedBy(draft, list, other))
}

/** Whether an admin has split two papers. */
export function areApart(draft: Draft, one: number, other: number): boolean {
  return draft.apart.get(paperAt(draft, one).id)?.has(paperAt(draft, other).id) ?? false
}

/** The merge that brought a key to a paper; undefined for the paper's own keys. */
export function mergeBehind(draft: Draft, key: Key, index: number): MergeRef | undefined {
  const stored = storedMerge(draft, key, index)
  if (stored !== undefined) return { stored: stored.id }
  const planned = plannedMerge(draft, key, index)
  return planned === undefined ? undefined : { planned }
}

/** The values of the entry or paper that was merged by id and brought this key. Its title also names the paper. */
export function mergedUnder(draft: Draft, key: Key, index: number): NewPaperFields | undefined {
  const stored = storedMerge(draft, key, index)?.apart
  const planned = plannedMerge(draft, key, index)
  if (stored !== undefined || planned === undefined) return stored
  const { score, apart } = draft.merges[planned]!
  return score === Number.POSITIVE_INFINITY ? apart : undefined
}

function storedMerge(draft: Draft, key: Key, index: number): StoredMerge | undefined {
  return draft.storedMerges.get(`${paperAt(draft, index).id} ${key}`)
}

function plannedMerge(draft: Draft, key: Key, index: number): number | undefined {
  return draft.mergesByKey.get(key)?.find((merge) => standing(draft, draft.merges[merge]!.into) === index)
}

/** Adds a new paper; gives its index. */
export function addPaper(draft: Draft, fields: NewPaperFields): number {
  return pushPaper(draft, { id: -(draft.papers.length + 1), ...fields }, true)
}

function pushPaper(draft: Draft, paper: KnownPaper, isNew: boolean): number {
  const index = draft.papers.push({ paper, isNew, changes: undefined, joinedTo: undefined }) - 1
  draft.indexOfId.set(paper.id, index)
  return index
}

/** Sets values of a paper. */
export function change(draft: Draft, index: number, changes: Partial<KnownPaper>): void {
  const planned = draft.papers[index]!
  planned.paper = { ...planned.paper, ...changes }
  if (!planned.isNew) planned.changes = { ...planned.changes, ...changes }
}

/** Files a paper under a key that it does not hold yet. */
export function file(draft: Draft, index: number, key: Key): void {
  if (holds(draft, index, key)) return
  const isFirst = !draft.holders.has(key) && !draft.crowded.has(key)
  draft.newKeys.push({ key, paper: index, isFirst })
  hold(draft, index, key)
}

function hold(draft: Draft, index: number, key: Key): void {
  append(draft.holders, key, index)
  const keys = draft.keys.get(index)
  if (keys) keys.add(key)
  else draft.keys.set(index, new Set([key]))
}

/** Notes that a list has named a paper. Only duplicate-free sources count. */
export function nameBy(draft: Draft, list: string, index: number): void {
  if (!draft.duplicateFree.lists.has(list)) return
  const names = draft.namedBy.get(index)
  if (names) names.add(list)
  else draft.namedBy.set(index, new Set([list]))
}

/** Adds a merge; gives the reference to it. */
export function addMerge(draft: Draft, merge: PlannedMerge): MergeRef {
  const planned = draft.merges.push(merge) - 1
  for (const key of merge.keys) append(draft.mergesByKey, key, planned)
  return { planned }
}

/** Places the next entry. */
export function place(draft: Draft, paper: number, effect: Effect, merge: MergeRef | undefined): void {
  append(draft.entriesOf, paper, draft.placed.push({ paper, effect, merge }) - 1)
}

/** Joins one paper to another: the one that stays gets the values, the entries and the splits of the one that goes. */
export function join(draft: Draft, kept: number, gone: number, reason: { why: string; score: number }): void {
  const [stays, goes] = [draft.papers[kept]!, draft.papers[gone]!]
  const before = stays.paper
  const merged = mergePaper(stays.paper, goes.paper)
  if (merged !== undefined) change(draft, kept, { ...merged.changes, provenance: merged.provenance })
  goes.joinedTo = kept
  append(draft.joined, kept, gone)
  for (const list of draft.namedBy.get(gone) ?? []) nameBy(draft, list, kept)
  for (const other of draft.apart.get(goes.paper.id) ?? []) keepApart(draft, stays.paper.id, other)
  const { id: _, ...apart } = goes.paper
  const merge = addMerge(draft, {
    into: kept,
    joined: goes.isNew ? undefined : gone,
    ...reason,
    keys: [...(draft.keys.get(gone) ?? [])].filter((key) => !isBlockingKey(key)) as string[],
    apart,
    changed: changedBetween(before, stays.paper),
  })
  for (const entry of draft.entriesOf.get(gone) ?? []) moveEntry(draft, entry, kept, merge)
  draft.entriesOf.delete(gone)
}

/** An entry that had brought the paper that goes brought nothing new. */
function moveEntry(draft: Draft, entry: number, kept: number, merge: MergeRef): void {
  const placed = draft.placed[entry]!
  placed.paper = kept
  placed.merge ??= merge
  if (placed.effect === 'new') placed.effect = 'updated'
  append(draft.entriesOf, kept, entry)
}

/** The stored paper stays, of two stored ones the older: more people know its address. Of two new ones, the first. */
export function isOlder({ papers }: Draft, one: number, other: number): boolean {
  const [ours, theirs] = [papers[one]!, papers[other]!]
  if (ours.isNew !== theirs.isNew) return theirs.isNew
  return ours.isNew ? one < other : ours.paper.id < theirs.paper.id
}

function keepApart(draft: Draft, one: number, other: number): void {
  draft.apart.set(one, (draft.apart.get(one) ?? new Set()).add(other))
  draft.apart.set(other, (draft.apart.get(other) ?? new Set()).add(one))
}

function append<K>(map: Map<K, number[]>, key: K, item: number): void {
  const items = map.get(key)
  if (items) items.push(item)
  else map.set(key, [item])
}

/** The plan of all entries that were placed. */
export function finish(draft: Draft): IngestPlan {
  const { papers, placed, newKeys, merges } = draft
  return {
    papers,
    paperOf: placed.map(({ paper }) => standing(draft, paper)),
    effects: placed.map(({ effect }) => effect),
    mergeOf: placed.map(({ merge }) => merge),
    newKeys: newKeys.map((added) => ({ ...added, paper: standing(draft, added.paper) })),
    merges: merges.map((merge) => ({ ...merge, into: standing(draft, merge.into) })),
  }
}
