import { type Condition, fieldConditions, fieldTest } from './fieldMatch.ts'
import { findText, type Match } from './match.ts'
import type { PaperIndex, RankablePaper } from './paperIndex.ts'
import type { Clause, FieldClause, TextClause, TopicQuery } from './query.ts'

/** A clause that adds to the score: `weights[i]` times `factor` for the paper `docs[i]`. */
export interface ScoredClause {
  clause: Clause
  match: Pick<Match, 'docs' | 'weights'>
  /** Bits of where each of `docs` has a text clause; absent for fields. */
  places?: Uint8Array
  factor: number
}

/** A query matched against an index, before any paper is chosen. */
export interface TopicScores {
  query: TopicQuery
  /** In the query's order; empty where only filters or exclusions are given: then trend alone decides. */
  scored: ScoredClause[]
  /** For each paper of the index the sum of what the clauses add, in their order. */
  interest: Float64Array
  /** 1 − the trend weight. */
  interestShare: number
  /** What a paper has to meet besides matching. */
  conditions: Condition[]
}

/**
 * A paper of less interest is not sent. 1 is the value of the topic's rarest word in a paper full of it; standing once in an
 * abstract of average length it is worth about 0.45. So what is kept out has only words much commoner than the rarest.
 */
export const FLOOR = 0.12

/** What share upvotes have in a score where the subscriber has not said otherwise. */
export const DEFAULT_TREND_WEIGHT = 0.15

/** At this many upvotes the trend part reaches half of its bound. */
const HALF_TREND = 20

/** Even "only what is trending" orders papers of equal upvotes by interest. */
const MAX_TREND_WEIGHT = 0.999

/** Matches one query against the index. `trendWeight` from 0, only interests, to 1, only upvotes (among what matches). */
export function scoreTopic(index: PaperIndex, query: TopicQuery, trendWeight: number): TopicScores {
  const interestShare = 1 - Math.min(Math.max(trendWeight, 0), MAX_TREND_WEIGHT)
  const scored = scoredClauses(index, query, interestShare)
  const interest = new Float64Array(index.papers.length)
  for (const { match, factor } of scored) addMatch(interest, match, factor)
  const conditions = [...textConditions(index, query), ...fieldConditions(index, query)]
  return { query, scored, interest, interestShare, conditions }
}

/** Whether the paper may be sent for this topic. */
export function passes(topic: TopicScores, doc: number): boolean {
  return isInteresting(topic, doc) && topic.conditions.every(({ test }) => test(doc))
}

/** Whether the paper reaches the floor; every paper does where the query only filters. */
export function isInteresting({ scored, interest, interestShare }: TopicScores, doc: number): boolean {
  return scored.length === 0 || interest[doc]! >= FLOOR * interestShare
}

/**
 * What upvotes add: w · trend · min(interest, 1), w the trend weight, so that they never lift a paper that does not match and
 * add at most w. Where the query only filters, the trend is all there is.
 */
export function trendPart(
  { scored, interest, interestShare }: TopicScores,
  doc: number,
  paper: RankablePaper,
): number {
  const trend = trendOf(paper)
  if (scored.length === 0) return trend
  return (1 - interestShare) * trend * Math.min(interest[doc]! / interestShare, 1)
}

/** 0 without upvotes, towards 1 with many. */
function trendOf(paper: RankablePaper): number {
  const upvotes = Math.max(paper.upvotes ?? 0, 0)
  return upvotes / (upvotes + HALF_TREND)
}

/**
 * The clauses that score, each over the topic's unit (the value of its rarest word), so that scores of different topics can be
 * compared. A weight multiplies a word's value; a wished-for author counts as the rarest word would.
 */
function scoredClauses(index: PaperIndex, query: TopicQuery, interestShare: number): ScoredClause[] {
  const wanted = query.clauses.filter(({ occurrence }) => occurrence !== 'never')
  const texts = wanted
    .filter((clause) => clause.kind === 'text')
    .map((clause) => ({ clause, match: findText(index, clause.variants) }))
  const unit = Math.max(...texts.map(({ match }) => match.ceiling), Number.MIN_VALUE)
  const wishes = wanted.filter((clause) => clause.kind !== 'text' && clause.prefers) as FieldClause[]
  return [
    ...texts.map(({ clause, match }) => ({
      clause,
      match,
      places: match.places,
      factor: (clause.weight / unit) * interestShare,
    })),
    ...wishes.map((clause) => ({
      clause,
      match: wishMatch(index, clause),
      factor: clause.weight * interestShare,
    })),
  ]
}

function wishMatch(index: PaperIndex, clause: FieldClause): ScoredClause['match'] {
  const test = fieldTest(index, clause)
  const docs = Int32Array.from([...index.papers.keys()].filter(test))
  return { docs, weights: new Float64Array(docs.length).fill(1) }
}

function textConditions(index: PaperIndex, query: TopicQuery): Condition[] {
  return query.clauses
    .filter((clause) => clause.kind === 'text' && clause.occurrence !== 'should')
    .map((clause) => textCondition(index, clause as TextClause))
}

function textCondition(index: PaperIndex, { occurrence, text, variants }: TextClause): Condition {
  const holders = new Uint8Array(index.papers.length)
  for (const doc of findText(index, variants).docs) holders[doc] = 1
  return occurrence === 'must'
    ? { test: (doc) => holders[doc] === 1, unmet: `without “${text}”` }
    : { test: (doc) => holders[doc] === 0, unmet: `ruled out: “${text}”` }
}

function addMatch(interest: Float64Array, { docs, weights }: ScoredClause['match'], factor: number): void {
  for (let at = 0; at < docs.length; at++) interest[docs[at]!]! += factor * weights[at]!
}
