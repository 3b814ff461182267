import type { DigestItem, Topic } from '../domain.ts'
import { reasonOf, UsageError } from '../errors.ts'
import { explain } from './explanation.ts'
import { exploreItem, LEAST_MAX } from './explore.ts'
import { reasonForNothing } from './nothingChosen.ts'
import type { PaperIndex } from './paperIndex.ts'
import { EVERYTHING, parseQuery, type TopicQuery } from './query.ts'
import { bestPapers } from './rank.ts'
import { likingOf } from './taste.ts'
import { endTopic, type Leanings, scoreOf, scoreTopic, type TopicScores } from './topicScore.ts'
import { type Candidate, type Choice, newChoice, takeBest } from './variety.ts'

export interface DigestOptions extends Leanings {
  /** At most this many papers in the digest. */
  max: number
  /** Papers this subscriber must not get, for instance those already sent; near-copies of them do not come either. */
  exclude?: (paperId: number) => boolean
  /** Whether one place goes to a paper from outside of the topics. Default: no. */
  explore?: boolean
  /** Subscriber and day, so that what is explored differs between them and stays the same for them. */
  seed?: string
}

/** A digest's papers in the order of its topics, best first within each; or why there are none, in words. */
export interface DigestSelection {
  items: DigestItem[]
  reason?: string
}

/** The topic of a subscriber who named none. */
export const TRENDING = 'Trending'

/**
 * Chooses a digest from the index's papers. Topics take turns in their order, each taking its best paper that is not yet taken
 * and not much like one that is, until `max` or every topic's quota is reached; so no paper is spent twice, and near-copies
 * fill no digest. Without topics the most upvoted papers are taken. A paper to explore comes last.
 */
export function selectDigest(
  index: PaperIndex,
  topics: readonly Topic[],
  options: DigestOptions,
): DigestSelection {
  const { max, exclude = () => false, explore = false, seed = '' } = options
  const drafts = draftsOf(index, topics, options)
  const choice = newChoice(index, exclude)
  const explores = explore && topics.length > 0 && max >= LEAST_MAX
  takeTurns(drafts, choice, explores ? max - 1 : max)
  const found = explores && choice.taken.size > 0 ? exploreItem(drafts, choice, seed) : undefined
  if (explores && found === undefined) takeTurns(drafts, choice, max)
  const items = [...drafts.flatMap((draft) => itemsOf(index, draft)), ...(found === undefined ? [] : [found])]
  const reason = items.length > 0 ? undefined : reasonForNothing(index, drafts, exclude)
  for (const { scores } of drafts) endTopic(scores)
  return reason === undefined ? { items } : { items, reason }
}

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

function draftsOf(index: PaperIndex, topics: readonly Topic[], options: DigestOptions): TopicDraft[] {
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

function candidatesOf(
  index: PaperIndex,
  scores: TopicScores,
  exclude: DigestOptions['exclude'],
  limit?: number,
): Candidate[] {
  return bestPapers(index, scores, exclude, limit).map((doc) => ({
    doc,
    score: scoreOf(scores, doc),
  }))
}

/** A topic's papers, best first. */
function itemsOf(index: PaperIndex, { name, scores, taken }: TopicDraft): DigestItem[] {
  return taken
    .map((doc) => ({ paperId: index.papers[doc]!.id, explanation: explain(index, scores, doc) }))
    .sort((a, b) => b.explanation.score - a.explanation.score)
    .map(({ paperId, explanation: { score, reasons } }) => ({ paperId, topic: name, score, reasons }))
}

function queryOf(name: string, query: string): TopicQuery {
  try {
    return parseQuery(query)
  } catch (error) {
    throw new UsageError(`Topic “${name}”: ${reasonOf(error)}`, { cause: error })
  }
}

function takeTurns(drafts: readonly TopicDraft[], choice: Choice, max: number): void {
  for (let round = 0; round < max && choice.taken.size < max; round++)
    for (const draft of drafts)
      if (choice.taken.size < max && draft.taken.length < draft.quota) takeTurn(draft, choice)
}

function takeTurn(draft: TopicDraft, choice: Choice): void {
  const most = draft.best[0]?.score ?? 0
  let doc = takeBest(choice, draft.best, most)
  if (doc === undefined && draft.hasMore) {
    draft.best = candidatesOf(choice.index, draft.scores, choice.exclude)
    draft.hasMore = false
    doc = takeBest(choice, draft.best, most)
  }
  if (doc !== undefined) draft.taken.push(doc)
}
