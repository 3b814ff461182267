import { expandQuery } from './expansion.ts'
import { holds } from './hits.ts'
import type { PaperIndex } from './paperIndex.ts'
import { isStopStem } from './stopWords.ts'
import type { Taste } from './taste.ts'
import type { TopicScores } from './topicScore.ts'
import { writtenWord } from './writtenWords.ts'

/** Words a reason names at most, and how many of a taste's heaviest are tried for it. */
const NAMED_WORDS = 3
const TRIED_WORDS = 40

/** What a paper has of the words that the collection relates to a topic: `related words: message passing, embedding`. */
export function relatedInWords(index: PaperIndex, { query }: TopicScores, doc: number): string {
  const typed = new Set(
    query.clauses.flatMap((clause) => (clause.kind === 'text' ? clause.variants.flat() : [])),
  )
  const related = index.collection === undefined ? [] : expandQuery(index.collection, query).words
  const stems = related.map(({ stem }) => stem).filter((stem) => !typed.has(stem))
  const words = wordsHeld(index, stems, doc)
  if (words.length > 0) return `related words: ${words.join(', ')}`
  return related.some(({ stem }) => holds(index, [stem], doc))
    ? 'has the main words of papers on this'
    : 'related words in papers like it'
}

/** How a paper suits a taste: `close to the 3 papers you liked: diffusion, protein`. `value`: what it adds to the score. */
export function tasteInWords(index: PaperIndex, taste: Taste, doc: number, value: number): string {
  const liked = taste.likes === 1 ? 'the paper you liked' : `the ${taste.likes} papers you liked`
  if (value <= 0) return `unlike ${liked}`
  const stems = taste.words.slice(0, TRIED_WORDS).flatMap(({ stem, weight }) => (weight > 0 ? [stem] : []))
  const words = wordsHeld(index, stems, doc)
  return words.length > 0 ? `close to ${liked}: ${words.join(', ')}` : `close to ${liked}`
}

/** The first few stems that the paper itself has, as people write them; two that stand side by side there as one. */
function wordsHeld(index: PaperIndex, stems: readonly string[], doc: number): string[] {
  const left = stems
    .filter((stem) => holds(index, [stem], doc) && !isStopStem(stem))
    .slice(0, 2 * NAMED_WORDS)
  const words: string[] = []
  while (left.length > 0 && words.length < NAMED_WORDS) {
    const first = left.shift()!
    const pair = left.map((second) => pairIn(index, first, second, doc)).find((stems) => stems !== undefined)
    if (pair !== undefined) left.splice(left.indexOf(pair.find((stem) => stem !== first)!), 1)
    words.push((pair ?? [first]).map((stem) => writtenWord(index, stem)).join(' '))
  }
  return words
}

/** Two stems in the order in which the paper has them side by side. */
function pairIn({ terms, sequences }: PaperIndex, a: string, b: string, doc: number): string[] | undefined {
  const first = terms.get(a)
  const second = terms.get(b)
  const sequence = sequences[doc]!
  for (let at = 1; at < sequence.length; at++) {
    if (sequence[at - 1] === first && sequence[at] === second) return [a, b]
    if (sequence[at - 1] === second && sequence[at] === first) return [b, a]
  }
  return undefined
}
