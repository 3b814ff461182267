import { fieldInWords, fieldTest } from '../index/fieldMatch.ts'
import type { PaperIndex, RankablePaper } from '../index/paperIndex.ts'
import type { Clause } from '../language/query.ts'
import { type TopicScores, tastePart, trendParts } from '../score/topicScore.ts'
import { riseInWords, upvotesInWords } from '../score/trend.ts'
import { hitsOf, placesInWords } from './hits.ts'
import { relatedInWords, tasteInWords } from './relatedWords.ts'

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
  addRelated(parts, index, topic, doc)
  addTaste(parts, index, topic, doc)
  addTrend(parts, index, topic, doc)
  const reasons = placesInWords(index, hits, doc)
  reasons.push(...fieldReasons(index, topic, doc))
  // What speaks against a paper is a part, and no reason for it.
  for (let at = hits.length; at < parts.length; at++) if (parts[at]!.value > 0) reasons.push(parts[at]!.text)
  if (reasons.length === 0) reasons.push(newness(index.papers[doc]!))
  return { score: sumOf(parts), parts, reasons }
}

/** The sum of parts in their order. */
export function sumOf(parts: readonly ScorePart[]): number {
  let sum = 0
  for (const { value } of parts) sum += value
  return sum
}

function addRelated(parts: ScorePart[], index: PaperIndex, topic: TopicScores, doc: number): void {
  const value = topic.related[doc] ?? 0
  if (value > 0) parts.push({ kind: 'related', text: relatedInWords(index, topic, doc), value })
}

function addTaste(parts: ScorePart[], index: PaperIndex, topic: TopicScores, doc: number): void {
  const value = tastePart(topic, doc)
  if (value !== 0) parts.push({ kind: 'taste', text: tasteInWords(index, topic, doc, value), value })
}

/** What upvotes and their speed add, in the order in which the score sums them. */
function addTrend(parts: ScorePart[], { papers }: PaperIndex, topic: TopicScores, doc: number): void {
  const { popular, rising } = trendParts(topic, doc)
  const paper = papers[doc]!
  if (popular > 0) parts.push({ kind: 'popular', text: upvotesInWords(paper.upvotes ?? 0), value: popular })
  if (rising > 0) parts.push({ kind: 'rising', text: `rising: ${riseInWords(paper)}`, value: rising })
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
