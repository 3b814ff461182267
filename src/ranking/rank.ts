import { type Explanation, explain } from './explanation.ts'
import type { PaperIndex, RankablePaper } from './paperIndex.ts'
import type { TopicQuery } from './query.ts'
import { DEFAULT_TREND_WEIGHT, passes, scoreTopic, type TopicScores, trendPart } from './topicScore.ts'

/** A paper ranked for a query. */
export interface Ranked extends Explanation {
  paperId: number
}

export interface RankOptions {
  /** Share of the score that upvotes decide: 0 only interests, 1 only what is trending (of what matches). Default 0.15. */
  trendWeight?: number
  /** Papers that must not come, for instance those already sent. */
  exclude?: (paperId: number) => boolean
  /** At most this many, best first. Default: all that match. */
  limit?: number
}

/**
 * The papers of the index that match the query, best first; of equal score the one with more upvotes, then the later day, then
 * the lower id comes first. Scores are finite and above 0, except that a query of filters alone scores by trend, from 0 on.
 */
export function rankTopic(index: PaperIndex, query: TopicQuery, options: RankOptions = {}): Ranked[] {
  const topic = scoreTopic(index, query, options.trendWeight ?? DEFAULT_TREND_WEIGHT)
  return bestPapers(index, topic, options.exclude, options.limit).map((doc) => ({
    paperId: index.papers[doc]!.id,
    ...explain(index, topic, doc),
  }))
}

/** The places in the index of the papers that may be sent for a topic, best first. */
export function bestPapers(
  index: PaperIndex,
  topic: TopicScores,
  exclude: (paperId: number) => boolean = () => false,
  limit: number = Number.POSITIVE_INFINITY,
): number[] {
  const { papers } = index
  const candidates: Candidate[] = []
  for (let doc = 0; doc < papers.length; doc++) {
    const paper = papers[doc]!
    if (!passes(topic, doc) || exclude(paper.id)) continue
    candidates.push({ doc, paper, score: topic.interest[doc]! + trendPart(topic, doc, paper) })
  }
  return candidates
    .sort(bestFirst)
    .slice(0, limit)
    .map(({ doc }) => doc)
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
