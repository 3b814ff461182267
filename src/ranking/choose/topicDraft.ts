import type { Topic } from '../../domain.ts'
import { reasonOf, UsageError } from '../../errors.ts'
import type { PaperIndex } from '../index/paperIndex.ts'
import { EVERYTHING, parseQuery, type TopicQuery } from '../language/query.ts'
import { bestPapers } from '../score/bestPapers.ts'
import { likingOf } from '../score/taste.ts'
import { type Leanings, scoreOf, scoreTopic, type TopicScores } from '../score/topicScore.ts'
import type { Candidate } from './variety.ts'

export interface DraftOptions extends Leanings {
  /** At most this many papers in the digest. */
  max: number
  /** Papers this subscriber must not get, for instance those already sent; near-copies of them do not come either. */
  exclude?: (paperId: number) => boolean
}

/** The topic of a subscriber who named none. */
export const TRENDING = 'Trending'

/** A topic while the digest is being put together. */
export interface TopicDraft {
  name: string
  scores: TopicScores
  quota: number
  /** Papers that may come, best first. */
  best: Candidate[]
  /** Whether there are more than `best`. */
  hasMore: boolean
  taken: number[]
}

/**
 * Matches each topic against the index; without topics, what is trending.
 * @throws UsageError naming the topic whose query cannot be read
 */
export function draftsOf(index: PaperIndex, topics: readonly Topic[], options: DraftOptions): TopicDraft[] {
  const { max } = options
  const wanted: readonly Topic[] = topics.length > 0 ? topics : [{ name: TRENDING, query: '', quota: null }]
  // Each other topic can take at most `max` of a topic's best before its turn comes; some more, so that there is a choice.
  const limit = max * (wanted.length + 2)
  const liking = options.taste && likingOf(index, options.taste)
  return wanted.map(({ name, query, quota }) => {
    const parsed = topics.length > 0 ? queryOf(name, query) : EVERYTHING
    const scores = scoreTopic(index, parsed, options, liking)
    const best = candidatesOf(index, scores, options.exclude, limit)
    const hasMore = best.length === limit
    return { name, scores, quota: Math.min(quota ?? max, max), best, hasMore, taken: [] }
  })
}

/** The papers that may come for a topic, best first; at most `limit`. */
export function candidatesOf(
  index: PaperIndex,
  scores: TopicScores,
  exclude: DraftOptions['exclude'],
  limit?: number,
): Candidate[] {
  return bestPapers(index, scores, exclude, limit).map((doc) => ({
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
