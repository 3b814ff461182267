import { explain } from './explanation.ts'
import type { PaperIndex } from './paperIndex.ts'
import { bestPapers } from './rank.ts'
import type { TopicDraft } from './selectDigest.ts'
import { isInteresting } from './topicScore.ts'

/** Nearest misses that are named. */
const MISSES = 3

/** Why a digest has no paper, in words for the subscriber: no papers, nothing new, or nothing matched, with the nearest misses. */
export function reasonForNothing(
  index: PaperIndex,
  drafts: readonly TopicDraft[],
  exclude: (paperId: number) => boolean = () => false,
): string {
  const fresh = index.papers.filter(({ id }) => !exclude(id)).length
  if (index.papers.length === 0) return 'No new papers were listed.'
  if (fresh === 0) return `All ${papersInWords(index.papers.length)} of this day had been sent before.`
  if (drafts.every(({ quota }) => quota <= 0)) return 'The digest is set to hold no papers.'
  const sentBefore = new Set(drafts.flatMap(({ scores }) => bestPapers(index, scores))).size
  const names = drafts.map(({ name }) => `“${name}”`).join(', ')
  const opening =
    sentBefore > 0
      ? `Nothing new matched ${names}: ${papersInWords(sentBefore)} that did had been sent before.`
      : `None of ${papersInWords(fresh)} matched ${names}.`
  const misses = drafts.flatMap((draft) => nearestMisses(index, draft, exclude)).slice(0, MISSES)
  return misses.length === 0 ? opening : `${opening} Nearest: ${misses.join('; ')}.`
}

/** Papers with a word of the topic that fell short, with why, best first. */
function nearestMisses(
  index: PaperIndex,
  { scores }: TopicDraft,
  exclude: (paperId: number) => boolean,
): string[] {
  const near = [...index.papers.keys()].filter(
    (doc) => (scores.scored.length === 0 || scores.interest[doc]! > 0) && !exclude(index.papers[doc]!.id),
  )
  near.sort((a, b) => scores.interest[b]! - scores.interest[a]! || a - b)
  return near.slice(0, MISSES).map((doc) => {
    const unmet = scores.conditions.find(({ test }) => !test(doc))?.unmet
    const why = isInteresting(scores, doc) ? unmet : explain(index, scores, doc).reasons[0]
    return `“${index.papers[doc]!.title}” (${unmet ?? `only ${why}`})`
  })
}

function papersInWords(count: number): string {
  return count === 1 ? 'the one paper' : `${count} papers`
}
