import { createHash } from 'node:crypto'
import type { Entry, Paper, Provenance } from '../domain.ts'
import { identityKeys, titleKey } from './keys.ts'
import { samePaper } from './match.ts'
import { mergeEntry, paperFromEntry, type Seen } from './merge.ts'

type KnownPaper = Paper & { provenance: Provenance }

/** What is stored so far under the keys of some entries. */
export interface KnownPapers {
  papers: KnownPaper[]
  keys: { key: string; paperId: number }[]
}

/** A paper as it will stand after the entries are merged. Its id is negative while it is not stored. */
export interface PlannedPaper {
  paper: KnownPaper
  isNew: boolean
  /** The values to write, where a stored paper changes. */
  changes: Partial<KnownPaper> | undefined
}

export interface IngestPlan {
  papers: PlannedPaper[]
  /** For each entry, in order, the index of its paper in `papers`. */
  paperOf: number[]
  /** For each entry whether it brought a paper or changed one. */
  effects: ('new' | 'updated' | 'unchanged')[]
  /** Keys that no paper in `papers` held before. */
  newKeys: { key: string; paper: number }[]
}

/**
 * Every key under which an entry may be known. One that has no id and a title that tells nothing ("Editorial") is known
 * by its whole text, so that replaying it finds it again, and nothing else is taken for it.
 */
export function lookupKeys(entry: Entry): string[] {
  const title = titleKey(entry.title)
  const keys = title === undefined ? identityKeys(entry) : [...identityKeys(entry), title]
  return keys.length > 0 ? keys : [textKey(entry)]
}

const TEXT_KEY = 'text:'

function textKey(entry: Entry): string {
  const text = JSON.stringify([entry.title, entry.authors ?? [], entry.abstract ?? ''])
  return TEXT_KEY + createHash('sha256').update(text).digest('hex')
}

/**
 * Decides what storing entries means: which paper each one is (a stored one, one that an earlier entry brought, or a
 * new one), and what changes. Nothing is read or written; `seen` gives each entry's format and time of observation.
 */
export function planIngest(entries: Entry[], seenOf: (entry: Entry) => Seen, known: KnownPapers): IngestPlan {
  const plan: IngestPlan = { papers: [], paperOf: [], effects: [], newKeys: [] }
  const indexOfId = new Map<number, number>()
  for (const paper of known.papers) {
    indexOfId.set(paper.id, plan.papers.push({ paper, isNew: false, changes: undefined }) - 1)
  }
  const holders = new Map<string, number[]>()
  for (const { key, paperId } of known.keys) hold(holders, key, indexOfId.get(paperId))
  for (const entry of entries) placeEntry(entry, seenOf(entry), plan, holders)
  return plan
}

function placeEntry(entry: Entry, seen: Seen, plan: IngestPlan, holders: Map<string, number[]>): void {
  const keys = lookupKeys(entry)
  const found = findHolder(entry, keys, plan, holders)
  const index = found ?? addPaper(entry, seen, plan)
  plan.paperOf.push(index)
  plan.effects.push(found === undefined ? 'new' : mergeInto(plan.papers[index]!, entry, seen))
  for (const key of keys) {
    if (holders.get(key)?.includes(index)) continue
    hold(holders, key, index)
    plan.newKeys.push({ key, paper: index })
  }
}

/** The first paper that shares a key and is the same by the guards; identity keys come before the title. */
function findHolder(
  entry: Entry,
  keys: string[],
  plan: IngestPlan,
  holders: Map<string, number[]>,
): number | undefined {
  for (const key of keys) {
    const same = holders
      .get(key)
      ?.find((index) => key.startsWith(TEXT_KEY) || samePaper(entry, plan.papers[index]!.paper).same)
    if (same !== undefined) return same
  }
  return undefined
}

function addPaper(entry: Entry, seen: Seen, plan: IngestPlan): number {
  const id = -(plan.papers.length + 1)
  const paper = { id, ...paperFromEntry(entry, seen) }
  return plan.papers.push({ paper, isNew: true, changes: undefined }) - 1
}

function mergeInto(planned: PlannedPaper, entry: Entry, seen: Seen): 'updated' | 'unchanged' {
  const merged = mergeEntry(planned.paper, entry, seen)
  if (merged === undefined) return 'unchanged'
  const changes = { ...merged.changes, provenance: merged.provenance }
  planned.paper = { ...planned.paper, ...changes }
  if (!planned.isNew) planned.changes = { ...planned.changes, ...changes }
  return 'updated'
}

function hold(holders: Map<string, number[]>, key: string, index: number | undefined): void {
  if (index === undefined) return
  const list = holders.get(key)
  if (list) list.push(index)
  else holders.set(key, [index])
}
