import type { Entry } from '../../domain.ts'
import { isTitleKey, type Key, type KeyedEntry } from '../keys/entryKeys.ts'
import { samePaper } from '../likeness/match.ts'

/**
 * A catalogue names each paper once: two of its entries are two papers unless they repeat each other beyond doubt, and a
 * title that it has twice, a talk's and its article's, says little to anybody. References that people wrote name a paper
 * as often as it is cited. Which of them a list is, its own entries tell.
 */
export interface DuplicateFreeSources {
  lists: ReadonlySet<string>
  /** Keys of the titles that a catalogue has several times. */
  twins: ReadonlySet<Key>
}

/** Of fewer entries nobody can tell whether their list repeats itself. */
const LEAST_ENTRIES = 100
/** The part of a catalogue that may repeat another entry of it, as columns and slips do (docs/decisions/matching.md). */
const MOST_REPEATED = 0.01
/** Log-odds from which on an entry repeats another of its list. */
export const REPEATED_FROM = 3
/** Of a title's entries so many are compared: a list that has it more often repeats itself or has a column. */
const MOST_COMPARED = 3

/** The catalogues among the lists that entries come from. `listOf`: the list of the entry at an index. */
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
    const repeats = several.reduce((sum, [, bearers]) => sum + repeatsAmong(bearers), 0)
    if (count < LEAST_ENTRIES || repeats > MOST_REPEATED * count) continue
    lists.add(list)
    for (const [title] of several) twins.add(title)
  }
  return { lists, twins }
}

/** Of each list the entries that bear a title, under the title's key. */
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

/** How many of them repeat one before them. */
function repeatsAmong(bearers: Entry[]): number {
  return bearers.filter((entry, index) => {
    const before = bearers.slice(0, Math.min(index, MOST_COMPARED))
    return before.some((other) => samePaper(entry, other).score >= REPEATED_FROM)
  }).length
}
