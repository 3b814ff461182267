import { fieldInWords, fieldTest } from './fieldMatch.ts'
import { IN_ABSTRACT, IN_TITLE, type PaperIndex, type RankablePaper } from './paperIndex.ts'
import type { Clause } from './query.ts'
import type { ScoredClause } from './scoredClauses.ts'
import { type TopicScores, trendPart } from './topicScore.ts'

/** One share of a paper's score. */
export interface ScorePart {
  /** The clause that gave it, or what else did. */
  kind: Clause['kind'] | 'related' | 'taste' | 'trend'
  /** The clause's text, or the upvotes. */
  text: string
  value: number
}

/** A paper's score, its parts, which add up to it exactly (summed in order), and the reason in words. */
export interface Explanation {
  score: number
  parts: ScorePart[]
  reasons: string[]
}

/** Words a reason names at most. */
const NAMED_WORDS = 4

/** Explains the score of one paper of the index. */
export function explain(index: PaperIndex, topic: TopicScores, doc: number): Explanation {
  const paper = index.papers[doc]!
  const hits = topic.scored.flatMap((scored) => hitOf(scored, doc))
  const parts: ScorePart[] = hits.map(({ clause, value }) => ({
    kind: clause.kind,
    text: clause.text,
    value,
  }))
  const related = topic.related[doc] ?? 0
  if (related > 0) parts.push({ kind: 'related', text: 'related words', value: related })
  if (topic.taste.length > 0) parts.push({ kind: 'taste', text: 'your taste', value: topic.taste[doc]! })
  const trend = trendPart(topic, doc, paper)
  if (trend > 0) parts.push({ kind: 'trend', text: upvotesInWords(paper), value: trend })
  const score = parts.reduce((sum, { value }) => sum + value, 0)
  return { score, parts, reasons: reasonsOf(index, topic, doc, hits) }
}

/** A clause that this paper matches. */
interface Hit {
  clause: Clause
  places: number
  value: number
}

function hitOf({ clause, match, places, factor }: ScoredClause, doc: number): Hit[] {
  const at = positionOf(match.docs, doc)
  return at < 0 ? [] : [{ clause, places: places?.[at] ?? 0, value: factor * match.weights[at]! }]
}

function positionOf(docs: Int32Array, doc: number): number {
  let from = 0
  let to = docs.length - 1
  while (from <= to) {
    const middle = (from + to) >> 1
    const found = docs[middle]!
    if (found === doc) return middle
    if (found < doc) from = middle + 1
    else to = middle - 1
  }
  return -1
}

/** Best first; at least one, whatever the query. */
function reasonsOf(index: PaperIndex, topic: TopicScores, doc: number, hits: readonly Hit[]): string[] {
  const paper = index.papers[doc]!
  const texts = hits.filter(({ clause }) => clause.kind === 'text').sort((a, b) => b.value - a.value)
  const reasons = [
    ...placeReason(
      'matches ',
      texts.filter(({ places }) => places & IN_TITLE),
      ' in the title',
    ),
    ...placeReason(
      '',
      texts.filter(({ places }) => (places & (IN_TITLE | IN_ABSTRACT)) === IN_ABSTRACT),
      ' in the abstract',
    ),
    ...placeReason(
      '',
      texts.filter(({ places }) => !(places & (IN_TITLE | IN_ABSTRACT))),
      ' in the keywords',
    ),
    ...fieldReasons(index, topic, doc),
  ]
  if ((paper.upvotes ?? 0) > 0) reasons.push(upvotesInWords(paper))
  return reasons.length > 0 ? reasons : [paper.day === null ? 'new' : `listed on ${paper.day}`]
}

function placeReason(before: string, hits: readonly Hit[], after: string): string[] {
  if (hits.length === 0) return []
  const words = [...new Set(hits.map(({ clause }) => `“${clause.text}”`))].slice(0, NAMED_WORDS)
  const last = words.pop()!
  return [`${before}${words.length > 0 ? `${words.join(', ')} and ${last}` : last}${after}`]
}

/** The fields, wished for or demanded, that this paper has. */
function fieldReasons(index: PaperIndex, { query }: TopicScores, doc: number): string[] {
  return query.clauses
    .filter((clause) => clause.kind !== 'text')
    .filter((clause) => clause.occurrence !== 'never' && fieldTest(index, clause)(doc))
    .map(fieldInWords)
}

function upvotesInWords({ upvotes }: RankablePaper): string {
  return upvotes === 1 ? '1 upvote' : `${upvotes} upvotes`
}
