import { keptFor } from '../../caching.ts'
import { insertTopK } from '../../topK.ts'
import { FIELDS } from '../index/inverted.ts'
import type { PaperIndex } from '../index/paperIndex.ts'

/** A reason names at most this many words. */
const NAMED_WORDS = 3

/** Of the words found this many are kept, because two that stand side by side are named as one. */
const KEPT_WORDS = 2 * NAMED_WORDS

/**
 * Scratch memory of an index: for each term t, at t + 1, its rank among the names looked for, from 1, or TYPED. All 0 between two
 * calls of wordsInPaper.
 */
const ranksOf = keptFor(({ terms }: PaperIndex) => new Uint8Array(terms.size + 1))
const TYPED = 255

/**
 * The first few of the named words that stand in the paper, in the order of `names`. Two that stand side by side in the paper are
 * given as one. Names are term numbers of the index. `hasTyped` tells whether the paper has one of the `typed` terms.
 */
export function wordsInPaper(
  index: PaperIndex,
  doc: number,
  names: readonly number[],
  typed: readonly number[] = [],
): { words: string[]; hasTyped: boolean } {
  const ranks = ranksOf(index)
  for (let at = 0; at < names.length; at++) ranks[names[at]! + 1] = at + 1
  for (let at = 0; at < typed.length; at++) ranks[typed[at]! + 1] = TYPED
  const found = readRanks(index, doc, ranks)
  for (let at = 0; at < names.length; at++) ranks[names[at]! + 1] = 0
  for (let at = 0; at < typed.length; at++) ranks[typed[at]! + 1] = 0
  return { words: nameWords(index, names, found), hasTyped: found.hasTyped }
}

/** The ranked words in a paper's text. */
interface FoundRanks {
  /** The best ranks, rising, each once. */
  ranks: number[]
  /** All pairs of ranks that stand side by side, in reading order. */
  pairs: [number, number][]
  hasTyped: boolean
}

function readRanks({ texts }: PaperIndex, doc: number, ranks: Uint8Array): FoundRanks {
  const found: FoundRanks = { ranks: [], pairs: [], hasTyped: false }
  const { terms } = texts
  const end = texts.starts[(doc + 1) * FIELDS]!
  let before = 0
  for (let at = texts.starts[doc * FIELDS]!; at < end; at++) {
    // A BREAK is term -1, so it reads ranks[0], which is always 0.
    const rank = ranks[terms[at]! + 1]!
    if (rank !== 0) noteRank(found, rank, before)
    before = rank
  }
  return found
}

function noteRank(found: FoundRanks, rank: number, before: number): void {
  if (rank === TYPED) {
    found.hasTyped = true
    return
  }
  if (!found.ranks.includes(rank)) insertTopK(found.ranks, rank, KEPT_WORDS, rising)
  if (before !== 0 && before !== TYPED) found.pairs.push([before, rank])
}

function rising(a: number, b: number): number {
  return a - b
}

function nameWords(
  { words: written }: PaperIndex,
  names: readonly number[],
  { ranks, pairs }: FoundRanks,
): string[] {
  const words: string[] = []
  while (ranks.length > 0 && words.length < NAMED_WORDS) {
    const first = ranks.shift()!
    const pair = pairs.length === 0 ? undefined : pairWith(pairs, first, ranks)
    if (pair === undefined) words.push(written[names[first - 1]!]!)
    else {
      ranks.splice(ranks.indexOf(pair[0] === first ? pair[1] : pair[0]), 1)
      words.push(`${written[names[pair[0] - 1]!]!} ${written[names[pair[1] - 1]!]!}`)
    }
  }
  return words
}

/** The pair of `first` with the best of the other ranks beside which it stands, in the order of the text. */
function pairWith(
  pairs: readonly [number, number][],
  first: number,
  others: readonly number[],
): [number, number] | undefined {
  for (const second of others)
    for (const pair of pairs)
      if ((pair[0] === first && pair[1] === second) || (pair[0] === second && pair[1] === first)) return pair
  return undefined
}
