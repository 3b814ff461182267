import type { Entry } from '../../domain.ts'
import {
  askedNamesakes,
  isBlockingKey,
  isTextKey,
  isTitleKey,
  type Key,
  type KeyedEntry,
} from '../keys/entryKeys.ts'
import { type Match, samePaper } from '../likeness/match.ts'
import { type Draft, holdersOf, isNamedBy, isTwinTitle, mergedUnder, paperAt } from './draft.ts'
import { REPEATED_FROM } from './duplicateFree.ts'

/** A paper that matches an entry, and why. */
export interface Found {
  index: number
  match: Match
  /** The first key that led to it. */
  key: Key
}

/** A paper that may match an entry, and the log-odds that the match must reach. */
interface Candidate {
  index: number
  key: Key
  from: number
}

/**
 * The papers that match the entry, by its keys and by similarity. The likeliest comes first; of equals, the first
 * found.
 */
export function findPapers({ entry, keys }: KeyedEntry, list: string, draft: Draft): Found[] {
  const judged = new Set<number>()
  const found: Found[] = []
  for (const { index, key, from } of candidatesOf(entry, keys.asked, draft)) {
    if (judged.has(index)) continue
    judged.add(index)
    const match = judge(entry, key, index, draft)
    const enough = isNamedBy(draft, list, index) ? Math.max(from, REPEATED_FROM) : from
    if (match.same && match.score >= enough) found.push({ index, match, key })
  }
  return found.sort((one, other) => rank(other.match) - rank(one.match))
}

/**
 * A title that this many papers share, such as "Influential Papers", is a column's. It says little, and so does a title
 * that a catalogue has twice.
 */
const COLUMN_FROM = 3
const COLUMN_SCORE = 3

/** The holders of each key, in order. Under a crowded title they are looked up by their namesake keys. */
export function* candidatesOf(entry: Entry, asked: readonly Key[], draft: Draft): Generator<Candidate> {
  let from = Number.NEGATIVE_INFINITY
  for (const key of asked) {
    const held = holdersOf(draft, key)
    if (isTitleKey(key) && (held === undefined || held.size >= COLUMN_FROM || isTwinTitle(draft, key)))
      from = COLUMN_SCORE
    if (held !== undefined) for (const index of held) yield { index, key, from }
    else if (!isBlockingKey(key)) yield* namesakesOf(entry, from, draft)
  }
}

function* namesakesOf(entry: Entry, from: number, draft: Draft): Generator<Candidate> {
  for (const key of askedNamesakes(entry)) {
    for (const index of holdersOf(draft, key) ?? []) yield { index, key, from }
  }
}

const SAME_TEXT: Match = { same: true, why: 'same text', score: Number.POSITIVE_INFINITY }

/**
 * A paper may have another title that ids merged into it. An entry with that title is compared with the merged values.
 */
function judge(entry: Entry, key: Key, index: number, draft: Draft): Match {
  if (isTextKey(key)) return SAME_TEXT
  const match = samePaper(entry, paperAt(draft, index))
  const isOpen = !match.same && match.score > Number.NEGATIVE_INFINITY && isTitleKey(key)
  const merged = isOpen ? mergedUnder(draft, key, index) : undefined
  return merged === undefined ? match : samePaper(entry, { id: 0, ...merged })
}

/** A finite value, so that two certain matches compare as equal. */
function rank({ score }: Match): number {
  return Math.min(score, Number.MAX_VALUE)
}
