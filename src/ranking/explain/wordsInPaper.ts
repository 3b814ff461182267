import type { Reason } from '../../domain.ts'
import { wordListsOf } from '../corpus/wordLists.ts'
import { FIELDS } from '../index/inverted.ts'
import type { PaperIndex } from '../index/paperIndex.ts'
import { termOf } from '../index/phrases.ts'
import { closeLikes, type Taste } from '../score/taste.ts'
import type { TopicScores } from '../score/topicScore.ts'
import { holds } from './matchedWords.ts'

/** Words a reason names at most, and how many of a taste's heaviest are tried for it. */
const NAMED_WORDS = 3
const TRIED_WORDS = 40

/** The related words of a topic, as an index's papers may hold them. */
export interface RelatedNames {
  /** Those that the query does not have itself, by their numbers in the index, best first. */
  others: number[]
  /** Those that it has. */
  typed: number[]
  /** Of these the stems that papers may also write as several words. */
  split: string[]
}

type WordedReason<Kind> = Extract<Reason, { kind: Kind }>

/** Names the words that the corpus model relates to a topic: `related words: message passing, embedding`. */
export function relatedReason(index: PaperIndex, topic: TopicScores, doc: number): WordedReason<'related'> {
  topic.relatedNames ??= relatedNames(index, topic)
  const { others, typed, split } = topic.relatedNames
  const { words, hasTyped } = wordsHeld(index, others, doc, typed)
  if (words.length > 0) return { kind: 'related', text: `related words: ${listOf(words)}`, words }
  const text =
    hasTyped || split.some((stem) => holds(index, [stem], doc))
      ? 'has the main words of papers on this'
      : 'related words in papers like it'
  return { kind: 'related', text, words }
}

/**
 * Says how a paper suits a taste: `close to 3 papers you liked: diffusion, protein`.
 * `value` is what the taste adds to the score of the paper.
 */
export function tasteReason(
  index: PaperIndex,
  topic: TopicScores,
  doc: number,
  value: number,
): WordedReason<'taste'> {
  const liking = topic.liking!
  const { taste } = liking
  const all = taste.likes === 1 ? 'the paper you liked' : `the ${taste.likes} papers you liked`
  if (value <= 0) return { kind: 'taste', text: `unlike ${all}`, words: [] }
  liking.names ??= tasteNames(index, taste)
  const { words } = wordsHeld(index, liking.names, doc)
  const close = closeLikes(liking, doc) ?? taste.likes
  const told = closeness(close, taste.likes, all, words.length > 0)
  return { kind: 'taste', text: words.length > 0 ? `${told}: ${listOf(words)}` : told, words }
}

/** To how many of the liked papers; where it is close to none, what is left to say. */
function closeness(close: number, likes: number, all: string, hasWords: boolean): string {
  if (close === likes) return `close to ${all}`
  if (close === 0) return hasWords ? `has words of ${all}` : `a little like ${all}`
  return close === 1 ? 'close to a paper you liked' : `close to ${close} papers you liked`
}

/** Faster than join, and asked for with every reason. */
function listOf(words: readonly string[]): string {
  let list = words[0]!
  for (let at = 1; at < words.length; at++) list += `, ${words[at]!}`
  return list
}

/** The related words of a topic; no function words are among them, and bare numbers ("19") say nothing to a reader. */
function relatedNames(index: PaperIndex, { terms, expansion }: TopicScores): RelatedNames {
  const { stems } = index.corpus!
  const lists = wordListsOf(index)
  const names: RelatedNames = { others: [], typed: [], split: [] }
  for (const number of expansion.terms) {
    if (!/\p{L}/u.test(stems[number]!)) continue
    const term = lists === undefined ? termOf(index, stems[number]!) : lists.numbers[number]!
    if (lists === undefined ? index.compounds.has(stems[number]!) : lists.isSplit[number] === 1)
      names.split.push(stems[number]!)
    if (term >= 0) (isOneOf(terms, number) ? names.typed : names.others).push(term)
  }
  return names
}

function isOneOf(terms: readonly (readonly number[])[], term: number): boolean {
  for (const ofClause of terms) if (ofClause.includes(term)) return true
  return false
}

function tasteNames(index: PaperIndex, { words }: Taste): number[] {
  const names: number[] = []
  const numbers = wordListsOf(index)?.numbers
  for (let at = 0; at < words.length && at < TRIED_WORDS; at++) {
    const { stem, term, weight } = words[at]!
    const own = numbers === undefined || term < 0 ? (index.terms.get(stem) ?? -1) : numbers[term]!
    if (weight > 0 && own >= 0) names.push(own)
  }
  return names
}

/** For each term t of an index at t + 1 its place among the names looked for, from 1, or TYPED; all 0 between two looks. */
let ranks = new Uint8Array(0)
const TYPED = 255

/**
 * The first few of the named words that the paper itself has, two that stand side by side there as one; and whether it has one
 * of those typed.
 */
function wordsHeld(
  index: PaperIndex,
  names: readonly number[],
  doc: number,
  typed: readonly number[] = [],
): { words: string[]; hasTyped: boolean } {
  rank(index, names, typed)
  const found = rankedWords(index, doc)
  unrank(names, typed)
  return { words: found.held.length === 0 ? [] : wordsOf(index, names, found), hasTyped: found.hasTyped }
}

function rank({ terms }: PaperIndex, names: readonly number[], typed: readonly number[]): void {
  if (ranks.length <= terms.size) ranks = new Uint8Array(terms.size + 1)
  for (let at = 0; at < names.length; at++) ranks[names[at]! + 1] = at + 1
  for (let at = 0; at < typed.length; at++) ranks[typed[at]! + 1] = TYPED
}

function unrank(names: readonly number[], typed: readonly number[]): void {
  for (let at = 0; at < names.length; at++) ranks[names[at]! + 1] = 0
  for (let at = 0; at < typed.length; at++) ranks[typed[at]! + 1] = 0
}

/** What stands of the ranked words in a paper's text. */
interface RankedWords {
  /** The best ranks, rising. */
  held: number[]
  /** All that stand side by side, in reading order. */
  pairs: [number, number][]
  hasTyped: boolean
}

function rankedWords({ texts }: PaperIndex, doc: number): RankedWords {
  const found: RankedWords = { held: [], pairs: [], hasTyped: false }
  const { terms } = texts
  const rankOf = ranks
  const end = texts.starts[(doc + 1) * FIELDS]!
  let before = 0
  for (let at = texts.starts[doc * FIELDS]!; at < end; at++) {
    // A BREAK is no word: its place, before the first term's, is always 0.
    const one = rankOf[terms[at]! + 1]!
    if (one !== 0) noteRank(found, one, before)
    before = one
  }
  return found
}

function noteRank(found: RankedWords, one: number, before: number): void {
  if (one === TYPED) {
    found.hasTyped = true
    return
  }
  addRank(found.held, one)
  if (before !== 0 && before !== TYPED) found.pairs.push([before, one])
}

/** The first few of the words held, two that stand side by side as one. */
function wordsOf(
  { words: written }: PaperIndex,
  names: readonly number[],
  { held, pairs }: RankedWords,
): string[] {
  const words: string[] = []
  while (held.length > 0 && words.length < NAMED_WORDS) {
    const first = held.shift()!
    const pair = pairs.length === 0 ? undefined : pairWith(pairs, first, held)
    if (pair === undefined) words.push(written[names[first - 1]!]!)
    else {
      held.splice(held.indexOf(pair[0] === first ? pair[1] : pair[0]), 1)
      words.push(`${written[names[pair[0] - 1]!]!} ${written[names[pair[1] - 1]!]!}`)
    }
  }
  return words
}

/** Keeps the best few ranks, rising, each once. */
function addRank(held: number[], rank: number): void {
  let at = held.length
  while (at > 0 && held[at - 1]! > rank) at--
  if (at === 2 * NAMED_WORDS || held[at - 1] === rank) return
  held.splice(at, 0, rank)
  if (held.length > 2 * NAMED_WORDS) held.pop()
}

/** A word with the best of the others beside which it stands, in the order in which the text has them first. */
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
