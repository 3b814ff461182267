import { fieldInWords, fieldTest } from './fieldMatch.ts'
import { hitsOf, placesInWords } from './hits.ts'
import type { PaperIndex, RankablePaper } from './paperIndex.ts'
import type { Clause } from './query.ts'
import { relatedInWords, tasteInWords } from './relatedWords.ts'
import { type TopicScores, tastePart, trendParts } from './topicScore.ts'
import { riseInWords, upvotesInWords } from './trend.ts'

/** One share of a paper's score. */
export interface ScorePart {
  /** The clause that gave it, or what else did. */
  kind: Clause['kind'] | 'related' | 'taste' | 'popular' | 'rising' | 'near'
  /** In plain words, never empty. */
  text: string
  /** Below 0 only for a taste. */
  value: number
}

/** A paper's score, its parts, which add up to it exactly (summed in order), and the reason in words. */
export interface Explanation {
  score: number
  parts: ScorePart[]
  /** What speaks for it, in words; at least one. */
  reasons: string[]
}

/** Explains the score of one paper of the index. */
export function explain(index: PaperIndex, topic: TopicScores, doc: number): Explanation {
  const hits = hitsOf(index, topic, doc)
  const parts: ScorePart[] = []
  for (const { clause, name, value } of hits) parts.push({ kind: clause.kind, text: name, value })
  const others = [...relatedExplained(index, topic, doc), ...tasteExplained(index, topic, doc)]
  others.push(...trendExplained(topic, doc, index.papers[doc]!))
  const reasons = placesInWords(index, hits, doc)
  reasons.push(...fieldReasons(index, topic, doc))
  for (const part of others) {
    parts.push(part)
    // What speaks against a paper is a part, and no reason for it.
    if (part.value > 0) reasons.push(part.text)
  }
  if (reasons.length === 0) reasons.push(newness(index.papers[doc]!))
  return { score: sumOf(parts), parts, reasons }
}

/** The sum of parts in their order. */
export function sumOf(parts: readonly ScorePart[]): number {
  let sum = 0
  for (const { value } of parts) sum += value
  return sum
}

function relatedExplained(index: PaperIndex, topic: TopicScores, doc: number): ScorePart[] {
  const value = topic.related[doc] ?? 0
  return value > 0 ? [{ kind: 'related', text: relatedInWords(index, topic, doc), value }] : []
}

function tasteExplained(index: PaperIndex, topic: TopicScores, doc: number): ScorePart[] {
  const value = tastePart(topic, doc)
  return value === 0 ? [] : [{ kind: 'taste', text: tasteInWords(index, topic, doc, value), value }]
}

/** What upvotes and their speed add, in the order in which the score sums them. */
function trendExplained(topic: TopicScores, doc: number, paper: RankablePaper): ScorePart[] {
  const { popular, rising } = trendParts(topic, doc)
  const parts: ScorePart[] = []
  if (popular > 0) parts.push({ kind: 'popular', text: upvotesInWords(paper.upvotes ?? 0), value: popular })
  if (rising > 0) parts.push({ kind: 'rising', text: `rising: ${riseInWords(paper)}`, value: rising })
  return parts
}

/** The fields, wished for or demanded, that this paper has. */
function fieldReasons(index: PaperIndex, { query }: TopicScores, doc: number): string[] {
  if (query.clauses.every(({ kind }) => kind === 'text')) return []
  return query.clauses
    .filter((clause) => clause.kind !== 'text')
    .filter((clause) => clause.occurrence !== 'never' && fieldTest(index, clause)(doc))
    .map(fieldInWords)
}

function newness({ day }: RankablePaper): string {
  return day === null ? 'new' : `listed on ${day}`
}
