import type { Topic } from '../../domain.ts'
import { reasonOf, UsageError } from '../../errors.ts'
import type { RankingIndex } from '../corpus/corpusModel.ts'
import { EVERYTHING, parseQuery, type TopicQuery } from '../language/query.ts'
import { bestPapers } from '../score/bestPapers.ts'
import { tasteScoresOf } from '../score/taste.ts'
import { type ScoreOptions, scoreOf, scoreTopic, type TopicScores } from '../score/topicScore.ts'
import type { Candidate } from './variety.ts'

export interface DraftOptions extends ScoreOptions {
  /** At most this many papers in the digest. */
  max: number
  /** Papers that this subscriber must not get, for instance those already sent. Near-copies of them do not come either. */
  exclude?: (paperId: number) => boolean
}

/** The name of the topic for a subscriber without topics. */
export const TRENDING = 'Trending'

/** A topic while a digest is chosen. */
export interface TopicDraft {
  name: string
  scores: TopicScores
  quota: number
  /** Papers that may come, best first. */
  best: Candidate[]
  /** Whether more papers may come than those in `best`. */
  hasMore: boolean
  taken: number[]
}

/**
 * Matches each topic against the index; without topics, all papers by trend.
 * @throws UsageError naming the topic whose query cannot be read
 */
export function draftsOf(index: RankingIndex, topics: readonly Topic[], options: DraftOptions): TopicDraft[] {
  const { max } = options
  const wanted: readonly Topic[] = topics.length > 0 ? topics : [{ name: TRENDING, query: '', quota: null }]
  // Other topics may take `max` papers of this topic's best each before its turn comes. Some more leave a choice.
  const limit = max * (wanted.length + 2)
  const tasteScores = options.taste && tasteScoresOf(index, options.taste)
  return wanted.map(({ name, query, quota, pickiness }) => {
    const parsed = topics.length > 0 ? queryOf(name, query) : EVERYTHING
    const scores = scoreTopic(index, parsed, { ...options, pickiness }, tasteScores)
    const best = candidatesOf(scores, options.exclude, limit)
    const hasMore = best.length === limit
    return { name, scores, quota: Math.min(quota ?? max, max), best, hasMore, taken: [] }
  })
}

/** The papers that may come for a topic, best first; at most `limit`. */
export function candidatesOf(
  scores: TopicScores,
  exclude: DraftOptions['exclude'],
  limit?: number,
): Candidate[] {
  return bestPapers(scores, exclude, limit).map((doc) => ({
    doc,
    score: scoreOf(scores, doc),
  }))
}

function queryOf(name: string, query: string): TopicQuery {
  try {
    return parseQuery(query)
  } catch (error) {
    throw new UsageError(`Topic “${name}”: ${reasonOf(error)}`, { cause: error })
  }
}
