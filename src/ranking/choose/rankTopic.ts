import type { RankingIndex } from '../corpus/corpusModel.ts'
import { type Explanation, explain } from '../explain/explanation.ts'
import type { TopicQuery } from '../language/query.ts'
import { bestPapers } from '../score/bestPapers.ts'
import { returnBuffers } from '../score/scoreBuffers.ts'
import { type ScoreOptions, scoreTopic } from '../score/topicScore.ts'

/** A paper ranked for a query. */
export interface Ranked extends Explanation {
  paperId: number
}

export interface RankOptions extends ScoreOptions {
  /** Papers that must not come, for instance those already sent. */
  exclude?: (paperId: number) => boolean
  /** At most this many papers, best first. Default: all that match. */
  limit?: number
}

/**
 * All papers of the index that match the query, best first: what benches and tests compare with. A digest is chosen by
 * `selectDigest`. Scores are finite; only a taste can make one fall below 0.
 */
export function rankTopic(index: RankingIndex, query: TopicQuery, options: RankOptions = {}): Ranked[] {
  const topic = scoreTopic(index, query, options)
  const ranked = bestPapers(topic, options.exclude, options.limit).map((doc) => {
    const { score, parts, reasons } = explain(topic, doc)
    return { paperId: index.papers[doc]!.id, score, parts, reasons }
  })
  returnBuffers(topic)
  return ranked
}
