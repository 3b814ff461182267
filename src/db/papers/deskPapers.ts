import { sql } from 'kysely'
import type { Db } from '../engine/connect.ts'

/** A paper in an admin's search, hidden ones included. */
export interface DeskPaper {
  id: number
  /** As stored (TeX). */
  title: string
  authors: string[]
  arxivId: string | null
  doi: string | null
  firstSeenAt: Date
  hiddenAt: Date | null
}

export interface DeskPaperFilter {
  /** Words that the title has, in any order; or a paper's number, arXiv id or DOI. */
  words: string[]
  id?: number
  arxivId?: string
  doi?: string
  hiddenOnly: boolean
}

/** Finds papers for an admin, the newest first. */
export function findDeskPapers(db: Db, filter: DeskPaperFilter, limit: number): Promise<DeskPaper[]> {
  const ids = [
    ...(filter.id === undefined ? [] : [sql<boolean>`id = ${filter.id}`]),
    ...(filter.arxivId === undefined ? [] : [sql<boolean>`arxiv_id = ${filter.arxivId}`]),
    ...(filter.doi === undefined ? [] : [sql<boolean>`doi = ${filter.doi}`]),
  ]
  const words = filter.words.map((word) => sql<boolean>`title ILIKE ${`%${escaped(word)}%`}`)
  let query = db
    .selectFrom('papers')
    .select([
      'id',
      'title',
      'authors',
      'arxiv_id as arxivId',
      'doi',
      'first_seen_at as firstSeenAt',
      'hidden_at as hiddenAt',
    ])
    .orderBy('id', 'desc')
    .limit(limit)
  if (filter.hiddenOnly) query = query.where('hidden_at', 'is not', null)
  if (words.length > 0) query = query.where((eb) => eb.or([eb.and(words), ...ids]))
  return query.execute()
}

/** A word as a pattern of LIKE that means itself. */
function escaped(word: string): string {
  return word.replace(/[\\%_]/g, '\\$&')
}
