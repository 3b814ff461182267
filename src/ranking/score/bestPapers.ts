import { insertTopK } from '../../topK.ts'
import type { RankingIndex } from '../corpus/corpusModel.ts'
import type { RankablePaper } from '../index/paperIndex.ts'
import type { TopicQuery } from '../language/query.ts'
import {
  floorsOf,
  interestLowerBound,
  meetsConditions,
  reachesCut,
  type ScoreOptions,
  scoreOf,
  scoreTopic,
  scoreUpperBound,
  type TopicScores,
  tastePart,
} from './topicScore.ts'

/** The score of every paper by its position in the index, whether or not it may be sent. */
export function scorePapers(
  index: RankingIndex,
  query: TopicQuery,
  options: ScoreOptions = {},
): Float64Array {
  const topic = scoreTopic(index, query, options)
  return Float64Array.from(index.papers, (_, doc) => scoreOf(topic, doc))
}

/**
 * The papers that may be sent for a topic, best first, by their positions in the index; at most `limit`. Of papers with equal
 * scores the one with more upvotes comes first, then the later day, then the lower id.
 */
export function bestPapers(
  topic: TopicScores,
  exclude: (paperId: number) => boolean = () => false,
  limit: number = Number.POSITIVE_INFINITY,
): number[] {
  if (limit <= 0) return []
  const best =
    limit <= SHORT_LIST ? shortList(topic, exclude, limit) : longList(topic, exclude).slice(0, limit)
  return best.map(({ doc }) => doc)
}

/** Up to this length a list is kept in order while it grows. */
const SHORT_LIST = 100

interface Candidate {
  doc: number
  paper: RankablePaper
  score: number
}

function longList(topic: TopicScores, exclude: (paperId: number) => boolean): Candidate[] {
  const { papers } = topic.index
  const floors = floorsOf(topic)
  const all: Candidate[] = []
  for (let doc = 0; doc < papers.length; doc++) {
    const floor = topic.held[doc] === 0 ? floors.related : floors.held
    if (topic.interest[doc]! < floor || !mayCome(topic, exclude, doc)) continue
    all.push({ doc, paper: papers[doc]!, score: scoreOf(topic, doc) })
  }
  return all.sort(bestFirst)
}

/**
 * Once the list is full, a paper is skipped as soon as a cheap bound shows that its score is below all of the list. Most papers
 * are skipped by their interest alone.
 */
function shortList(topic: TopicScores, exclude: (paperId: number) => boolean, limit: number): Candidate[] {
  const { interest, held, index } = topic
  const { papers } = index
  const floors = floorsOf(topic)
  const best: Candidate[] = []
  let needed = floors.held
  let least = Number.NEGATIVE_INFINITY
  for (let doc = 0; doc < papers.length; doc++) {
    const value = interest[doc]!
    if (value < needed || (held[doc] === 0 && value < floors.related)) continue
    if (best.length === limit && upperBound(topic, doc) < least) continue
    if (!mayCome(topic, exclude, doc)) continue
    insertTopK(best, { doc, paper: papers[doc]!, score: scoreOf(topic, doc) }, limit, bestFirst)
    if (best.length < limit) continue
    least = best[limit - 1]!.score
    needed = neededInterest(topic, floors.held, least)
  }
  return best
}

function mayCome(topic: TopicScores, exclude: (paperId: number) => boolean, doc: number): boolean {
  if (topic.scored.length > 0 && !reachesCut(topic, doc)) return false
  return meetsConditions(topic, doc) && !exclude(topic.index.papers[doc]!.id)
}

function upperBound(topic: TopicScores, doc: number): number {
  const bound = scoreUpperBound(topic, doc)
  return topic.tasteScores === undefined ? bound : bound + tastePart(topic, doc)
}

/** A taste can lift a paper of any interest, so with a taste the floor alone counts. */
function neededInterest(topic: TopicScores, floor: number, score: number): number {
  return topic.tasteScores === undefined ? Math.max(floor, interestLowerBound(topic, score)) : floor
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
