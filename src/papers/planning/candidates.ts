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

/** A paper that an entry is, and why. */
export interface Found {
  index: number
  match: Match
  /** The first key that led there. */
  key: Key
}

/** A paper that an entry may be, and how alike the two must be (log-odds). */
interface Candidate {
  index: number
  key: Key
  from: number
}

/** The papers that the entry is, by its keys and by their likeness; the likeliest first, of equals the first found. */
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

/** A title of this many papers, "Influential Papers", is a column's. It says little; so does a catalogue's twin title. */
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

/** A paper is also what ids joined to it under another title: an entry with that title is compared with that. */
function judge(entry: Entry, key: Key, index: number, draft: Draft): Match {
  if (isTextKey(key)) return SAME_TEXT
  const match = samePaper(entry, paperAt(draft, index))
  const isOpen = !match.same && match.score > Number.NEGATIVE_INFINITY && isTitleKey(key)
  const merged = isOpen ? mergedUnder(draft, key, index) : undefined
  return merged === undefined ? match : samePaper(entry, { id: 0, ...merged })
}

/** Finite, so that two certainties compare as equals. */
function rank({ score }: Match): number {
  return Math.min(score, Number.MAX_VALUE)
}
