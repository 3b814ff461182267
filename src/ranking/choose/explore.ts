import type { DigestItem, Reason } from '../../domain.ts'
import { explain, popularReason, risingReason } from '../explain/explanation.ts'
import { holds } from '../explain/matchedWords.ts'
import { tasteReason } from '../explain/wordsInPaper.ts'
import { fieldTest } from '../index/fieldMatch.ts'
import type { PaperIndex } from '../index/paperIndex.ts'
import {
  floorOf,
  isInteresting,
  passes,
  RELATED_FLOOR,
  type TopicScores,
  tastePart,
} from '../score/topicScore.ts'
import type { TopicDraft } from './topicDraft.ts'
import { type Candidate, type Choice, isLeft, take } from './variety.ts'

/** The heading under which a paper from outside of a subscriber's topics comes. */
export const EXPLORE = 'Explore'

/** A digest of fewer papers has no place for exploring. */
export const LEAST_MAX = 3

/** What a paper from outside is worth at most for each of nearness, taste and trend: no more than the least a topic takes. */
const BOUND = RELATED_FLOOR

/** Less than this together is not worth a place. */
const LEAST_WORTH = BOUND / 2

/** A taste's part for a paper is so much of what makes it as likeable as can be: two standard deviations to one's taste. */
const LIKEABLE = 0.5

/** One of so many best ones comes, a different one for different subscribers and days. */
const DRAWN_FROM = 5

/**
 * One paper from outside of what the topics bring: nearly matching one of them, close to what the subscriber liked, or rising;
 * never one that a topic rules out, filters away, or that was sent before. The same for the same seed (subscriber and day).
 */
export function exploreItem(
  drafts: readonly TopicDraft[],
  choice: Choice,
  seed: string,
): DigestItem | undefined {
  const { index } = choice
  const candidates = mostWorth(drafts, choice)
  const first = candidates.length === 0 ? 0 : hashOf(seed) % candidates.length
  const drawn = [...candidates.slice(first), ...candidates.slice(0, first)].find(({ doc }) =>
    take(choice, doc),
  )
  return drawn === undefined ? undefined : itemOf(index, drafts, drawn.doc)
}

/** The papers from outside that are worth most; of equal worth those of lower places. */
function mostWorth(drafts: readonly TopicDraft[], choice: Choice): Candidate[] {
  const { index, exclude } = choice
  const ruledOut = drafts.flatMap(({ scores }) => exclusionsOf(index, scores))
  const best: Candidate[] = []
  // Cheap questions first: this is asked of every paper for every subscriber.
  for (let doc = 0; doc < index.papers.length; doc++) {
    if (!drafts.every(({ scores }) => isOutsideOf(scores, doc))) continue
    const score = worthOf(drafts, doc)
    if (score < LEAST_WORTH || score <= (best[DRAWN_FROM - 1]?.score ?? 0)) continue
    if (!isLeft(choice, doc) || exclude(index.papers[doc]!.id)) continue
    if (ruledOut.some((test) => test(doc))) continue
    const at = best.findIndex((other) => other.score < score)
    best.splice(at < 0 ? best.length : at, 0, { doc, score })
    best.length = Math.min(best.length, DRAWN_FROM)
  }
  return best
}

/** A paper that the topic's words match but its filters keep away is not outside: it is not wanted. */
function isOutsideOf(scores: TopicScores, doc: number): boolean {
  return scores.scored.length === 0 ? !passes(scores, doc) : !isInteresting(scores, doc)
}

function exclusionsOf(index: PaperIndex, { query }: TopicScores): ((doc: number) => boolean)[] {
  return query.clauses
    .filter(({ occurrence }) => occurrence === 'never')
    .map((clause) =>
      clause.kind === 'text'
        ? (doc) => clause.variants.some((stems) => holds(index, stems, doc))
        : fieldTest(index, clause),
    )
}

function worthOf(drafts: readonly TopicDraft[], doc: number): number {
  const { scores } = drafts[0]!
  const near = nearness(nearestOf(drafts, doc), doc)
  return near + likingFor(drafts[0]!, doc) + trendBoundOf(scores) * scores.trends.both[doc]!
}

/** For who wants only their interests upvotes bring nothing from outside of them either. */
function trendBoundOf({ shares }: TopicScores): number {
  return shares.trend > 0 ? BOUND : 0
}

function nearestOf(drafts: readonly TopicDraft[], doc: number): TopicDraft {
  return drafts.reduce((a, b) => (nearness(b, doc) > nearness(a, doc) ? b : a))
}

/** How far the paper came on the way to a topic's floor. */
function nearness({ scores }: TopicDraft, doc: number): number {
  if (scores.scored.length === 0) return 0
  return BOUND * Math.max(scores.interest[doc]! / floorOf(scores, doc), 0)
}

function likingFor({ scores }: TopicDraft, doc: number): number {
  const liking = tastePart(scores, doc) / (LIKEABLE * (scores.shares.taste || 1))
  return BOUND * Math.min(Math.max(liking, 0), 1)
}

function itemOf(index: PaperIndex, drafts: readonly TopicDraft[], doc: number): DigestItem {
  const parts = worthPartsOf(index, drafts, doc)
  const score = parts.reduce((sum, { value }) => sum + value, 0)
  const [main, ...others] = [...parts].sort((a, b) => b.value - a.value).map(({ reason }) => reason)
  return {
    paperId: index.papers[doc]!.id,
    topic: EXPLORE,
    score,
    reasons: [exploreReason(main!), ...others],
    explore: true,
  }
}

function exploreReason(because: Reason): Reason {
  const label = because.kind === 'near' ? 'explore: ' : 'explore: outside of your topics, '
  return { kind: 'explore', text: label + because.text, because }
}

/** The worth of a paper from outside of the topics, part by part. */
function worthPartsOf(
  index: PaperIndex,
  drafts: readonly TopicDraft[],
  doc: number,
): { reason: Reason; value: number }[] {
  const paper = index.papers[doc]!
  const { scores } = drafts[0]!
  const nearest = nearestOf(drafts, doc)
  const near = nearness(nearest, doc)
  const taste = likingFor(drafts[0]!, doc)
  const bound = trendBoundOf(scores)
  const popular = bound * scores.trends.popular[doc]!
  const rising = bound * scores.trends.rising[doc]!
  return [
    ...(near > 0 ? [{ reason: nearReason(index, nearest, doc), value: near }] : []),
    ...(taste > 0 ? [{ reason: tasteReason(index, scores, doc, taste), value: taste }] : []),
    ...(popular > 0 ? [{ reason: popularReason(paper), value: popular }] : []),
    ...(rising > 0 ? [{ reason: risingReason(paper), value: rising }] : []),
  ]
}

function nearReason(index: PaperIndex, { name, scores }: TopicDraft, doc: number): Reason {
  const why = explain(index, scores, doc).reasons[0]!
  return { kind: 'near', text: `near “${name}”: ${why.text}`, topic: name }
}

/** FNV-1a, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/ */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash >>> 0
}
