import { type Explanation, explain } from '../explain/explanation.ts'
import type { PaperIndex, RankablePaper } from '../index/paperIndex.ts'
import type { TopicQuery } from '../language/query.ts'
import {
  endTopic,
  floorsOf,
  type Leanings,
  leastInterestFor,
  meetsConditions,
  mostOf,
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
  if (limit <= 0) return []
  const { papers } = index
  const { interest, held, liking } = topic
  const floors = floorsOf(topic)
  let needed = floors.held
  const isShort = limit <= SHORT_LIST
  const best: Candidate[] = []
  let least = Number.NEGATIVE_INFINITY
  for (let doc = 0; doc < papers.length; doc++) {
    const value = interest[doc]!
    if (value < needed || (held[doc] === 0 && value < floors.related)) continue
    if (least > Number.NEGATIVE_INFINITY) {
      const most = mostOf(topic, doc)
      if ((liking === undefined ? most : most + tastePart(topic, doc)) < least) continue
    }
    const paper = papers[doc]!
    if (!meetsConditions(topic, doc) || exclude(paper.id)) continue
    const candidate = { doc, paper, score: scoreOf(topic, doc) }
    if (isShort) insert(best, candidate, limit)
    else best.push(candidate)
    if (!isShort || best.length < limit) continue
    least = best[limit - 1]!.score
    if (liking === undefined) needed = Math.max(floors.held, leastInterestFor(topic, least))
  }
  if (!isShort) best.sort(bestFirst)
  return best.slice(0, limit).map(({ doc }) => doc)
}

/** Up to this length a list is kept in order while it grows. */
const SHORT_LIST = 100

function insert(best: Candidate[], candidate: Candidate, limit: number): void {
  if (best.length === limit && bestFirst(candidate, best[limit - 1]!) > 0) return
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
