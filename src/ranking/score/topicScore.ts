import { wordListsOf } from '../corpus/wordLists.ts'
import type { RelatedNames } from '../explain/wordsInPaper.ts'
import { type Condition, fieldConditions } from '../index/fieldMatch.ts'
import type { PaperIndex } from '../index/paperIndex.ts'
import type { TextClause, TopicQuery } from '../language/query.ts'
import { type LearnedQuery, learnedQuery } from './expandedQuery.ts'
import { addListed, addMatch, findText, type Match } from './match.ts'
import type { Expansion } from './queryExpansion.ts'
import { type Board, returnBoard, takeBoard } from './scoreBuffers.ts'
import { type ScoredClause, scoredClauses } from './scoredClauses.ts'
import { type Liking, likingOf, type Taste, tasteScore } from './taste.ts'
import { type Trends, trendsOf } from './trend.ts'

/** What a subscriber sets, or has taught, besides topics. */
export interface Leanings {
  /** Share of the score that upvotes decide: 0 only interests, 1 only what is trending (of what matches). Default 0.15. */
  trendWeight?: number
  taste?: Taste
}

/** A query matched against an index, before any paper is chosen. */
export interface TopicScores extends Board, LearnedQuery {
  /** In the query's order; empty where only filters or exclusions are given: then trend and taste decide. */
  scored: ScoredClause[]
  /** The related words that reasons may name, once asked for. */
  relatedNames?: RelatedNames
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
 * topic of the same subscriber.
 */
export function scoreTopic(
  index: PaperIndex,
  typed: TopicQuery,
  leanings: Leanings,
  liking: Liking | undefined = leanings.taste && likingOf(index, leanings.taste),
): TopicScores {
  const learned = learnedQuery(index.corpus, typed)
  const { query, expansion } = learned
  const shares = sharesOf(leanings)
  const { scored, unit } = scoredClauses(index, learned)
  const board = takeBoard(index.papers.length)
  const share = shares.interest * (1 - expansion.share)
  for (const clause of scored) {
    clause.factor *= share
    addClause(board, clause.match, clause.factor)
  }
  if (expansion.share > 0) addRelated(board, index, expansion, (shares.interest * expansion.share) / unit)
  const conditions = isPlain(query) ? [] : [...textConditions(index, query), ...fieldConditions(index, query)]
  const { interest, related, held } = board
  const trends = trendsOf(index)
  const { terms, otherForms } = learned
  return {
    query,
    terms,
    otherForms,
    expansion,
    scored,
    related,
    interest,
    held,
    liking,
    trends,
    shares,
    conditions,
  }
}

/** Gives back the arrays of a topic that is not needed any more. */
export function endTopic({ interest, related, held }: TopicScores): void {
  returnBoard({ interest, related, held })
}

/** Adds what the papers have of related words of the corpus model, times `factor`. */
function addRelated(
  { interest, related }: Board,
  index: PaperIndex,
  { terms, weights }: Expansion,
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
  for (let doc = 0; doc < interest.length; doc++) interest[doc]! += related[doc]!
}

/** Adds what a clause gives, and marks the papers that have it themselves. */
function addClause({ interest, held }: Board, match: Match, factor: number): void {
  const { docs, weights, places, to } = match
  for (let at = match.from; at < to; at++) {
    const doc = docs[at]!
    interest[doc]! += factor * weights[at]!
    held[doc]! |= places[at]!
  }
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

/** Whether the paper may be sent for this topic. */
export function passes(topic: TopicScores, doc: number): boolean {
  return isInteresting(topic, doc) && meetsConditions(topic, doc)
}

/** Whether the paper meets what is asked besides matching. */
export function meetsConditions({ conditions }: TopicScores, doc: number): boolean {
  return conditions.length === 0 || conditions.every(({ test }) => test(doc))
}

/** Whether the paper reaches its floor; every paper does where the query only filters. */
export function isInteresting(topic: TopicScores, doc: number): boolean {
  return topic.scored.length === 0 || topic.interest[doc]! >= floorOf(topic, doc)
}

/** The least interest with which a paper may be sent. */
export function floorOf({ held, shares }: TopicScores, doc: number): number {
  return shares.interest * (held[doc] !== 0 ? FLOOR : RELATED_FLOOR)
}

/** The most that a paper's interest and trend can be together, found faster: x^(1 − w) ≤ w + (1 − w)x (Bernoulli's inequality). */
export function mostOf({ scored, interest, trends, shares }: TopicScores, doc: number): number {
  const value = interest[doc]!
  const { trend } = shares
  const part = scored.length === 0 ? 1 : Math.min(trend + ((1 - trend) * value) / shares.interest, 1)
  const bound = scored.length === 0 ? trend + shares.interest : trend * part
  return (value + bound * trends.both[doc]!) * ROUNDED_UP
}

/** With less interest no paper has this score, where there is no taste: mostOf solved for interest, at the most that a trend can be. */
export function leastInterestFor({ scored, shares }: TopicScores, score: number): number {
  if (scored.length === 0 || shares.interest === 0) return Number.NEGATIVE_INFINITY
  const { trend, interest } = shares
  return (score / ROUNDED_UP - trend * trend) / (1 + (trend * (1 - trend)) / interest) / ROUNDED_UP
}

/** Rounding may make the parts of a score a little more than the most it can be. */
const ROUNDED_UP = 1 + 1e-9

/** The floors of papers held and not held, for going through many papers; none where the query only filters. */
export function floorsOf({ scored, shares }: TopicScores): { held: number; related: number } {
  if (scored.length === 0) return { held: Number.NEGATIVE_INFINITY, related: Number.NEGATIVE_INFINITY }
  return { held: shares.interest * FLOOR, related: shares.interest * RELATED_FLOOR }
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

function trendBound(topic: TopicScores, doc: number): number {
  const { scored, interest, shares } = topic
  if (scored.length === 0) return shares.trend + shares.interest
  return shares.trend * Math.min(interest[doc]! / shares.interest, 1) ** (1 - shares.trend)
}

/** Whether the query is words and phrases alone, none demanded or ruled out, as most are. */
function isPlain({ clauses, minUpvotes }: TopicQuery): boolean {
  return (
    minUpvotes === 0 && clauses.every(({ kind, occurrence }) => kind === 'text' && occurrence === 'should')
  )
}

function textConditions(index: PaperIndex, query: TopicQuery): Condition[] {
  return query.clauses
    .filter((clause): clause is TextClause => clause.kind === 'text' && clause.occurrence !== 'should')
    .map((clause) => textCondition(index, clause))
}

function textCondition(index: PaperIndex, { occurrence, text, variants }: TextClause): Condition {
  const holders = new Uint8Array(index.papers.length)
  const { docs, places, from, to } = findText(index, variants)
  for (let at = from; at < to; at++) if (places[at] !== 0) holders[docs[at]!] = 1
  return occurrence === 'must'
    ? { test: (doc) => holders[doc] === 1, unmet: `without “${text}”` }
    : { test: (doc) => holders[doc] === 0, unmet: `ruled out: “${text}”` }
}
