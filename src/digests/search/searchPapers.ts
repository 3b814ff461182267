import type { Db } from '../../db/engine/connect.ts'
import { type ListedPaper, listPapersById } from '../../db/papers/listedPapers.ts'
import { countSearchTexts, listNewPapers, proposePapers } from '../../db/papers/searchTexts.ts'
import type { Reason } from '../../domain.ts'
import type { CollectionStatistics } from '../../ranking/corpus/collectionStatistics.ts'
import { buildingPart } from '../../ranking/corpus/rankingIndex.ts'
import { statisticsOf } from '../../ranking/corpus/statistics.ts'
import { explain } from '../../ranking/explain/explanation.ts'
import { parseQuery, type TopicQuery } from '../../ranking/language/query.ts'
import { planSearch } from '../../ranking/propose/searchPlan.ts'
import { bestPapers } from '../../ranking/score/bestPapers.ts'
import { returnBuffers } from '../../ranking/score/scoreBuffers.ts'
import { scoreTopic } from '../../ranking/score/topicScore.ts'
import { inSlices } from '../../slices.ts'
import { currentCorpusModel } from '../corpus/currentModel.ts'
import { inTurn } from './turns.ts'

export interface SearchOptions {
  /** At most this many papers. Default: all. */
  limit?: number
  /** So many of the best papers are left out: those of the pages before. Default 0. */
  offset?: number
}

/** A paper that matches a query, with its score and what speaks for it. */
export interface FoundPaper {
  paper: ListedPaper
  score: number
  reasons: Reason[]
}

/** A page of search results. */
export interface SearchResult {
  /** Best first. */
  found: FoundPaper[]
  /** Whether more papers match than those up to the end of this page. */
  hasMore: boolean
}

/** So many papers are ranked at least. */
const LEAST_RANKED = 120
/** For each place of the pages so far this many papers are ranked. */
const RANKED_FOR_EACH = 4
/** How far a search goes at first, and if that is not enough: how many papers are expected for each that is ranked. */
const EFFORTS = [
  { expected: 4, most: 45 },
  { expected: 20, most: 60 },
]
/** Papers that arrived a moment ago are looked at one by one. */
const MOST_NEW = 100

/**
 * Searches all stored papers: full-text search proposes, ranking orders. Upvotes decide only where the query has no words.
 * @throws QueryError for a query that cannot be read.
 */
export async function searchPapers(
  db: Db,
  query: string,
  { limit = Number.POSITIVE_INFINITY, offset = 0 }: SearchOptions,
): Promise<SearchResult> {
  const page = { limit, offset }
  const parsed = parseQuery(query)
  const [corpus, stored, fresh] = await Promise.all([
    currentCorpusModel(db),
    countSearchTexts(db),
    listNewPapers(db, MOST_NEW),
  ])
  const statistics = statisticsOf(corpus, stored)
  // One more than is shown tells whether there is another page.
  const needed = offset + limit + 1
  const wanted = Math.min(Math.max(LEAST_RANKED, RANKED_FOR_EACH * needed), statistics.stored)
  const efforts = EFFORTS.map(({ expected, most }) => ({ enough: expected * wanted, most }))
  for (const effort of Number.isFinite(limit) ? [...efforts, undefined] : [undefined]) {
    const plan = planSearch(parsed, statistics, effort)
    const ids = await proposePapers(db, { ...plan, limit: wanted })
    const result = await inTurn(db, () =>
      rank(db, parsed, [...new Set([...ids, ...fresh])], statistics, page),
    )
    if (plan.isWhole || result.matching >= needed) return result
  }
  throw new Error('expected the last plan of a search to be whole')
}

interface Page {
  limit: number
  offset: number
}

/** Ranks some papers of the collection and gives a page of them. `matching`: how many of them match. */
async function rank(
  db: Db,
  query: TopicQuery,
  ids: readonly number[],
  statistics: CollectionStatistics,
  { limit, offset }: Page,
): Promise<SearchResult & { matching: number }> {
  const papers = await listPapersById(db, ids)
  const index = await inSlices(
    buildingPart(
      papers.map((paper) => ({ ...paper, day: paper.listedOn })),
      statistics,
    ),
  )
  const hasWords = query.clauses.some(({ kind }) => kind === 'text')
  const topic = scoreTopic(index, query, hasWords ? { trendWeight: 0 } : {})
  const ranked = bestPapers(topic)
  // Only what is shown is explained: reasons in the paper's words take longer than the score.
  const found = ranked.slice(offset, offset + limit).map((doc) => {
    const { score, reasons } = explain(topic, doc)
    return { paper: papers[doc]!, score, reasons }
  })
  returnBuffers(topic)
  return { found, hasMore: ranked.length > offset + found.length, matching: ranked.length }
}
