import { sql } from 'kysely'
import type { Db } from '../engine/connect.ts'
import { findPaperKeys } from './paperKeys.ts'

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
  /** What words of the title begin with, in any order; or a paper's number, arXiv id or DOI. */
  words: string[]
  id?: number
  arxivId?: string
  doi?: string
  hiddenOnly: boolean
}

/** Of the papers that full-text search does not know yet, no more than this many are looked at: it knows them within a minute or so. */
const MOST_NEW = 2_000

/**
 * Finds papers for an admin, the newest first. A paper that full-text search does not know yet is found too; one whose title changed,
 * by the new title once its words are stored again (src/jobs/indexPapers.ts).
 */
export async function findDeskPapers(db: Db, filter: DeskPaperFilter, limit: number): Promise<DeskPaper[]> {
  const { words, hiddenOnly } = filter
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
  if (hiddenOnly) query = query.where('hidden_at', 'is not', null)
  if (words.length > 0) {
    const ids = await idsOf(db, filter)
    query = query.where(
      hiddenOnly
        ? // Hidden papers are few: their titles are read.
          sql<boolean>`(to_tsvector('simple', title) @@ ${titleQuery(words)} OR id = ANY(${ids}::bigint[]))`
        : sql<boolean>`id IN (SELECT unnest(${ids}::bigint[]) UNION ALL ${newestByTitle(words, limit)})`,
    )
  }
  return query.execute()
}

async function idsOf(db: Db, { id, arxivId, doi }: DeskPaperFilter): Promise<number[]> {
  const keys = [
    ...(arxivId === undefined ? [] : [`arxiv:${arxivId}`]),
    ...(doi === undefined ? [] : [`doi:${doi}`]),
  ]
  const found = await findPaperKeys(db, keys)
  return [...(id === undefined ? [] : [id]), ...found.map(({ paperId }) => paperId)]
}

/** The ids of the newest papers whose title has the words: of those that full-text search knows, and of those stored since. */
function newestByTitle(words: string[], limit: number) {
  const query = titleQuery(words)
  return sql`
    (SELECT paper_id FROM search_texts WHERE title_words @@ ${query} ORDER BY paper_id DESC LIMIT ${limit})
    UNION ALL
    (SELECT id FROM (
      SELECT id, title FROM papers WHERE id > (SELECT coalesce(max(paper_id), 0) FROM search_texts)
      ORDER BY id DESC LIMIT ${MOST_NEW}
    ) AS new WHERE to_tsvector('simple', title) @@ ${query} ORDER BY id DESC LIMIT ${limit})`
}

/** Each word as the beginning of a word (PostgreSQL 13 documentation §8.11.2). Signs divide words, here as in titles. */
function titleQuery(words: string[]) {
  const quoted = words.map((word) => `'${word.replace(/['\\]/g, ' ')}':*`)
  return sql`to_tsquery('simple', ${quoted.join(' & ')})`
}
