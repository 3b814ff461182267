import { fieldInWords, fieldTest } from './fieldMatch.ts'
import { hitsOf, placesInWords } from './hits.ts'
import type { PaperIndex, RankablePaper } from './paperIndex.ts'
import type { Clause } from './query.ts'
import { relatedInWords, tasteInWords } from './relatedWords.ts'
import { type TopicScores, trendParts } from './topicScore.ts'
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
  const paper = index.papers[doc]!
  const hits = hitsOf(index, topic, doc)
  const parts: ScorePart[] = hits.map(({ clause, name, value }) => ({ kind: clause.kind, text: name, value }))
  const related = topic.related[doc] ?? 0
  if (related > 0) parts.push({ kind: 'related', text: relatedInWords(index, topic, doc), value: related })
  parts.push(...tasteExplained(index, topic, doc))
  parts.push(...trendExplained(topic, doc, paper))
  const texts = hits.filter(({ clause }) => clause.kind === 'text')
  const reasons = [
    ...placesInWords(index, texts, doc),
    ...fieldReasons(index, topic, doc),
    // What speaks against a paper is a part, and no reason for it.
    ...parts.filter(({ kind, value }) => isOwnReason(kind) && value > 0).map(({ text }) => text),
  ]
  return { score: sumOf(parts), parts, reasons: reasons.length > 0 ? reasons : [newness(paper)] }
}

/** Whether the part's text is a reason as it stands; those of clauses are put together by place. */
function isOwnReason(kind: ScorePart['kind']): boolean {
  return kind === 'related' || kind === 'taste' || kind === 'popular' || kind === 'rising'
}

/** The sum of parts in their order. */
export function sumOf(parts: readonly ScorePart[]): number {
  let sum = 0
  for (const { value } of parts) sum += value
  return sum
}

function tasteExplained(index: PaperIndex, topic: TopicScores, doc: number): ScorePart[] {
  const value = topic.taste[doc] ?? 0
  if (value === 0) return []
  return [{ kind: 'taste', text: tasteInWords(index, topic, doc, value), value }]
}

/** What upvotes and their speed add, in the order in which the score sums them. */
function trendExplained(topic: TopicScores, doc: number, paper: RankablePaper): ScorePart[] {
  const { popular, rising } = trendParts(topic, doc, paper)
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
