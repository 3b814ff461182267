import type { KnownPaper } from '../../domain.ts'
import type { Key } from '../keys/entryKeys.ts'
import type { Match } from '../likeness/match.ts'
import type { NewPaperFields } from '../merging/merge.ts'
import type { ValueChanges } from '../merging/unmerge.ts'
import type { DuplicateFreeSources } from './duplicateFree.ts'

/** What is known while a batch of entries is planned, and the plan as it grows. */

/** What is stored so far under the keys of some entries. */
export interface KnownPapers {
  papers: KnownPaper[]
  keys: { key: Key; paperId: number }[]
  /** Keys that papers hold through a merge that can be undone. */
  merges: StoredMerge[]
  /** Pairs of papers that a person has parted. */
  apart: { one: number; other: number }[]
}

export interface StoredMerge {
  id: number
  paperId: number
  keys: string[]
  /** What was merged, where ids said so. */
  apart: NewPaperFields | undefined
}

/** A paper as it will stand after the entries are merged. Its id is negative while it is not stored. */
export interface PlannedPaper {
  paper: KnownPaper
  isNew: boolean
  /** The values to write, where a stored paper changes. */
  changes: Partial<KnownPaper> | undefined
  /** The index of the paper it was joined to, and no longer stands beside. */
  joinedTo: number | undefined
}

/** An entry, or a paper, that was taken for another paper by its likeness: what explains it and parts them again. */
export interface PlannedMerge {
  /** Index of the paper that stays. */
  into: number
  /** Index of the paper that was joined; undefined for an entry. */
  joined: number | undefined
  why: string
  score: number
  /** Keys that come to the paper with it. */
  keys: string[]
  /** What stands apart again when it is undone. */
  apart: NewPaperFields
  /** The values that it changed: what stood there before, and since. */
  changed: ValueChanges
}

export interface IngestPlan {
  papers: PlannedPaper[]
  /** For each entry, in order, the index of its paper in `papers`. */
  paperOf: number[]
  /** For each entry whether it brought a paper or changed one. */
  effects: ('new' | 'updated' | 'unchanged')[]
  /** Keys that their papers did not hold before; `isFirst`: nor did any other paper that is known. */
  newKeys: { key: Key; paper: number; isFirst: boolean }[]
  merges: PlannedMerge[]
  /** For each entry the merge by which it belongs to its paper: its index in `merges`, or the id of a stored one. */
  mergeOf: ({ planned: number } | { stored: number } | undefined)[]
}

/** What the planning of a batch goes by. */
export interface Planning {
  plan: IngestPlan
  holders: Map<Key, number[]>
  /** Which stored merge brought a key to its paper. */
  mergeOfKey: Map<string, StoredMerge>
  /** `one/other`, both ways round. */
  apart: Set<string>
  catalogues: DuplicateFreeSources
  /** Which catalogues have named a paper in this batch, by the paper's index. */
  namedBy: Map<number, Set<string>>
}

/** A paper that an entry is, and why. */
export interface Found {
  index: number
  match: Match
  /** The first key that led there. */
  key: Key
}

/** The state before the first entry. */
export function startPlanning(known: KnownPapers): Planning {
  const papers = known.papers.map((paper) => ({
    paper,
    isNew: false,
    changes: undefined,
    joinedTo: undefined,
  }))
  const plan: IngestPlan = { papers, paperOf: [], effects: [], newKeys: [], merges: [], mergeOf: [] }
  const indexOfId = new Map(known.papers.map((paper, index) => [paper.id, index]))
  const holders = new Map<Key, number[]>()
  for (const { key, paperId } of known.keys) hold(holders, key, indexOfId.get(paperId))
  return {
    plan,
    holders,
    mergeOfKey: new Map(
      known.merges.flatMap((merge) => merge.keys.map((key) => [`${merge.paperId} ${key}`, merge])),
    ),
    apart: new Set(known.apart.flatMap(({ one, other }) => [`${one}/${other}`, `${other}/${one}`])),
    catalogues: { lists: new Set(), twins: new Set() },
    namedBy: new Map(),
  }
}

/** Sets values of a planned paper. */
export function change(planned: PlannedPaper, changes: Partial<KnownPaper>): void {
  planned.paper = { ...planned.paper, ...changes }
  if (!planned.isNew) planned.changes = { ...planned.changes, ...changes }
}

/** Whether a paper holds a key. */
export function isHeldBy(key: Key, index: number, { plan, holders }: Planning): boolean {
  return holders.get(key)?.some((holder) => standing(plan, holder) === index) ?? false
}

/** The index of the paper that stands for one that was joined, or its own. */
export function standing(plan: IngestPlan, index: number): number {
  let at = index
  for (let next = plan.papers[at]!.joinedTo; next !== undefined; next = plan.papers[at]!.joinedTo) at = next
  return at
}

/** Notes that a paper holds a key. */
export function hold(holders: Map<Key, number[]>, key: Key, index: number | undefined): void {
  if (index === undefined) return
  const list = holders.get(key)
  if (list) list.push(index)
  else holders.set(key, [index])
}

/** Whether a catalogue has named a paper in this batch. */
export function isNamedBy(list: string, index: number, { namedBy }: Planning): boolean {
  return namedBy.get(index)?.has(list) ?? false
}

/** Notes that a list has named a paper. Only catalogues count. */
export function nameBy(list: string, index: number, { catalogues, namedBy }: Planning): void {
  if (!catalogues.lists.has(list)) return
  const names = namedBy.get(index)
  if (names) names.add(list)
  else namedBy.set(index, new Set([list]))
}
