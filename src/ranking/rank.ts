import { type Explanation, explain } from './explanation.ts'
import type { PaperIndex, RankablePaper } from './paperIndex.ts'
import type { TopicQuery } from './query.ts'
import {
  endTopic,
  floorsOf,
  type Leanings,
  meetsConditions,
  mostTrendOf,
  scoreOf,
  scoreTopic,
  type TopicScores,
  tastePart,
} from './topicScore.ts'

/** A paper ranked for a query. */
export interface Ranked extends Explanation {
  paperId: number
}

export interface RankOptions extends Leanings {
  /** Papers that must not come, for instance those already sent. */
  exclude?: (paperId: number) => boolean
  /** At most this many, best first. Default: all that match. */
  limit?: number
}

/**
 * The papers of the index that match the query, best first; of equal score the one with more upvotes, then the later day, then
 * the lower id comes first. Scores are finite; only a taste can bring one below 0.
 */
export function rankTopic(index: PaperIndex, query: TopicQuery, options: RankOptions = {}): Ranked[] {
  const topic = scoreTopic(index, query, options)
  const ranked = bestPapers(index, topic, options.exclude, options.limit).map((doc) => {
    const { score, parts, reasons } = explain(index, topic, doc)
    return { paperId: index.papers[doc]!.id, score, parts, reasons }
  })
  endTopic(topic)
  return ranked
}

/** The score of every paper of the index, by its place there, whether or not it may be sent. */
export function scorePapers(index: PaperIndex, query: TopicQuery, leanings: Leanings = {}): Float64Array {
  const topic = scoreTopic(index, query, leanings)
  return Float64Array.from(index.papers, (_, doc) => scoreOf(topic, doc))
}

/** The places in the index of the papers that may be sent for a topic, best first. */
export function bestPapers(
  index: PaperIndex,
  topic: TopicScores,
  exclude: (paperId: number) => boolean = () => false,
  limit: number = Number.POSITIVE_INFINITY,
): number[] {
  const { papers } = index
  const { interest, held, trends, liking } = topic
  const floors = floorsOf(topic)
  const mostTrend = mostTrendOf(topic)
  const best: Candidate[] = []
  let least = Number.NEGATIVE_INFINITY
  for (let doc = 0; doc < papers.length; doc++) {
    const value = interest[doc]!
    if (value < (held[doc] === 0 ? floors.related : floors.held)) continue
    const most = (value + mostTrend * trends.both[doc]!) * ROUNDED_UP
    if (most < least && (liking === undefined || most + tastePart(topic, doc) < least)) continue
    const paper = papers[doc]!
    if (!meetsConditions(topic, doc) || exclude(paper.id)) continue
    const candidate = { doc, paper, score: scoreOf(topic, doc) }
    if (limit > SHORT_LIST) best.push(candidate)
    else insert(best, candidate, limit)
    if (best.length === limit && limit > 0) least = best[limit - 1]!.score
  }
  if (limit > SHORT_LIST) best.sort(bestFirst)
  return best.slice(0, limit).map(({ doc }) => doc)
}

/** Rounding may make the parts of a score a little more than the most it can be. */
const ROUNDED_UP = 1 + 1e-9

/** Up to this length a list is kept in order while it grows. */
const SHORT_LIST = 100

function insert(best: Candidate[], candidate: Candidate, limit: number): void {
  if (best.length === limit && (limit === 0 || bestFirst(candidate, best[limit - 1]!) > 0)) return
  let at = Math.min(best.length, limit - 1)
  while (at > 0 && bestFirst(candidate, best[at - 1]!) < 0) {
    best[at] = best[at - 1]!
    at--
  }
  best[at] = candidate
}

interface Candidate {
  doc: number
  paper: RankablePaper
  score: number
}

function bestFirst(a: Candidate, b: Candidate): number {
  return (
    b.score - a.score ||
    (b.paper.upvotes ?? 0) - (a.paper.upvotes ?? 0) ||
    compareDays(b.paper.day ?? '', a.paper.day ?? '') ||
    a.paper.id - b.paper.id
  )
}

function compareDays(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
