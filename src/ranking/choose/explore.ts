import type { DigestItem, Reason } from '../../domain.ts'
import { fnv1a } from '../../text/fnv1a.ts'
import { insertTopK } from '../../topK.ts'
import { explain, popularReason, risingReason, sumOf, tasteReason } from '../explain/explanation.ts'
import type { PaperTest } from '../index/fieldMatch.ts'
import { clauseTest } from '../score/conditions.ts'
import {
  isInteresting,
  passes,
  RELATED_FLOOR,
  shareOfNeeded,
  type TopicScores,
  tastePart,
} from '../score/topicScore.ts'
import type { TopicDraft } from './topicDraft.ts'
import { type Candidate, type Choice, isLeft, take } from './variety.ts'

/** The heading under which a paper from outside of a subscriber's topics comes. */
export const EXPLORE = 'Explore'

/** A digest of fewer papers has no place for exploring. */
export const LEAST_MAX = 3

/** Nearness, taste and trend each give a paper from outside at most the least interest that a topic takes. */
const BOUND = RELATED_FLOOR

/** A paper of less worth gets no place. */
const LEAST_WORTH = BOUND / 2

/** A paper gets the most for its taste from this part of the score on: two standard deviations to one's taste. */
const LIKEABLE = 0.5

/** One of this many best papers is drawn, a different one for different subscribers and days. */
const DRAWN_FROM = 5

/**
 * Chooses one paper from outside of the topics: it nearly matches one of them, is close to what the subscriber liked, or is rising.
 * A topic must not rule it out or filter it away, and it must not have been sent before. `seed` names subscriber and day; the same
 * seed gives the same paper.
 */
export function exploreItem(
  drafts: readonly TopicDraft[],
  choice: Choice,
  seed: string,
): DigestItem | undefined {
  const candidates = mostWorth(drafts, choice)
  const first = candidates.length === 0 ? 0 : fnv1a(seed) % candidates.length
  const drawn = [...candidates.slice(first), ...candidates.slice(0, first)].find(({ doc }) =>
    take(choice, doc),
  )
  return drawn === undefined ? undefined : itemOf(drafts, drawn.doc)
}

/** The papers from outside that are worth most, best first; of equal worth the first of the index. */
function mostWorth(drafts: readonly TopicDraft[], choice: Choice): Candidate[] {
  const { index, exclude } = choice
  const ruledOut = drafts.flatMap(({ scores }) => exclusionsOf(scores))
  const best: Candidate[] = []
  // Cheap tests come first, because this runs for every paper and subscriber.
  for (let doc = 0; doc < index.papers.length; doc++) {
    if (!drafts.every(({ scores }) => isOutsideOf(scores, doc))) continue
    const score = worthOf(drafts, doc)
    if (score < LEAST_WORTH || score <= (best[DRAWN_FROM - 1]?.score ?? 0)) continue
    if (!isLeft(choice, doc) || exclude(index.papers[doc]!.id)) continue
    if (ruledOut.some((test) => test(doc))) continue
    insertTopK(best, { doc, score }, DRAWN_FROM, (a, b) => b.score - a.score)
  }
  return best
}

/** A paper that matches the topic's words but not its filters is not outside of the topic: it is not wanted. */
function isOutsideOf(scores: TopicScores, doc: number): boolean {
  return scores.scored.length === 0 ? !passes(scores, doc) : !isInteresting(scores, doc)
}

function exclusionsOf({ index, query }: TopicScores): PaperTest[] {
  return query.clauses
    .filter(({ occurrence }) => occurrence === 'never')
    .map((clause) => clauseTest(index, clause))
}

function worthOf(drafts: readonly TopicDraft[], doc: number): number {
  const { scores } = drafts[0]!
  const near = nearness(nearestOf(drafts, doc), doc)
  return near + tasteWorth(drafts[0]!, doc) + trendBoundOf(scores) * scores.trends.both[doc]!
}

/** With a trend weight of 0, upvotes are ignored here too. */
function trendBoundOf({ shares }: TopicScores): number {
  return shares.trend > 0 ? BOUND : 0
}

function nearestOf(drafts: readonly TopicDraft[], doc: number): TopicDraft {
  return drafts.reduce((a, b) => (nearness(b, doc) > nearness(a, doc) ? b : a))
}

/** How near the paper comes to being sent for the topic: BOUND where it would be. */
function nearness({ scores }: TopicDraft, doc: number): number {
  return scores.scored.length === 0 ? 0 : BOUND * shareOfNeeded(scores, doc)
}

function tasteWorth({ scores }: TopicDraft, doc: number): number {
  const likeable = tastePart(scores, doc) / (LIKEABLE * (scores.shares.taste || 1))
  return BOUND * Math.min(Math.max(likeable, 0), 1)
}

function itemOf(drafts: readonly TopicDraft[], doc: number): DigestItem {
  const parts = worthParts(drafts, doc)
  const [main, ...others] = [...parts].sort((a, b) => b.value - a.value).map(({ reason }) => reason)
  return {
    paperId: drafts[0]!.scores.index.papers[doc]!.id,
    topic: EXPLORE,
    score: sumOf(parts),
    reasons: [exploreReason(main!), ...others],
    explore: true,
  }
}

function exploreReason(because: Reason): Reason {
  const label = because.kind === 'near' ? 'explore: ' : 'explore: outside of your topics, '
  return { kind: 'explore', text: label + because.text, because }
}

/** The worth of a paper from outside of the topics, part by part. */
function worthParts(drafts: readonly TopicDraft[], doc: number): { reason: Reason; value: number }[] {
  const { scores } = drafts[0]!
  const paper = scores.index.papers[doc]!
  const nearest = nearestOf(drafts, doc)
  const near = nearness(nearest, doc)
  const taste = tasteWorth(drafts[0]!, doc)
  const bound = trendBoundOf(scores)
  const popular = bound * scores.trends.popular[doc]!
  const rising = bound * scores.trends.rising[doc]!
  return [
    ...(near > 0 ? [{ reason: nearReason(nearest, doc), value: near }] : []),
    ...(taste > 0 ? [{ reason: tasteReason(scores.tasteScores!, doc, taste), value: taste }] : []),
    ...(popular > 0 ? [{ reason: popularReason(paper), value: popular }] : []),
    ...(rising > 0 ? [{ reason: risingReason(paper), value: rising }] : []),
  ]
}

function nearReason({ name, scores }: TopicDraft, doc: number): Reason {
  const why = explain(scores, doc).reasons[0]!
  return { kind: 'near', text: `near “${name}”: ${why.text}`, topic: name }
}
