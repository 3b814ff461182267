import type { DigestItem, Topic } from '../../domain.ts'
import type { RankingIndex } from '../corpus/corpusModel.ts'
import { explain } from '../explain/explanation.ts'
import { returnBuffers } from '../score/scoreBuffers.ts'
import { exploreItem, LEAST_MAX } from './explore.ts'
import { type NothingChosen, nothingChosen, nothingInWords } from './nothingChosen.ts'
import { candidatesOf, type DraftOptions, draftsOf, type TopicDraft } from './topicDraft.ts'
import { type Choice, newChoice, takeBest } from './variety.ts'

export interface DigestOptions extends DraftOptions {
  /** Whether one paper may come from outside of the topics. Default: no. */
  explore?: boolean
  /** Names subscriber and day: each subscriber explores another paper, and the same one when a digest is made again. */
  seed?: string
}

/** A digest's papers in the order of its topics, best first within each. If there are none, `nothing` says why, and `reason` says it in words. */
export interface DigestSelection {
  items: DigestItem[]
  reason?: string
  nothing?: NothingChosen
}

/**
 * Chooses a digest from the index's papers. Topics take turns in their order. Each takes its best paper that is not taken
 * yet and does not resemble a taken one too much, until `max` or every topic's quota is reached. So no paper comes twice, and no
 * digest is full of near-copies. Without topics the most upvoted papers are taken. A paper to explore comes last.
 */
export function selectDigest(
  index: RankingIndex,
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
  const items = [...drafts.flatMap((draft) => itemsOf(draft)), ...(found === undefined ? [] : [found])]
  const nothing = items.length > 0 ? undefined : nothingChosen(index, drafts, exclude)
  for (const { scores } of drafts) returnBuffers(scores)
  return nothing === undefined ? { items } : { items, reason: nothingInWords(nothing), nothing }
}

/** A topic's papers, best first. */
function itemsOf({ name, scores, taken }: TopicDraft): DigestItem[] {
  return taken
    .map((doc) => ({ paperId: scores.index.papers[doc]!.id, explanation: explain(scores, doc) }))
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
    draft.best = candidatesOf(draft.scores, choice.exclude)
    draft.hasMore = false
    doc = takeBest(choice, draft.best, most)
  }
  if (doc !== undefined) draft.taken.push(doc)
}
