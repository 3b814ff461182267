import type { Reason } from '../../domain.ts'
import { fieldInWords, fieldTest } from '../index/fieldMatch.ts'
import type { PaperIndex, RankablePaper } from '../index/paperIndex.ts'
import type { Clause } from '../language/query.ts'
import { type TopicScores, tastePart, trendParts } from '../score/topicScore.ts'
import { risePerDay } from '../score/trend.ts'
import { hitsOf, wordReasons } from './matchedWords.ts'
import { relatedReason, tasteReason } from './wordsInPaper.ts'

/** One share of a paper's score. */
export interface ScorePart {
  /** The clause that gave it, or what else did. */
  kind: Clause['kind'] | 'related' | 'taste' | 'popular' | 'rising' | 'near'
  /** In plain words, never empty. */
  text: string
  /** Below 0 only for a taste. */
  value: number
}

/** A paper's score and the reasons for it. The parts, summed in their order, are exactly the score. */
export interface Explanation {
  score: number
  parts: ScorePart[]
  /** What speaks for the paper; at least one. */
  reasons: Reason[]
}

/** Explains the score of one paper of the index. */
export function explain(index: PaperIndex, topic: TopicScores, doc: number): Explanation {
  const hits = hitsOf(index, topic, doc)
  const parts: ScorePart[] = []
  for (const { clause, name, value } of hits) parts.push({ kind: clause.kind, text: name, value })
  const reasons = wordReasons(index, hits, doc)
  for (const reason of fieldReasons(index, topic, doc)) reasons.push(reason)
  const add = (reason: PartReason, value: number): void => {
    parts.push({ kind: reason.kind, text: reason.text, value })
    // What speaks against a paper is a part of its score, but no reason for it.
    if (value > 0) reasons.push(reason)
  }
  const related = topic.related[doc] ?? 0
  if (related > 0) add(relatedReason(index, topic, doc), related)
  const taste = tastePart(topic, doc)
  if (taste !== 0) add(tasteReason(index, topic, doc, taste), taste)
  // In the order in which the score sums them.
  const { popular, rising } = trendParts(topic, doc)
  if (popular > 0) add(popularReason(index.papers[doc]!), popular)
  if (rising > 0) add(risingReason(index.papers[doc]!), rising)
  if (reasons.length === 0) reasons.push(listedReason(index.papers[doc]!))
  return { score: sumOf(parts), parts, reasons }
}

type PartReason = Extract<Reason, { kind: 'related' | 'taste' | 'popular' | 'rising' }>

/** The sum of parts in their order. */
export function sumOf(parts: readonly ScorePart[]): number {
  let sum = 0
  for (const { value } of parts) sum += value
  return sum
}

/** `41 upvotes` */
export function popularReason({ upvotes }: RankablePaper): Extract<Reason, { kind: 'popular' }> {
  return { kind: 'popular', text: upvotesInWords(upvotes ?? 0), upvotes: upvotes ?? 0 }
}

/** `rising: 41 upvotes in a day` */
export function risingReason(paper: RankablePaper): Extract<Reason, { kind: 'rising' }> {
  const upvotesPerDay = risePerDay(paper)
  return { kind: 'rising', text: `rising: ${upvotesInWords(upvotesPerDay)} in a day`, upvotesPerDay }
}

/** The fields that the query wishes for or demands and that the paper has. */
function fieldReasons(index: PaperIndex, { query }: TopicScores, doc: number): Reason[] {
  if (query.clauses.every(({ kind }) => kind === 'text')) return []
  return query.clauses
    .filter((clause) => clause.kind !== 'text')
    .filter((clause) => clause.occurrence !== 'never' && fieldTest(index, clause)(doc))
    .map((clause) => ({ kind: 'field', text: fieldInWords(clause), field: clause.kind, value: clause.text }))
}

function listedReason({ day }: RankablePaper): Reason {
  return { kind: 'listed', text: day === null ? 'new' : `listed on ${day}`, day }
}

function upvotesInWords(count: number): string {
  return count === 1 ? '1 upvote' : `${count} upvotes`
}
