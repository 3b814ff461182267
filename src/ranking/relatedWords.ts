import { hasTerm, holds } from './hits.ts'
import { mayHoldPair } from './pairFilter.ts'
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
export function tasteInWords(index: PaperIndex, topic: TopicScores, doc: number, value: number): string {
  const { learned } = topic
  if (learned === undefined) return ''
  const liked = learned.likes === 1 ? 'the paper you liked' : `the ${learned.likes} papers you liked`
  if (value <= 0) return `unlike ${liked}`
  topic.tasteNames ??= tasteNames(index, learned)
  const words = wordsHeld(index, topic.tasteNames, doc)
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
  for (const { term, stem } of expansion.words) {
    const number = numbers === undefined ? (index.terms.get(stem) ?? -1) : numbers[term]!
    if (stems.has(stem) || index.compounds.has(stem)) typed.push(stem)
    if (number >= 0 && !stems.has(stem)) names.push({ term: number, stem })
  }
  return { names, typed }
}

function tasteNames(index: PaperIndex, { words }: Taste): NamedWord[] {
  const heaviest = words.slice(0, TRIED_WORDS).filter(({ weight }) => weight > 0)
  return namesOf(
    index,
    heaviest.map(({ stem }) => stem),
  )
}

function namesOf(index: PaperIndex, stems: readonly string[]): NamedWord[] {
  const names: NamedWord[] = []
  for (const stem of stems) {
    const term = index.terms.get(stem)
    if (term !== undefined && !isStopStem(stem)) names.push({ term, stem })
  }
  return names
}

/** The first few words that the paper itself has; two that stand side by side there as one. */
function wordsHeld(index: PaperIndex, names: readonly NamedWord[], doc: number): string[] {
  const left: NamedWord[] = []
  for (const name of names) {
    if (left.length === 2 * NAMED_WORDS) break
    if (hasTerm(index, name.term, doc)) left.push(name)
  }
  const words: string[] = []
  while (left.length > 0 && words.length < NAMED_WORDS) {
    const first = left.shift()!
    const at = left.findIndex((second) => pairIn(index, first, second, doc) !== undefined)
    const stems = at < 0 ? [first.stem] : pairIn(index, first, left.splice(at, 1)[0]!, doc)!
    words.push(stems.map((stem) => writtenWord(index, stem)).join(' '))
  }
  return words
}

/** Two words in the order in which the paper has them side by side. */
function pairIn(
  { sequences, pairs }: PaperIndex,
  { term: first, stem }: NamedWord,
  { term: second, stem: other }: NamedWord,
  doc: number,
): string[] | undefined {
  if (!mayHoldPair(pairs, first, second) && !mayHoldPair(pairs, second, first)) return undefined
  const sequence = sequences[doc]!
  for (let at = 1; at < sequence.length; at++) {
    if (sequence[at - 1] === first && sequence[at] === second) return [stem, other]
    if (sequence[at - 1] === second && sequence[at] === first) return [other, stem]
  }
  return undefined
}
