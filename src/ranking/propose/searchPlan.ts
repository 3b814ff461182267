import { fullWeight } from '../corpus/bm25.ts'
import { type CollectionStatistics, PHRASE_RARITY } from '../corpus/collectionStatistics.ts'
import type { TextClause } from '../language/clauses.ts'
import type { TopicQuery } from '../language/query.ts'
import { LEVEL_SHARES, LEVEL_VALUES } from './searchWords.ts'
import { allOf, anyOf, clauseQuery, conditionsQuery, levelQueries } from './textQuery.ts'

/** Where full-text search looks for the best papers of a query, and how it orders what it finds. */
export interface SearchPlan {
  /** A tsquery; undefined for all papers. */
  match: string | undefined
  /** What a paper scores for each word. Empty: by upvotes. */
  scored: WordScore[]
  /** Whether all papers with one of the query's words are looked for, and not only the most promising. */
  isWhole: boolean
  minUpvotes: number
}

/** How far a search goes. */
export interface Effort {
  /** It is enough if this many papers are expected. */
  enough: number
  /** At most this many combinations are looked for at once. */
  most: number
}

/** What a paper scores for a word that it has: the value of the first tsquery that it meets. */
export interface WordScore {
  /** Papers that have the word. */
  match: string
  /** In the order in which they are tried. */
  levels: { match: string; value: number }[]
}

/** A word or phrase of the query. */
interface Word {
  clause: TextClause
  /** Its weight in a paper full of it. */
  weight: number
  /** The part of the papers that have it. */
  share: number
}

/** Papers are looked for by at most this many words, the weightiest of the query. */
const MOST_COMBINED = 9
/** What is found is ordered by at most this many words. */
const MOST_SCORED = 9
/** If a query has more than FEW words, a combination has at most this many. */
const MOST_TOGETHER = 2
/** A combination that brings this many times more papers than are enough is not added to others. */
const TOO_WIDE = 4
/** A query of at most this many words is looked for by every combination of them. */
const FEW = 5
/** Words of one query come together more often than chance. */
const TOGETHER = 3

/**
 * Plans a search: the combinations of the query's words and their levels, the most valuable first, until about `enough` papers of
 * the collection are expected to have one, or there are `most` combinations. Without an effort every paper with any of the words is
 * looked for.
 */
export function planSearch(
  query: TopicQuery,
  statistics: CollectionStatistics,
  effort: Effort | undefined,
): SearchPlan {
  const words = wordsOf(query, statistics)
  const demanded = conditionsQuery(query)
  const { minUpvotes } = query
  if (words.length === 0) return { match: demanded, scored: [], isWhole: true, minUpvotes }
  const combined = words.slice(0, MOST_COMBINED)
  const { chosen, isWhole } =
    effort === undefined
      ? { chosen: singles(words), isWhole: true }
      : chooseCombinations(combined, statistics.stored, effort)
  const match = anyOf(
    chosen.map(({ of, level }) => allOf(of.map(({ clause }) => clauseQuery(clause, level)))),
  )
  return {
    match: allOf([demanded, match]),
    scored: words.slice(0, MOST_SCORED).map(scoreOf),
    isWhole,
    minUpvotes,
  }
}

function scoreOf({ clause, weight }: Word): WordScore {
  const levels = levelQueries(clause).map(({ level, match }) => ({
    match,
    value: LEVEL_VALUES[level]! * weight,
  }))
  return { match: clauseQuery(clause), levels }
}

/** The words of a query that speak for a paper, the weightiest first. */
function wordsOf({ clauses }: TopicQuery, statistics: CollectionStatistics): Word[] {
  return clauses
    .filter((clause): clause is TextClause => clause.kind === 'text' && clause.occurrence !== 'never')
    .map((clause) => {
      const holders = holdersOf(clause, statistics)
      return {
        clause,
        weight: clause.weight * fullWeight(statistics.papers, holders),
        share: (holders + 0.5) / (statistics.papers + 1),
      }
    })
    .sort((a, b) => b.weight - a.weight)
}

function holdersOf({ variants }: TextClause, { holders }: CollectionStatistics): number {
  return Math.max(
    ...variants.map((stems) => {
      const rarest = Math.min(...stems.map((stem) => holders(stem) ?? 0))
      return stems.length === 1 ? rarest : rarest / PHRASE_RARITY
    }),
  )
}

interface Combination {
  of: Word[]
  level: number
  /** What a paper that has these words on this level scores at least, about. */
  value: number
  /** The part of the papers that is expected to have them. */
  share: number
}

function singles(words: readonly Word[]): Combination[] {
  return words.map((word) => combinationOf([word], 0))
}

function combinationOf(of: Word[], level: number): Combination {
  const shares = of.map(({ share }) => Math.min(1, share * LEVEL_SHARES[level]!))
  const chance = shares.reduce((product, share) => product * share, TOGETHER ** (of.length - 1))
  return {
    of,
    level,
    value: LEVEL_VALUES[level]! * of.reduce((sum, { weight }) => sum + weight, 0),
    share: Math.min(chance, ...shares),
  }
}

/** The most valuable combinations that are expected to bring enough papers. */
function chooseCombinations(
  words: readonly Word[],
  stored: number,
  { enough, most }: Effort,
): { chosen: Combination[]; isWhole: boolean } {
  const all = subsetsOf(words)
    .flatMap((of) => levelsFor(of).map((level) => combinationOf(of, level)))
    .sort((a, b) => b.value - a.value)
  let chosen: Combination[] = []
  let expected = 0
  for (const next of all) {
    const isTooWide = chosen.length > 0 && next.share * stored > TOO_WIDE * enough
    if (expected >= enough || chosen.length >= most || isTooWide) return { chosen, isWhole: false }
    if (chosen.some((one) => contains(next, one))) continue
    // What the new one takes in as well is looked for by it.
    const replaced = chosen.filter((one) => contains(one, next))
    chosen = [...chosen.filter((one) => !replaced.includes(one)), next]
    expected += stored * (next.share - replaced.reduce((sum, { share }) => sum + share, 0))
  }
  return { chosen, isWhole: true }
}

/** Several words are seldom strong in one paper: a few levels are enough for them. */
function levelsFor(of: readonly Word[]): number[] {
  return of.length > 1 ? [0, 2, 5] : LEVEL_VALUES.map((_, level) => level)
}

/** Whether each paper that has the inner combination has the outer one too. */
function contains(inner: Combination, outer: Combination): boolean {
  return outer.level <= inner.level && outer.of.every((word) => inner.of.includes(word))
}

/** All subsets of a few words; of more words those of up to MOST_TOGETHER. */
function subsetsOf(words: readonly Word[]): Word[][] {
  const most = words.length <= FEW ? words.length : MOST_TOGETHER
  let subsets: Word[][] = [[]]
  for (const word of words)
    subsets = [...subsets, ...subsets.filter((one) => one.length < most).map((one) => [...one, word])]
  return subsets.slice(1)
}
