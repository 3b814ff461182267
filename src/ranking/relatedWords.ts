import { holds } from './hits.ts'
import type { PaperIndex } from './paperIndex.ts'
import { isStopStem } from './stopWords.ts'
import type { Taste } from './taste.ts'
import type { TopicScores } from './topicScore.ts'
import { wordListsOf } from './wordLists.ts'
import { writtenWord } from './writtenWords.ts'

/** Words a reason names at most, and how many of a taste's heaviest are tried for it. */
const NAMED_WORDS = 3
const TRIED_WORDS = 40

/** A word of the index that a reason may name. */
export interface NamedWord {
  /** Its number in the index. */
  term: number
  stem: string
}

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
): { names: NamedWord[]; typed: string[] } {
  const stems = new Set<string>()
  for (const clause of query.clauses)
    if (clause.kind === 'text')
      for (const variant of clause.variants) for (const stem of variant) stems.add(stem)
  const numbers = wordListsOf(index)?.numbers
  const names: NamedWord[] = []
  const typed: string[] = []
  for (const term of expansion.terms) {
    const stem = index.collection!.stems[term]!
    const number = numbers === undefined ? (index.terms.get(stem) ?? -1) : numbers[term]!
    if (stems.has(stem) || index.compounds.has(stem)) typed.push(stem)
    if (number >= 0 && !stems.has(stem)) names.push({ term: number, stem })
  }
  return { names, typed }
}

function tasteNames(index: PaperIndex, { words }: Taste): NamedWord[] {
  const names: NamedWord[] = []
  for (const { stem, weight } of words.slice(0, TRIED_WORDS)) {
    const term = weight > 0 ? index.terms.get(stem) : undefined
    if (term !== undefined && !isStopStem(stem)) names.push({ term, stem })
  }
  return names
}

/** For each term of an index its place among the names looked for, from 1; all 0 between two looks. */
let ranks = new Uint8Array(0)

/** The first few words that the paper itself has; two that stand side by side there as one. */
function wordsHeld(index: PaperIndex, names: readonly NamedWord[], doc: number): string[] {
  if (ranks.length < index.terms.size) ranks = new Uint8Array(index.terms.size)
  for (let at = 0; at < names.length; at++) ranks[names[at]!.term] = at + 1
  const { held, pairs } = rankedWords(index.sequences[doc]!, names.length)
  for (const { term } of names) ranks[term] = 0
  const left = held.slice(0, 2 * NAMED_WORDS)
  const words: string[] = []
  while (left.length > 0 && words.length < NAMED_WORDS) {
    const first = left.shift()!
    const second = left.find((rank) => pairOf(pairs, first, rank) !== undefined)
    if (second !== undefined) left.splice(left.indexOf(second), 1)
    const inOrder = second === undefined ? [first] : pairOf(pairs, first, second)!
    words.push(inOrder.map((rank) => writtenWord(index, names[rank - 1]!.stem)).join(' '))
  }
  return words
}

/** The ranks of the ranked words that stand in a text, best first, and those that stand side by side, in reading order. */
function rankedWords(sequence: Int32Array, count: number): { held: number[]; pairs: [number, number][] } {
  const isHeld = new Array<boolean>(count + 1).fill(false)
  const pairs: [number, number][] = []
  let before = 0
  for (let at = 0; at < sequence.length; at++) {
    const term = sequence[at]!
    const rank = term < 0 ? 0 : ranks[term]!
    if (rank !== 0) {
      isHeld[rank] = true
      if (before !== 0) pairs.push([before, rank])
    }
    before = rank
  }
  const held: number[] = []
  for (let rank = 1; rank <= count; rank++) if (isHeld[rank]) held.push(rank)
  return { held, pairs }
}

/** Two words in the order in which the text has them side by side first. */
function pairOf(
  pairs: readonly [number, number][],
  first: number,
  second: number,
): [number, number] | undefined {
  for (const pair of pairs)
    if ((pair[0] === first && pair[1] === second) || (pair[0] === second && pair[1] === first)) return pair
  return undefined
}
