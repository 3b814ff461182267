import type { DigestItem, Topic } from '../domain.ts'
import { reasonOf, UsageError } from '../errors.ts'
import { explain } from './explanation.ts'
import { reasonForNothing } from './nothingChosen.ts'
import type { PaperIndex } from './paperIndex.ts'
import { EVERYTHING, parseQuery, type TopicQuery } from './query.ts'
import { bestPapers } from './rank.ts'
import { type Leanings, scoreTopic, type TopicScores } from './topicScore.ts'

export interface DigestOptions extends Leanings {
  /** At most this many papers in the digest. */
  max: number
  /** Papers this subscriber must not get, for instance those already sent. */
  exclude?: (paperId: number) => boolean
}

/** A digest's papers in the order of its topics, best first within each; or why there are none, in words. */
export interface DigestSelection {
  items: DigestItem[]
  reason?: string
}

/** The topic of a subscriber who named none. */
export const TRENDING = 'Trending'

/**
 * Chooses a digest from the index's papers. Topics take turns in their order, each taking its best paper not yet taken, until
 * `max` or every topic's quota is reached; so no paper is spent twice. Without topics the most upvoted papers are taken.
 */
export function selectDigest(
  index: PaperIndex,
  topics: readonly Topic[],
  options: DigestOptions,
): DigestSelection {
  const { max, exclude } = options
  const drafts = draftsOf(index, topics, options)
  takeTurns(drafts, max)
  const items = drafts.flatMap(({ name, scores, taken }) =>
    taken.map((doc) => {
      const { score, reasons } = explain(index, scores, doc)
      return { paperId: index.papers[doc]!.id, topic: name, score, reasons }
    }),
  )
  return items.length > 0 ? { items } : { items, reason: reasonForNothing(index, drafts, exclude) }
}

/** A topic while the digest is being put together. */
export interface TopicDraft {
  name: string
  scores: TopicScores
  quota: number
  /** Papers that may come, best first, as places in the index. */
  best: number[]
  taken: number[]
}

function draftsOf(index: PaperIndex, topics: readonly Topic[], options: DigestOptions): TopicDraft[] {
  const { max, exclude } = options
  const wanted: readonly Topic[] = topics.length > 0 ? topics : [{ name: TRENDING, query: '', quota: null }]
  return wanted.map(({ name, query, quota }) => {
    const scores = scoreTopic(index, topics.length > 0 ? queryOf(name, query) : EVERYTHING, options)
    // Each other topic can take at most `max` of this topic's best before its turn comes.
    const best = bestPapers(index, scores, exclude, max * wanted.length)
    return { name, scores, quota: Math.min(quota ?? max, max), best, taken: [] }
  })
}

function queryOf(name: string, query: string): TopicQuery {
  try {
    return parseQuery(query)
  } catch (error) {
    throw new UsageError(`Topic “${name}”: ${reasonOf(error)}`, { cause: error })
  }
}

function takeTurns(drafts: readonly TopicDraft[], max: number): void {
  const spent = new Set<number>()
  for (let round = 0; round < max && spent.size < max; round++)
    for (const draft of drafts) {
      if (spent.size >= max || draft.taken.length >= draft.quota) continue
      const next = draft.best.find((doc) => !spent.has(doc))
      if (next === undefined) continue
      spent.add(next)
      draft.taken.push(next)
    }
}
