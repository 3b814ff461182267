import type { Db } from '../../db/engine/connect.ts'
import { type ListedPaper, listPapers } from '../../db/papers/listedPapers.ts'
import type { Reason } from '../../domain.ts'
import { rankTopic } from '../../ranking/choose/rankTopic.ts'
import { buildingIndex } from '../../ranking/corpus/rankingIndex.ts'
import { parseQuery } from '../../ranking/language/query.ts'
import { inSlices } from '../../slices.ts'

export interface SearchOptions {
  /** At most this many papers. Default: all. */
  limit?: number
  /** So many of the best papers are left out: those of the pages before. Default 0. */
  offset?: number
  now: Date
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

/** Searches all stored papers. @throws QueryError for a query that cannot be read. */
export async function searchPapers(
  db: Db,
  query: string,
  { limit, offset = 0 }: SearchOptions,
): Promise<SearchResult> {
  const parsed = parseQuery(query)
  const papers = await listPapers(db, undefined)
  const byId = new Map(papers.map((paper) => [paper.id, paper]))
  const index = await inSlices(buildingIndex(papers.map((paper) => ({ ...paper, day: paper.listedOn }))))
  const most = limit === undefined ? undefined : offset + limit + 1
  const ranked = rankTopic(index, parsed, { limit: most }).slice(offset)
  const found = ranked.slice(0, limit).map(({ paperId, score, reasons }) => ({
    paper: byId.get(paperId)!,
    score,
    reasons,
  }))
  return { found, hasMore: ranked.length > found.length }
}
