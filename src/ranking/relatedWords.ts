import { holds } from './hits.ts'
import { FIELDS, type PaperIndex } from './paperIndex.ts'
import { isStopStem } from './stopWords.ts'
import type { Taste } from './taste.ts'
import type { TopicScores } from './topicScore.ts'
import { wordListsOf } from './wordLists.ts'

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

/** How a paper suits a taste: `close to the 3 papers you liked: diffusion, protein`. `value`: what it adds to the score. */
export function tasteInWords(index: PaperIndex, { liking }: TopicScores, doc: number, value: number): string {
  if (liking === undefined) return ''
  const { taste } = liking
  const liked = taste.likes === 1 ? 'the paper you liked' : `the ${taste.likes} papers you liked`
  if (value <= 0) return `unlike ${liked}`
  liking.names ??= tasteNames(index, taste)
  const words = wordsHeld(index, liking.names, doc)
  return words.length > 0 ? `close to ${liked}: ${words.join(', ')}` : `close to ${liked}`
}

/** Related words that the query does not have itself, and those that it has. No function words are among them. */
function relatedNames(
  index: PaperIndex,
  { query, expansion }: TopicScores,
): { names: number[]; typed: string[] } {
  const own: string[] = []
  for (const clause of query.clauses)
    if (clause.kind === 'text') for (const variant of clause.variants) own.push(...variant)
  const numbers = wordListsOf(index)?.numbers
  const { stems } = index.collection!
  const names: number[] = []
  const typed: string[] = []
  for (const number of expansion.terms) {
    const stem = stems[number]!
    const isOwn = own.includes(stem)
    if (isOwn || index.compounds.has(stem)) typed.push(stem)
    const term = numbers === undefined ? (index.terms.get(stem) ?? -1) : numbers[number]!
    if (term < 0 || isOwn) continue
    names.push(term)
  }
  return { names, typed }
}

function tasteNames(index: PaperIndex, { words }: Taste): number[] {
  const names: number[] = []
  const numbers = wordListsOf(index)?.numbers
  for (const { stem, term, weight } of words.slice(0, TRIED_WORDS)) {
    const own = numbers === undefined || term < 0 ? (index.terms.get(stem) ?? -1) : numbers[term]!
    if (weight <= 0 || own < 0 || isStopStem(stem)) continue
    names.push(own)
  }
  return names
}

/** For each term of an index its place among the names looked for, from 1; all 0 between two looks. */
let ranks = new Uint8Array(0)

/** The first few words that the paper itself has; two that stand side by side there as one. */
function wordsHeld(index: PaperIndex, terms: readonly number[], doc: number): string[] {
  if (ranks.length < index.terms.size) ranks = new Uint8Array(index.terms.size)
  for (let at = 0; at < terms.length; at++) ranks[terms[at]!] = at + 1
  const { held, pairs } = rankedWords(index, doc)
  for (let at = 0; at < terms.length; at++) ranks[terms[at]!] = 0
  const words: string[] = []
  while (held.length > 0 && words.length < NAMED_WORDS) {
    const first = held.shift()!
    const pair = pairs.length === 0 ? undefined : pairWith(pairs, first, held)
    if (pair === undefined) words.push(index.words[terms[first - 1]!]!)
    else {
      held.splice(held.indexOf(pair[0] === first ? pair[1] : pair[0]), 1)
      words.push(pair.map((rank) => index.words[terms[rank - 1]!]!).join(' '))
    }
  }
  return words
}

/** The best ranks of the words that stand in a text, and all that stand side by side, in reading order. */
function rankedWords({ texts }: PaperIndex, doc: number): { held: number[]; pairs: [number, number][] } {
  const held: number[] = []
  const pairs: [number, number][] = []
  let before = 0
  const end = texts.starts[(doc + 1) * FIELDS]!
  for (let at = texts.starts[doc * FIELDS]!; at < end; at++) {
    const term = texts.terms[at]!
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
