import { keptFor } from '../../caching.ts'
import type { Reason } from '../../domain.ts'
import { wordListsOf } from '../corpus/wordLists.ts'
import { fieldInWords, fieldTest } from '../index/fieldMatch.ts'
import type { RankablePaper } from '../index/paperIndex.ts'
import { termOf } from '../index/phrases.ts'
import type { Clause } from '../language/clauses.ts'
import { holds } from '../score/match.ts'
import { closeLikes, type TasteScores } from '../score/taste.ts'
import { type TopicScores, tastePart, trendParts } from '../score/topicScore.ts'
import { risePerDay } from '../score/trend.ts'
import { likedInWords } from './likedInWords.ts'
import { matchedWords, type WeighedReason, wordReasons } from './matchedWords.ts'
import { wordsInPaper } from './wordsInPaper.ts'

/** One part of a paper's score. */
export interface ScorePart {
  /** The kind of the clause that gave it, or what else did. */
  kind: Clause['kind'] | 'related' | 'taste' | 'popular' | 'rising'
  /** For people, never empty. */
  text: string
  /** Only a taste can give a value below 0. */
  value: number
}

/** A paper's score and the reasons for it. The parts, summed in their order, are exactly the score. */
export interface Explanation {
  score: number
  parts: ScorePart[]
  /** What speaks for the paper, the strongest first: one to three. */
  reasons: Reason[]
}

/** More are not read. */
const MOST_REASONS = 3

type ReasonOf<Kind extends Reason['kind']> = Extract<Reason, { kind: Kind }>

/** Explains the score of one paper of the topic's index. */
export function explain(topic: TopicScores, doc: number): Explanation {
  const { index } = topic
  const matched = matchedWords(topic, doc)
  const parts: ScorePart[] = []
  for (const { clause, name, value } of matched) parts.push({ kind: clause.kind, text: name, value })
  const reasons = wordReasons(index, matched, doc)
  const add = (reason: ReasonOf<'related' | 'taste' | 'popular' | 'rising'>, value: number): void => {
    parts.push({ kind: reason.kind, text: reason.text, value })
    // What speaks against a paper is a part of its score, but no reason for it.
    if (value > 0) reasons.push({ reason, value })
  }
  const related = topic.related[doc] ?? 0
  if (related > 0) add(relatedReason(topic, doc), related)
  const taste = tastePart(topic, doc)
  if (taste !== 0) add(tasteReason(topic.tasteScores!, doc, taste), taste)
  const { popular, rising } = trendParts(topic, doc)
  if (popular > 0) add(popularReason(index.papers[doc]!), popular)
  if (rising > 0) add(risingReason(index.papers[doc]!), rising)
  return { score: sumOf(parts), parts, reasons: strongest(topic, doc, reasons) }
}

function isIndirect(reason: Reason): boolean {
  return reason.kind === 'related' || (reason.kind === 'words' && reason.place === 'neighbours')
}

function isOfTrend({ kind }: Reason): boolean {
  return kind === 'popular' || kind === 'rising'
}

/**
 * Fields that were asked for, then what adds most to the score; at least one reason. Related words and similar papers never come before
 * all words that were asked for and that the paper has itself: a reader believes these sooner. Nor do upvotes come before what the paper is
 * about, unless the subscriber lets them decide half of the score or more.
 */
function strongest(topic: TopicScores, doc: number, weighed: WeighedReason[]): Reason[] {
  let own = 0
  let about = 0
  for (const { reason, value } of weighed) {
    if (reason.kind === 'words' && !isIndirect(reason)) own = Math.max(own, value)
    if (!isOfTrend(reason)) about = Math.max(about, value)
  }
  const most = own > 0 ? own : about
  const isBehind = about > 0 && topic.shares.trend < 0.5
  const rank = ({ reason, value }: WeighedReason): number => {
    if (isOfTrend(reason) && isBehind) return Math.min(value, most)
    return isIndirect(reason) && own > 0 ? Math.min(value, own) : value
  }
  weighed.sort((a, b) => rank(b) - rank(a))
  const reasons = fieldReasons(topic, doc)
  for (const { reason } of weighed) reasons.push(reason)
  if (reasons.length === 0) return [listedReason(topic.index.papers[doc]!)]
  return reasons.slice(0, MOST_REASONS)
}

/** The sum of values in their order. */
export function sumOf(parts: readonly { value: number }[]): number {
  let sum = 0
  for (const { value } of parts) sum += value
  return sum
}

/** The fields that the query wishes for or demands and that the paper has: `by Yann LeCun`. */
function fieldReasons({ index, query }: TopicScores, doc: number): Reason[] {
  if (query.clauses.every(({ kind }) => kind === 'text')) return []
  return query.clauses
    .filter((clause) => clause.kind !== 'text')
    .filter((clause) => clause.occurrence !== 'never' && fieldTest(index, clause)(doc))
    .flatMap((clause): Reason[] => {
      const { kind: field, text: value } = clause
      // Every paper of the digest is of that time.
      return field === 'year' || field === 'since'
        ? []
        : [{ kind: 'field', text: fieldInWords(clause), field, value }]
    })
}

/** `related words: message passing, embedding` */
function relatedReason(topic: TopicScores, doc: number): ReasonOf<'related'> {
  const { index } = topic
  const { others, typed, split } = relatedNamesOf(topic)
  const { words, hasTyped } = wordsInPaper(index, doc, others, typed)
  if (words.length > 0) return { kind: 'related', text: `related words: ${listOf(words)}`, words }
  const text =
    hasTyped || split.some((stem) => holds(index, [stem], doc))
      ? 'has the main words of papers on this'
      : 'related words in papers like it'
  return { kind: 'related', text, words }
}

/** The related words of a topic as term numbers of the index, best first. Bare numbers ("19") tell a reader nothing. */
interface RelatedNames {
  /** Those that are not in the query. */
  others: number[]
  /** Those that are in the query. */
  typed: number[]
  /** The stems of those that papers may also write as several words. */
  split: string[]
}

const relatedNamesOf = keptFor(({ index, terms, expansion }: TopicScores): RelatedNames => {
  const { stems } = index.corpus!
  const lists = wordListsOf(index)
  const names: RelatedNames = { others: [], typed: [], split: [] }
  for (const number of expansion.terms) {
    const stem = stems[number]!
    if (!/\p{L}/u.test(stem)) continue
    const term = lists === undefined ? termOf(index, stem) : lists.numbers[number]!
    if (lists === undefined ? index.compounds.has(stem) : lists.isSplit[number] === 1) names.split.push(stem)
    if (term >= 0) (isOneOf(terms, number) ? names.typed : names.others).push(term)
  }
  return names
})

function isOneOf(terms: readonly (readonly number[])[], term: number): boolean {
  for (const ofClause of terms) if (ofClause.includes(term)) return true
  return false
}

/** `close to “Protein folds”, which you saved on 3 May, and 2 more you liked: diffusion`. `value` is what the taste adds to the score of the paper. */
export function tasteReason(tasteScores: TasteScores, doc: number, value: number): ReasonOf<'taste'> {
  const { likes } = tasteScores.taste
  const all = likes === 1 ? 'the paper you liked' : `the ${likes} papers you liked`
  if (value <= 0) return { kind: 'taste', text: `unlike ${all}`, words: [] }
  const { words } = wordsInPaper(tasteScores.index, doc, tasteNamesOf(tasteScores))
  const near = closeLikes(tasteScores, doc)
  const text = closeness(tasteScores, doc, near, words.length > 0)
  const reason = {
    kind: 'taste' as const,
    text: words.length > 0 ? `${text}: ${listOf(words)}` : text,
    words,
  }
  const liked = near && tasteScores.taste.liked[near.nearest]
  return liked === undefined || near?.count === 0 ? reason : { ...reason, near: liked.title }
}

/** This many of a taste's heaviest words are looked for in a paper. */
const TRIED_WORDS = 40

/** The heaviest words that speak for a paper, as term numbers of the index. */
const tasteNamesOf = keptFor(({ index, taste: { words } }: TasteScores): number[] => {
  const names: number[] = []
  const numbers = wordListsOf(index)?.numbers
  for (let at = 0; at < words.length && at < TRIED_WORDS; at++) {
    const { stem, term, weight } = words[at]!
    const own = numbers === undefined || term < 0 ? termOf(index, stem) : numbers[term]!
    if (weight > 0 && own >= 0) names.push(own)
  }
  return names
})

/** Names the nearest liked paper, and says how many more are close. */
function closeness(
  { taste: { likes, liked }, index }: TasteScores,
  doc: number,
  near: ReturnType<typeof closeLikes>,
  hasWords: boolean,
): string {
  const all = likes === 1 ? 'the paper you liked' : `the ${likes} papers you liked`
  if (near === undefined) return `close to ${all}`
  if (near.count === 0) return hasWords ? `has words of ${all}` : `a little like ${all}`
  const others = near.count === 1 ? '' : `, and ${near.count - 1} more you liked`
  return `close to ${likedInWords(liked[near.nearest]!, index.papers[doc]!.day)}${others}`
}

/** `41 upvotes` */
export function popularReason({ upvotes }: RankablePaper): ReasonOf<'popular'> {
  return { kind: 'popular', text: upvotesInWords(upvotes ?? 0), upvotes: upvotes ?? 0 }
}

/** `rising: 41 upvotes in a day` */
export function risingReason(paper: RankablePaper): ReasonOf<'rising'> {
  const upvotesPerDay = risePerDay(paper)
  return { kind: 'rising', text: `rising: ${upvotesInWords(upvotesPerDay)} in a day`, upvotesPerDay }
}

function listedReason({ day }: RankablePaper): Reason {
  return { kind: 'listed', text: day === null ? 'new' : `listed on ${day}`, day }
}

function upvotesInWords(count: number): string {
  return count === 1 ? '1 upvote' : `${count} upvotes`
}

/** `a, b, c`. A loop, because it is faster than join and runs for each reason. */
function listOf(words: readonly string[]): string {
  let list = words[0]!
  for (let at = 1; at < words.length; at++) list += `, ${words[at]!}`
  return list
}
