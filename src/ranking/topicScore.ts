import { withAcronyms } from './acronyms.ts'
import { type Expansion, expandQuery, NO_EXPANSION } from './expansion.ts'
import { type Condition, fieldConditions } from './fieldMatch.ts'
import { addListed, addMatch, findText, findWord } from './match.ts'
import type { PaperIndex } from './paperIndex.ts'
import type { TextClause, TopicQuery } from './query.ts'
import type { NamedWord } from './relatedWords.ts'
import { type ScoredClause, scoredClauses } from './scoredClauses.ts'
import { type Liking, likingOf, type Taste, tasteScore } from './taste.ts'
import { type Trends, trendsOf } from './trend.ts'
import { wordListsOf } from './wordLists.ts'

/** What a subscriber sets, or has taught, besides topics. */
export interface Leanings {
  /** Share of the score that upvotes decide: 0 only interests, 1 only what is trending (of what matches). Default 0.15. */
  trendWeight?: number
  taste?: Taste
}

/** A query matched against an index, before any paper is chosen. The arrays hold a number for each paper of the index. */
export interface TopicScores {
  query: TopicQuery
  /** In the query's order; empty where only filters or exclusions are given: then trend and taste decide. */
  scored: ScoredClause[]
  /** What related words of the collection add; empty without. */
  related: Float64Array
  /** The sum of what clauses and related words add, in this order. */
  interest: Float64Array
  /** The related words. */
  expansion: Expansion
  /** The related words that reasons may name, once asked for. */
  relatedNames?: { names: NamedWord[]; typed: string[] }
  /** 1 for a paper that has one of the words itself, or a field wished for. */
  held: Uint8Array
  /** The taste, for papers asked for. */
  liking: Liking | undefined
  /** How the papers are doing. */
  trends: Trends
  /** What part of the score interest, taste and trend have together is 1. */
  shares: { interest: number; taste: number; trend: number }
  /** What a paper has to meet besides matching. */
  conditions: Condition[]
}

/**
 * A paper of less interest is not sent. 1 is the value of the topic's rarest word in a paper full of it; standing once in an
 * abstract of average length it is worth about 0.45. So what is kept out has only words much commoner than the rarest.
 */
export const FLOOR = 0.12

/** The floor of a paper that has none of the topic's words itself, only related ones, or papers like it that have them. */
export const RELATED_FLOOR = 0.2

const DEFAULT_TREND_WEIGHT = 0.15

/** Even "only what is trending" orders papers of equal upvotes by interest. */
const MOST_TREND_WEIGHT = 0.999

/** With this many likes a taste counts as much as the topics. */
const HALF_TASTE_LIKES = 3

/** A paper so many standard deviations to one's taste counts as much as a topic's rarest word in a paper full of it. */
const STRONG_TASTE = 4

/**
 * Matches one query against the index. `liking`: the taste applied to the index, where that is known already, as for another
 * topic of the same reader.
 */
export function scoreTopic(
  index: PaperIndex,
  typed: TopicQuery,
  leanings: Leanings,
  liking: Liking | undefined = leanings.taste && likingOf(index, leanings.taste),
): TopicScores {
  const { collection } = index
  const query = collection === undefined ? typed : withAcronyms(typed, collection.acronyms)
  const shares = sharesOf(leanings)
  const { scored, unit } = scoredClauses(index, query)
  const expansion = collection === undefined ? NO_EXPANSION : expandQuery(collection, query)
  const interest = new Float64Array(index.papers.length)
  const held = new Uint8Array(index.papers.length)
  const share = shares.interest * (1 - expansion.share)
  for (const clause of scored) {
    clause.factor *= share
    addMatch(interest, clause.match, clause.factor)
    markHeld(held, clause)
  }
  const related = relatedParts(index, expansion, (shares.interest * expansion.share) / unit)
  for (let doc = 0; doc < related.length; doc++) interest[doc]! += related[doc]!
  const conditions = [...textConditions(index, query), ...fieldConditions(index, query)]
  const trends = trendsOf(index)
  return { query, scored, related, expansion, interest, held, liking, trends, shares, conditions }
}

/** What the papers have of related words of the collection, times `factor`. */
function relatedParts(index: PaperIndex, { terms, weights, share }: Expansion, factor: number): Float64Array {
  if (share === 0) return new Float64Array(0)
  const related = new Float64Array(index.papers.length)
  const lists = wordListsOf(index)
  for (let at = 0; at < terms.length; at++) {
    const term = terms[at]!
    const weight = factor * weights[at]!
    if (lists === undefined || lists.isSplit[term] === 1)
      addMatch(related, findWord(index, index.collection!.stems[term]!), weight)
    else addListed(related, lists, term, weight)
  }
  return related
}

function markHeld(held: Uint8Array, { match: { docs }, places }: ScoredClause): void {
  for (let at = 0; at < docs.length; at++) if (places?.[at] !== 0) held[docs[at]!] = 1
}

function sharesOf({ trendWeight = DEFAULT_TREND_WEIGHT, taste }: Leanings): TopicScores['shares'] {
  const wanted = Number.isFinite(trendWeight) ? trendWeight : DEFAULT_TREND_WEIGHT
  const trend = Math.min(Math.max(wanted, 0), MOST_TREND_WEIGHT)
  const likes = taste?.likes ?? 0
  const tasteShare = (1 - trend) * (likes / (likes + HALF_TASTE_LIKES))
  return { trend, taste: tasteShare, interest: 1 - trend - tasteShare }
}

/** What a taste adds to a paper's score; below 0 for what is far from it. */
export function tastePart({ liking, shares }: TopicScores, doc: number): number {
  return liking === undefined ? 0 : (shares.taste * tasteScore(liking, doc)) / STRONG_TASTE
}

/** A paper's whole score: the parts of its explanation, summed in their order. */
export function scoreOf(topic: TopicScores, doc: number): number {
  const bound = trendBound(topic, doc)
  const { popular, rising } = topic.trends
  return topic.interest[doc]! + tastePart(topic, doc) + bound * popular[doc]! + bound * rising[doc]!
}

/** What a paper's score cannot exceed, quickly found. */
export function mostScoreOf(topic: TopicScores, doc: number): number {
  const { interest, shares, trends, scored } = topic
  const bound = scored.length === 0 ? shares.trend + shares.interest : shares.trend
  const trend = bound * (trends.popular[doc]! + trends.rising[doc]!)
  // Rounding may make the parts a little more than their sum.
  return interest[doc]! + tastePart(topic, doc) + trend * ROUNDED_UP
}

const ROUNDED_UP = 1 + 1e-9

/** Whether the paper may be sent for this topic. */
export function passes(topic: TopicScores, doc: number): boolean {
  return isInteresting(topic, doc) && topic.conditions.every(({ test }) => test(doc))
}

/** Whether the paper reaches its floor; every paper does where the query only filters. */
export function isInteresting(topic: TopicScores, doc: number): boolean {
  return topic.scored.length === 0 || topic.interest[doc]! >= floorOf(topic, doc)
}

/** The least interest with which a paper may be sent. */
export function floorOf({ held, shares }: TopicScores, doc: number): number {
  return shares.interest * (held[doc] === 1 ? FLOOR : RELATED_FLOOR)
}

/** The least interest by `held`, for going through many papers; none where the query only filters. */
export function floorsOf({ scored, shares }: TopicScores): readonly [number, number] {
  if (scored.length === 0) return [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]
  return [shares.interest * RELATED_FLOOR, shares.interest * FLOOR]
}

/**
 * What upvotes and their speed add: w · trend · min(interest, 1)^(1 − w), w the trend weight, so that they never lift a paper
 * that does not match, add at most w, and ask the less for a good match the more they count. Where the query only filters, the
 * trend takes the place of interest.
 */
export function trendParts(topic: TopicScores, doc: number): { popular: number; rising: number } {
  const bound = trendBound(topic, doc)
  return { popular: bound * topic.trends.popular[doc]!, rising: bound * topic.trends.rising[doc]! }
}

function trendBound({ scored, interest, shares }: TopicScores, doc: number): number {
  if (scored.length === 0) return shares.trend + shares.interest
  return shares.trend * Math.min(interest[doc]! / shares.interest, 1) ** (1 - shares.trend)
}

function textConditions(index: PaperIndex, query: TopicQuery): Condition[] {
  return query.clauses
    .filter((clause): clause is TextClause => clause.kind === 'text' && clause.occurrence !== 'should')
    .map((clause) => textCondition(index, clause))
}

function textCondition(index: PaperIndex, { occurrence, text, variants }: TextClause): Condition {
  const holders = new Uint8Array(index.papers.length)
  const { docs, places } = findText(index, variants)
  docs.forEach((doc, at) => {
    if (places[at] !== 0) holders[doc] = 1
  })
  return occurrence === 'must'
    ? { test: (doc) => holders[doc] === 1, unmet: `without “${text}”` }
    : { test: (doc) => holders[doc] === 0, unmet: `ruled out: “${text}”` }
}
