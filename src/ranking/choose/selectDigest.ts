import type { DigestItem, Topic } from '../../domain.ts'
import { explain } from '../explain/explanation.ts'
import type { PaperIndex } from '../index/paperIndex.ts'
import { endTopic } from '../score/topicScore.ts'
import { exploreItem, LEAST_MAX } from './explore.ts'
import { reasonForNothing } from './nothingChosen.ts'
import { candidatesOf, type DraftOptions, draftsOf, type TopicDraft } from './topicDraft.ts'
import { type Choice, newChoice, takeBest } from './variety.ts'

export interface DigestOptions extends DraftOptions {
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

/** A topic's papers, best first. */
function itemsOf(index: PaperIndex, { name, scores, taken }: TopicDraft): DigestItem[] {
  return taken
    .map((doc) => ({ paperId: index.papers[doc]!.id, explanation: explain(index, scores, doc) }))
    .sort((a, b) => b.explanation.score - a.explanation.score)
    .map(({ paperId, explanation: { score, reasons } }) => ({ paperId, topic: name, score, reasons }))
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
