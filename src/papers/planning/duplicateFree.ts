import type { Entry } from '../../domain.ts'
import { isTitleKey, type Key, type KeyedEntry } from '../keys/entryKeys.ts'
import { samePaper } from '../likeness/match.ts'

/**
 * Finds the lists that name each paper once, called catalogues. Two entries of a catalogue are two papers, unless they
 * repeat each other beyond doubt. A title that it has twice, such as a talk's and its article's, says little. Reference
 * lists name a paper as often as it is cited. The entries themselves show which kind a list is.
 */
export interface DuplicateFreeSources {
  lists: ReadonlySet<string>
  /** Keys of titles that a catalogue has several times. */
  twins: ReadonlySet<Key>
}

/** With fewer entries it is unknown whether their list repeats itself. */
const LEAST_ENTRIES = 100
/**
 * The part of a catalogue's entries that may repeat another entry, as columns and errors do
 * (docs/decisions/matching.md).
 */
const MOST_REPEATED = 0.01
/** From these log-odds on, an entry repeats another of its list. */
export const REPEATED_FROM = 3
/** At most this many entries with the same title are compared. A list with more repeats itself or has a column. */
const MOST_COMPARED = 3

/** Finds the catalogues among the lists. `listOf`: the list of the entry at an index. */
export function findDuplicateFreeSources(
  entries: KeyedEntry[],
  listOf: (index: number) => string,
): DuplicateFreeSources {
  const lists = new Set<string>()
  const twins = new Set<Key>()
  if (entries.length < LEAST_ENTRIES) return { lists, twins }
  for (const [list, titles] of bearersByList(entries, listOf)) {
    const count = [...titles.values()].reduce((sum, { length }) => sum + length, 0)
    const several = [...titles].filter(([, bearers]) => bearers.length > 1)
    if (count < LEAST_ENTRIES || repeatMoreThan(several, MOST_REPEATED * count)) continue
    lists.add(list)
    for (const [title] of several) twins.add(title)
  }
  return { lists, twins }
}

/** The entries of each list by title key. */
function bearersByList(entries: KeyedEntry[], listOf: (index: number) => string) {
  const lists = new Map<string, Map<string, Entry[]>>()
  for (const [index, { entry, keys }] of entries.entries()) {
    const title = keys.held.find(isTitleKey)
    if (title === undefined) continue
    const list = listOf(index)
    const titles = lists.get(list) ?? new Map<string, Entry[]>()
    const bearers = titles.get(title)
    if (bearers) bearers.push(entry)
    else titles.set(title, [entry])
    lists.set(list, titles)
  }
  return lists
}

/** Whether more than `most` entries repeat an earlier one. It compares no more than it must. */
function repeatMoreThan(titles: [string, Entry[]][], most: number): boolean {
  let repeats = 0
  for (const [, bearers] of titles) {
    for (const [index, entry] of bearers.entries()) {
      if (repeatsOneOf(entry, bearers.slice(0, Math.min(index, MOST_COMPARED)))) repeats += 1
      if (repeats > most) return true
    }
  }
  return false
}

function repeatsOneOf(entry: Entry, before: Entry[]): boolean {
  return before.some((other) => samePaper(entry, other).score >= REPEATED_FROM)
}
