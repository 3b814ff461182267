import type { KnownPaper } from '../../domain.ts'
import type { Key } from '../keys/entryKeys.ts'
import type { NewPaperFields } from '../merging/merge.ts'
import type { ValueChanges } from '../merging/unmerge.ts'

/** What planning is given, and what it gives back. */

/** What is stored under the keys of some entries. */
export interface KnownPapers {
  papers: KnownPaper[]
  keys: { key: Key; paperId: number }[]
  /** Keys that more papers hold than are listed under `keys`. */
  crowded?: Key[]
  /** Merges that can still be undone. */
  merges: StoredMerge[]
  /** Pairs of papers that an admin has split. */
  apart: { one: number; other: number }[]
}

export interface StoredMerge {
  id: number
  paperId: number
  /** Keys that the paper holds because of this merge. */
  keys: string[]
  /** The values of the paper or entry that was merged, where ids decided the merge. */
  apart: NewPaperFields | undefined
}

/** A paper as it will be after the entries are merged. Its id is negative until it is stored. */
export interface PlannedPaper {
  paper: KnownPaper
  isNew: boolean
  /** The values to write, where a stored paper changes. */
  changes: Partial<KnownPaper> | undefined
  /** The index of the paper that this one was joined to; undefined for a paper that stands. */
  joinedTo: number | undefined
}

/** An entry or a paper that was taken for another paper because the two are alike: the reason, and how to undo it. */
export interface PlannedMerge {
  /** Index of the paper that stays. */
  into: number
  /** Index of the paper that was joined; undefined for an entry. */
  joined: number | undefined
  why: string
  /** Log-odds; infinite where ids decided. */
  score: number
  /** Keys that the paper gets through this merge. */
  keys: string[]
  /** The values of the paper that a split makes again. */
  apart: NewPaperFields
  /** The values of the paper that stays which this merge changed. */
  changed: ValueChanges
}

/** The merge by which an entry belongs to its paper: its index in the plan, or the id of a stored one. */
export type MergeRef = { planned: number } | { stored: number }

export type Effect = 'new' | 'updated' | 'unchanged'

/** The arrays `paperOf`, `effects` and `mergeOf` have one item for each entry, in order. */
export interface IngestPlan {
  papers: PlannedPaper[]
  /** Index of the entry's paper in `papers`. */
  paperOf: number[]
  /** Whether the entry brought a paper or changed one. */
  effects: Effect[]
  /** Keys that their papers did not hold before. `isFirst`: no other known paper held the key either. */
  newKeys: { key: Key; paper: number; isFirst: boolean }[]
  merges: PlannedMerge[]
  mergeOf: (MergeRef | undefined)[]
}
