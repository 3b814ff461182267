import type { Pickiness } from '../../domain.ts'
import type { RankingIndex } from '../corpus/corpusModel.ts'
import { wordListsOf } from '../corpus/wordLists.ts'
import type { TopicQuery } from '../language/query.ts'
import { type Condition, queryConditions } from './conditions.ts'
import { coverageOf, namingsOf } from './coverage.ts'
import { leastFitOf, shareOfNaming } from './cut.ts'
import { type ExpandedQuery, expandedQuery } from './expandedQuery.ts'
import { addListed, addMatch, findText } from './match.ts'
import type { QueryExpansion } from './queryExpansion.ts'
import { addMeaning } from './queryMeaning.ts'
import { bitOf, type ScoreBuffers, takeBuffers } from './scoreBuffers.ts'
import { type ScoredClause, scoredClauses } from './scoredClauses.ts'
import { type Taste, type TasteScores, tasteScore, tasteScoresOf } from './taste.ts'
import { type Trends, trendsOf } from './trend.ts'

/** What decides about scores besides the topic: a subscriber's setting, and their taste. */
export interface ScoreOptions {
  /** The share of the score that upvotes decide: 0 only interests, 1 only trend among the papers that match. Default 0.15. */
  trendWeight?: number
  taste?: Taste
  /** How much a paper must fit to be sent. Default: balanced. */
  pickiness?: Pickiness
}

/** A query matched against an index. */
export interface TopicScores extends ScoreBuffers, ExpandedQuery {
  index: RankingIndex
  /** In the query's order. Empty if the query has only filters or exclusions: then trend and taste decide. */
  scored: ScoredClause[]
  /** Undefined without a taste. */
  tasteScores: TasteScores | undefined
  trends: Trends
  /** The parts of the score that interest, taste and trend have. They add up to 1. */
  shares: { interest: number; taste: number; trend: number }
  /** The interest that one of a hundred papers of the corpus model reaches; 0 if it is not known. */
  strong: number
  /** A paper whose interest and taste together are less is not sent (cut.ts). 0 if nothing is cut. */
  leastFit: number
  pickiness: Pickiness
  /** How plainly each paper names the only word of the topic (coverage.ts). Undefined for other topics, and if nothing is cut. */
  namings: Uint8Array | undefined
  /** What a paper has to meet besides its floor and the cut. */
  conditions: Condition[]
}

/**
 * A paper of less interest is not sent. 1 is the value of the topic's rarest word in a paper full of it; a single occurrence in an
 * abstract of average length is worth about 0.45. So the floor keeps out papers that only have words much commoner than the
 * rarest.
 */
const FLOOR = 0.12

/** The floor of a paper that has none of the topic's words itself, only related words or similar papers. */
export const RELATED_FLOOR = 0.2

const DEFAULT_TREND_WEIGHT = 0.15

/** Even with a trend weight of 1, papers of equal upvotes are ordered by interest. */
const MOST_TREND_WEIGHT = 0.999

/** With this many likes a taste counts as much as the topics. */
const HALF_TASTE_LIKES = 3

/** A paper this many standard deviations to one's taste counts as much as a topic's rarest word in a paper full of it. */
const STRONG_TASTE = 4

/**
 * Matches a query against an index. The result uses buffers of the index until `returnBuffers`. `tasteScores` may be given where they
 * are known already, as for another topic of the same subscriber.
 */
export function scoreTopic(
  index: RankingIndex,
  typed: TopicQuery,
  options: ScoreOptions,
  tasteScores: TasteScores | undefined = options.taste && tasteScoresOf(index, options.taste),
): TopicScores {
  const expanded = expandedQuery(index.corpus, typed)
  const { query, terms, otherForms, expansion } = expanded
  const shares = sharesOf(options)
  const { scored, unit } = scoredClauses(index, expanded)
  const { interest, related, held } = takeBuffers(index)
  const share = shares.interest * (1 - expansion.share)
  for (const [place, clause] of scored.entries()) {
    clause.factor *= share
    addClause({ interest, held }, clause, bitOf(place))
  }
  const strong = scored.length === 0 ? 0 : (shares.interest * expansion.strong) / unit
  if (expansion.share > 0) {
    addRelated(related, index, expansion, (shares.interest * expansion.share) / unit)
    if (expansion.meaning !== undefined)
      addMeaning({ interest, related }, index, expansion.meaning, {
        strong,
        part: shares.interest / (1 - shares.trend),
      })
    for (let doc = 0; doc < interest.length; doc++) interest[doc]! += related[doc]!
  }
  const trends = trendsOf(index)
  const { pickiness = 'balanced' } = options
  return {
    index,
    query,
    terms,
    otherForms,
    expansion,
    scored,
    interest,
    related,
    held,
    tasteScores,
    trends,
    shares,
    strong,
    leastFit: leastFitOf(pickiness, strong, strongTasteOf({ tasteScores, shares })),
    pickiness,
    namings: strong === 0 ? undefined : namingsOf(index, scored),
    conditions: queryConditions(index, query),
  }
}

/** The same scores with the cut of another level. */
export function asPicky(topic: TopicScores, pickiness: Pickiness): TopicScores {
  return { ...topic, pickiness, leastFit: leastFitOf(pickiness, topic.strong, strongTasteOf(topic)) }
}

/** Adds the weights of the related words, times `factor`. */
function addRelated(
  related: Float64Array,
  index: RankingIndex,
  { terms, weights }: QueryExpansion,
  factor: number,
): void {
  const lists = wordListsOf(index)
  for (let at = 0; at < terms.length; at++) {
    const term = terms[at]!
    const weight = factor * weights[at]!
    if (lists === undefined || lists.isSplit[term] === 1)
      addMatch(related, findText(index, [[index.corpus!.stems[term]!]]), weight)
    else addListed(related, lists, term, weight)
  }
}

/** Adds what a clause gives, and marks the papers that have it themselves. */
function addClause(
  { interest, held }: Pick<ScoreBuffers, 'interest' | 'held'>,
  { match, factor }: ScoredClause,
  bit: number,
): void {
  const { docs, weights, fieldBits, to } = match
  for (let at = match.from; at < to; at++) {
    const doc = docs[at]!
    interest[doc]! += factor * weights[at]!
    if (fieldBits[at] !== 0) held[doc]! |= bit
  }
}

function sharesOf({ trendWeight = DEFAULT_TREND_WEIGHT, taste }: ScoreOptions): TopicScores['shares'] {
  const wanted = Number.isFinite(trendWeight) ? trendWeight : DEFAULT_TREND_WEIGHT
  const trend = Math.min(Math.max(wanted, 0), MOST_TREND_WEIGHT)
  const likes = taste?.likes ?? 0
  const tasteShare = (1 - trend) * (likes / (likes + HALF_TASTE_LIKES))
  return { trend, taste: tasteShare, interest: 1 - trend - tasteShare }
}

/** What a strong taste adds to a score: that of one in twenty papers of the corpus model. */
function strongTasteOf({ tasteScores, shares }: Pick<TopicScores, 'tasteScores' | 'shares'>): number {
  return tasteScores === undefined ? 0 : (shares.taste / STRONG_TASTE) * tasteScores.taste.strong
}

/** What the taste adds to a paper's score; below 0 for a paper far from it. */
export function tastePart({ tasteScores, shares }: TopicScores, doc: number): number {
  return tasteScores === undefined ? 0 : (shares.taste / STRONG_TASTE) * tasteScore(tasteScores, doc)
}

/** A paper's whole score: the parts of its explanation, summed in their order. */
export function scoreOf(topic: TopicScores, doc: number): number {
  const bound = trendBound(topic, doc)
  const { popular, rising } = topic.trends
  return topic.interest[doc]! + tastePart(topic, doc) + bound * popular[doc]! + bound * rising[doc]!
}

/** Whether the paper may be sent for this topic. */
export function passes(topic: TopicScores, doc: number): boolean {
  return isInteresting(topic, doc) && meetsConditions(topic, doc)
}

/** Whether the paper meets all conditions of the query. */
export function meetsConditions({ conditions }: TopicScores, doc: number): boolean {
  return conditions.length === 0 || conditions.every(({ test }) => test(doc))
}

/** Whether the paper reaches its floor and the cut. Every paper does where the query only filters. */
export function isInteresting(topic: TopicScores, doc: number): boolean {
  return topic.scored.length === 0 || (topic.interest[doc]! >= floorOf(topic, doc) && reachesCut(topic, doc))
}

/** Whether interest and taste of the paper together reach the cut. */
export function reachesCut(topic: TopicScores, doc: number): boolean {
  const { leastFit, interest, tasteScores, namings } = topic
  if (leastFit === 0) return true
  if (namings !== undefined) return shareOfCut(topic, doc) >= 1
  const taste = tasteScores === undefined ? 0 : tastePart(topic, doc)
  return interest[doc]! + taste >= leastFit && fitOf(topic, doc, taste) >= leastFit
}

/**
 * How far a paper has come on the way to the cut: 1 or more if it reaches it. Where the topic has only one word, the paper reaches it by naming
 * the word plainly, unless the taste speaks against it; the taste can also make up for a word that is named in passing.
 */
function shareOfCut(topic: TopicScores, doc: number): number {
  const { leastFit, namings, tasteScores, pickiness } = topic
  const taste = tastePart(topic, doc)
  const ofFit = fitOf(topic, doc, taste) / leastFit
  if (namings === undefined) return ofFit
  const ofNaming = taste < 0 ? 0 : shareOfNaming(pickiness, namings[doc]!)
  return tasteScores === undefined ? ofNaming : Math.max(ofNaming, ofFit)
}

/** Interest and taste as the cut sees them: the interest counts in proportion to what the paper has of words that belong together. */
function fitOf({ interest, held, scored }: TopicScores, doc: number, taste: number): number {
  return coverageOf(scored, held, doc) * interest[doc]! + taste
}

/** How far a paper has come on the way to being sent: 1 or more where it is interesting, else less; 0 or more. */
export function shareOfNeeded(topic: TopicScores, doc: number): number {
  const { scored, leastFit, interest } = topic
  if (scored.length === 0) return 1
  const ofFloor = interest[doc]! / floorOf(topic, doc)
  if (leastFit === 0) return Math.max(ofFloor, 0)
  return Math.max(Math.min(ofFloor, shareOfCut(topic, doc)), 0)
}

/** The least interest with which the paper may be sent. */
function floorOf({ held, shares }: TopicScores, doc: number): number {
  return shares.interest * (held[doc] !== 0 ? FLOOR : RELATED_FLOOR)
}

/**
 * An upper bound of a paper's score without its taste, faster than the score because x^(1 − w) ≤ w + (1 − w)x (Bernoulli's
 * inequality).
 */
export function scoreUpperBound({ scored, interest, trends, shares }: TopicScores, doc: number): number {
  const value = interest[doc]!
  const { trend } = shares
  const part = scored.length === 0 ? 1 : Math.min(trend + ((1 - trend) * value) / shares.interest, 1)
  const bound = scored.length === 0 ? trend + shares.interest : trend * part
  return (value + bound * trends.both[doc]!) * ROUNDED_UP
}

/**
 * The interest without which no paper reaches a score, if there is no taste: `scoreUpperBound` solved for the interest, with
 * the largest possible trend.
 */
export function interestLowerBound({ scored, shares }: TopicScores, score: number): number {
  if (scored.length === 0 || shares.interest === 0) return Number.NEGATIVE_INFINITY
  const { trend, interest } = shares
  return (score / ROUNDED_UP - trend * trend) / (1 + (trend * (1 - trend)) / interest) / ROUNDED_UP
}

/** Rounding may lift a sum of parts a little above the bound computed from the same numbers. */
const ROUNDED_UP = 1 + 1e-9

/**
 * The least interest of papers with and without the topic's own words, for loops over many papers. Without a taste it includes the
 * cut; with one the cut is a test of its own.
 */
export function floorsOf({ scored, shares, leastFit, tasteScores, namings }: TopicScores): {
  held: number
  related: number
} {
  if (scored.length === 0) return { held: Number.NEGATIVE_INFINITY, related: Number.NEGATIVE_INFINITY }
  const least = tasteScores === undefined && namings === undefined ? leastFit : 0
  return {
    held: Math.max(shares.interest * FLOOR, least),
    related: Math.max(shares.interest * RELATED_FLOOR, least),
  }
}

/**
 * What upvotes and their speed add: w · trend · min(interest, 1)^(1 − w) with the trend weight w. So they never lift a paper that
 * does not match, they add at most w, and the match matters less the more they count. Where the query only filters, the trend
 * takes the place of the interest.
 */
export function trendParts(topic: TopicScores, doc: number): { popular: number; rising: number } {
  const bound = trendBound(topic, doc)
  return { popular: bound * topic.trends.popular[doc]!, rising: bound * topic.trends.rising[doc]! }
}

function trendBound(topic: TopicScores, doc: number): number {
  const { scored, interest, shares } = topic
  if (scored.length === 0) return shares.trend + shares.interest
  return shares.trend * Math.min(interest[doc]! / shares.interest, 1) ** (1 - shares.trend)
}
