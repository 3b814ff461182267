import { holds } from './hits.ts'
import type { PaperIndex } from './paperIndex.ts'
import { isStopStem } from './stopWords.ts'
import { closeLikes, type Taste } from './taste.ts'
import type { TopicScores } from './topicScore.ts'
import { wordListsOf } from './wordLists.ts'
import { type NamedWords, writtenWord } from './writtenWords.ts'

/** Words a reason names at most, and how many of a taste's heaviest are tried for it. */
const NAMED_WORDS = 3
const TRIED_WORDS = 40

/** What a paper has of the words that the collection relates to a topic: `related words: message passing, embedding`. */
export function relatedInWords(index: PaperIndex, topic: TopicScores, doc: number): string {
  topic.relatedNames ??= relatedNames(index, topic)
  const { names, typed } = topic.relatedNames
  const words = wordsHeld(index, names, doc)
  if (words.length > 0) return `related words: ${words.join(', ')}`
  return typed.some((stem) => holds(index, [stem], doc))
    ? 'has the main words of papers on this'
    : 'related words in papers like it'
}

/** How a paper suits a taste: `close to 3 papers you liked: diffusion, protein`. `value`: what it adds to the score. */
export function tasteInWords(index: PaperIndex, { liking }: TopicScores, doc: number, value: number): string {
  if (liking === undefined) return ''
  const { taste } = liking
  const all = taste.likes === 1 ? 'the paper you liked' : `the ${taste.likes} papers you liked`
  if (value <= 0) return `unlike ${all}`
  liking.names ??= tasteNames(index, taste)
  const words = wordsHeld(index, liking.names, doc)
  const close = closeLikes(liking, doc) ?? taste.likes
  const told = closeness(close, taste.likes, all, words.length > 0)
  return words.length > 0 ? `${told}: ${words.join(', ')}` : told
}

/** To how many of the liked papers; where it is close to none, what is left to say. */
function closeness(close: number, likes: number, all: string, hasWords: boolean): string {
  if (close === likes) return `close to ${all}`
  if (close === 0) return hasWords ? `has words of ${all}` : `a little like ${all}`
  return close === 1 ? 'close to a paper you liked' : `close to ${close} papers you liked`
}

/** Related words that the query does not have itself, and those that it has. No function words are among them. */
function relatedNames(
  index: PaperIndex,
  { query, expansion }: TopicScores,
): { names: NamedWords; typed: string[] } {
  const own: string[] = []
  for (const clause of query.clauses)
    if (clause.kind === 'text') for (const variant of clause.variants) own.push(...variant)
  const numbers = wordListsOf(index)?.numbers
  const { stems } = index.collection!
  const names: NamedWords = { terms: [], stems: [] }
  const typed: string[] = []
  for (const number of expansion.terms) {
    const stem = stems[number]!
    const isOwn = own.includes(stem)
    if (isOwn || index.compounds.has(stem)) typed.push(stem)
    const term = numbers === undefined ? (index.terms.get(stem) ?? -1) : numbers[number]!
    if (term < 0 || isOwn) continue
    names.terms.push(term)
    names.stems.push(stem)
  }
  return { names, typed }
}

function tasteNames(index: PaperIndex, { words }: Taste): NamedWords {
  const names: NamedWords = { terms: [], stems: [] }
  const numbers = wordListsOf(index)?.numbers
  for (const { stem, term, weight } of words.slice(0, TRIED_WORDS)) {
    const own = numbers === undefined || term < 0 ? (index.terms.get(stem) ?? -1) : numbers[term]!
    if (weight <= 0 || own < 0 || isStopStem(stem)) continue
    names.terms.push(own)
    names.stems.push(stem)
  }
  return names
}

/** For each term of an index its place among the names looked for, from 1; all 0 between two looks. */
let ranks = new Uint8Array(0)

/** The first few words that the paper itself has; two that stand side by side there as one. */
function wordsHeld(index: PaperIndex, { terms, stems }: NamedWords, doc: number): string[] {
  if (ranks.length < index.terms.size) ranks = new Uint8Array(index.terms.size)
  for (let at = 0; at < terms.length; at++) ranks[terms[at]!] = at + 1
  const { held, pairs } = rankedWords(index.sequences[doc]!)
  for (let at = 0; at < terms.length; at++) ranks[terms[at]!] = 0
  const words: string[] = []
  while (held.length > 0 && words.length < NAMED_WORDS) {
    const first = held.shift()!
    const pair = pairs.length === 0 ? undefined : pairWith(pairs, first, held)
    if (pair === undefined) words.push(writtenWord(index, stems[first - 1]!))
    else {
      held.splice(held.indexOf(pair[0] === first ? pair[1] : pair[0]), 1)
      words.push(pair.map((rank) => writtenWord(index, stems[rank - 1]!)).join(' '))
    }
  }
  return words
}

/** The best ranks of the words that stand in a text, and all that stand side by side, in reading order. */
function rankedWords(sequence: Int32Array): { held: number[]; pairs: [number, number][] } {
  const held: number[] = []
  const pairs: [number, number][] = []
  let before = 0
  for (let at = 0; at < sequence.length; at++) {
    const term = sequence[at]!
    const rank = term < 0 ? 0 : ranks[term]!
    if (rank !== 0) {
      addRank(held, rank)
      if (before !== 0) pairs.push([before, rank])
    }
    before = rank
  }
  return { held, pairs }
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
