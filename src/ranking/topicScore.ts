import { withAcronyms } from './acronyms.ts'
import { type Expansion, expandQuery, NO_EXPANSION } from './expansion.ts'
import { type Condition, fieldConditions } from './fieldMatch.ts'
import { addMatch, findText, findWord } from './match.ts'
import type { PaperIndex, RankablePaper } from './paperIndex.ts'
import type { TextClause, TopicQuery } from './query.ts'
import type { NamedWord } from './relatedWords.ts'
import { type ScoredClause, scoredClauses } from './scoredClauses.ts'
import { type Taste, tasteScores } from './taste.ts'
import { trendOf } from './trend.ts'
import { type WordLists, wordListsOf } from './wordLists.ts'

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
  /** The related words and the taste's that reasons may name, once asked for. */
  relatedNames?: { names: NamedWord[]; typed: string[] }
  tasteNames?: NamedWord[]
  /** 1 for a paper that has one of the words itself, or a field wished for. */
  held: Uint8Array
  /** What the taste adds; empty without. */
  taste: Float64Array
  /** The taste itself. */
  learned: Taste | undefined
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

/** Matches one query against the index. */
export function scoreTopic(index: PaperIndex, typed: TopicQuery, leanings: Leanings): TopicScores {
  const { collection } = index
  const query = collection === undefined ? typed : withAcronyms(typed, collection.acronyms)
  const shares = sharesOf(leanings)
  const { scored, unit } = scoredClauses(index, query)
  const expansion = collection === undefined ? NO_EXPANSION : expandQuery(collection, query)
  const interest = new Float64Array(index.papers.length)
  const held = new Uint8Array(index.papers.length)
  for (const clause of scored) {
    clause.factor *= shares.interest * (1 - expansion.share)
    addMatch(interest, clause.match, clause.factor)
    markHeld(held, clause)
  }
  const related = new Float64Array(expansion.share === 0 ? 0 : index.papers.length)
  const factor = (shares.interest * expansion.share) / unit
  const lists = wordListsOf(index)
  for (const { term, weight } of expansion.words) addRelated(index, lists, related, term, factor * weight)
  for (let doc = 0; doc < related.length; doc++) interest[doc]! += related[doc]!
  const conditions = [...textConditions(index, query), ...fieldConditions(index, query)]
  const taste = tastePart(index, leanings.taste, shares.taste)
  const learned = leanings.taste
  return { query, scored, related, expansion, interest, held, taste, learned, shares, conditions }
}

/** Adds what the papers have of a word of the collection. */
function addRelated(
  index: PaperIndex,
  lists: WordLists | undefined,
  related: Float64Array,
  term: number,
  factor: number,
): void {
  if (lists === undefined || lists.isSplit[term] === 1) {
    addMatch(related, findWord(index, index.collection!.stems[term]!), factor)
    return
  }
  const { docs, parts } = lists
  const scale = factor * lists.ceilings[term]!
  const end = lists.starts[term + 1]!
  for (let at = lists.starts[term]!; at < end; at++) related[docs[at]!]! += scale * parts[at]!
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

function tastePart(index: PaperIndex, taste: Taste | undefined, share: number): Float64Array {
  if (taste === undefined) return new Float64Array(0)
  return tasteScores(index, taste).map((score) => (share * score) / STRONG_TASTE)
}

/** A paper's whole score: the parts of its explanation, summed in their order. */
export function scoreOf(topic: TopicScores, doc: number, paper: RankablePaper): number {
  const { popular, rising } = trendParts(topic, doc, paper)
  return topic.interest[doc]! + (topic.taste[doc] ?? 0) + popular + rising
}

/** What a paper's score cannot exceed, whatever its upvotes. */
export function mostScoreOf({ scored, interest, taste, shares }: TopicScores, doc: number): number {
  const most = interest[doc]! + (taste[doc] ?? 0) + shares.trend
  return scored.length === 0 ? most + shares.interest : most
}

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
export function trendParts(
  { scored, interest, shares }: TopicScores,
  doc: number,
  paper: RankablePaper,
): { popular: number; rising: number } {
  const { popular, rising } = trendOf(paper)
  const bound =
    scored.length === 0
      ? shares.trend + shares.interest
      : shares.trend * Math.min(interest[doc]! / shares.interest, 1) ** (1 - shares.trend)
  return { popular: bound * popular, rising: bound * rising }
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
