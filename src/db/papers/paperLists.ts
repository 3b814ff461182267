import { sql } from 'kysely'
import type { LocalDate, Paper } from '../../domain.ts'
import type { Db } from '../engine/connect.ts'
import { PAPER_COLUMNS } from './paperColumns.ts'
import { risesOf } from './papers.ts'
import { isPictured } from './thumbnails.ts'

/** Days of listings, both included. */
export interface DaySpan {
  from: LocalDate
  to: LocalDate
}

/** `votes`: the most upvotes first; `rising`: the most new upvotes a day; `newest`: published last. */
export type ListOrder = 'votes' | 'rising' | 'newest'

export interface ListWish extends DaySpan {
  order: ListOrder
  /** An arXiv category such as `cs.CL`, or an archive such as `cs` for all of its categories. */
  category?: string
  limit: number
  offset: number
}

/** A paper as a list of some days shows it. */
export interface ListedRow extends Paper {
  /** The latest day of the span on which it was listed. */
  day: LocalDate
  /** The most upvotes in a sighting of these days; null if none said. */
  spanUpvotes: number | null
  /** New upvotes a day at the end of the span, see `CandidatePaper`. */
  upvotesPerDay: number | null
  /** True if none of these days' lists says its day: they count for the day on which they were read. */
  isUndated: boolean
  isPictured: boolean
}

/**
 * Lists papers of some days, and counts all of them. Counting reads the sightings alone; only a category or the order `newest` needs
 * the papers of all these days.
 */
export async function listPapersOf(
  db: Db,
  wish: ListWish,
): Promise<{ papers: ListedRow[]; total: number; undated: number }> {
  const needsPapers = wish.category !== undefined || wish.order === 'newest'
  const { rows } = await sql<{ paper_id: number; total: number; undated: number }>`
    WITH listed AS (${listedIn(wish)})
    SELECT listed.paper_id, count(*) OVER () AS total, count(*) FILTER (WHERE listed.is_undated) OVER () AS undated
    FROM listed
      ${needsPapers ? sql`JOIN papers ON papers.id = listed.paper_id` : sql``}
      ${wish.order === 'rising' ? sql`LEFT JOIN ${risesOf(wish.from, wish.to)} AS rises ON rises.paper_id = listed.paper_id` : sql``}
    WHERE listed.paper_id NOT IN (SELECT id FROM papers WHERE hidden_at IS NOT NULL) AND ${isIn(wish.category)}
    ORDER BY ${orderOf(wish.order)} listed.upvotes DESC NULLS LAST, listed.best_rank ASC NULLS LAST, listed.paper_id
    LIMIT ${wish.limit} OFFSET ${wish.offset}`.execute(db)
  // A page beyond the last one has no row that could say how many there are.
  if (rows.length === 0 && wish.offset > 0)
    return { ...(await listPapersOf(db, { ...wish, offset: 0, limit: 1 })), papers: [] }
  const papers = await listRows(
    db,
    rows.map(({ paper_id }) => paper_id),
    wish,
  )
  return { papers, total: rows[0]?.total ?? 0, undated: rows[0]?.undated ?? 0 }
}

/** Papers by their ids, in this order, as a list of these days shows them. Papers that the days do not have are left out. */
export async function listRows(db: Db, ids: number[], span: DaySpan): Promise<ListedRow[]> {
  if (ids.length === 0) return []
  const rows = await db
    .with('listed', () => sql<ListedSighting>`(${listedIn(span, ids)})`)
    .with('rises', () => risesOf(span.from, span.to, ids))
    .selectFrom('listed')
    .innerJoin('papers', 'papers.id', 'listed.paper_id')
    .leftJoin('rises', 'rises.paper_id', 'listed.paper_id')
    .select([
      ...PAPER_COLUMNS,
      'listed.day',
      'listed.upvotes as spanUpvotes',
      'listed.is_undated as isUndated',
      'rises.per_day as upvotesPerDay',
      isPictured,
    ])
    .where('papers.hidden_at', 'is', null)
    .execute()
  const byId = new Map(rows.map((row) => [row.id, row as ListedRow]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}

interface ListedSighting {
  paper_id: number
  day: LocalDate
  upvotes: number | null
  best_rank: number | null
  is_undated: boolean
}

function listedIn({ from, to }: DaySpan, ids?: number[]) {
  const among = ids === undefined ? sql`` : sql`AND paper_id = ANY(${ids}::bigint[])`
  return sql<ListedSighting>`
    SELECT paper_id, max(day) AS day, max(upvotes) AS upvotes, min(rank) AS best_rank,
      bool_and(listed_on IS NULL) AS is_undated
    FROM sightings WHERE day BETWEEN ${from} AND ${to} ${among} GROUP BY paper_id`
}

function isIn(category: string | undefined) {
  if (category === undefined) return sql`true`
  return sql`EXISTS (SELECT FROM unnest(papers.categories) AS category
    WHERE lower(category) = lower(${category}) OR lower(category) LIKE lower(${category}) || '.%')`
}

function orderOf(order: ListOrder) {
  if (order === 'rising') return sql`rises.per_day DESC NULLS LAST,`
  return order === 'newest' ? sql`papers.published_at DESC NULLS LAST, listed.day DESC,` : sql``
}

/** The last `limit` days up to a day that have a list, the latest first. Each day costs one look into an index. */
export async function listDays(db: Db, upTo: LocalDate, limit: number): Promise<LocalDate[]> {
  const { rows } = await sql<{ day: LocalDate }>`
    WITH RECURSIVE days AS (
      SELECT max(day) AS day, 1 AS number FROM sightings WHERE day <= ${upTo}
      UNION ALL
      SELECT (SELECT max(day) FROM sightings WHERE day < days.day), number + 1
      FROM days WHERE days.day IS NOT NULL AND number < ${limit})
    SELECT day FROM days WHERE day IS NOT NULL`.execute(db)
  return rows.map(({ day }) => day)
}

/** The categories of the papers of some days, the most frequent first. It reads all of these papers. */
export async function listCategories(db: Db, { from, to }: DaySpan, limit: number): Promise<string[]> {
  const { rows } = await sql<{ category: string }>`
    SELECT category
    FROM (SELECT DISTINCT paper_id FROM sightings WHERE day BETWEEN ${from} AND ${to}) AS listed
      JOIN papers ON papers.id = listed.paper_id AND papers.hidden_at IS NULL, unnest(papers.categories) AS category
    GROUP BY category ORDER BY count(*) DESC, category LIMIT ${limit}`.execute(db)
  return rows.map(({ category }) => category)
}

/** The titles of the papers of some days, each with its latest day; at most 50,000. */
export async function listTitles(
  db: Db,
  { from, to }: DaySpan,
): Promise<{ title: string; day: LocalDate }[]> {
  const { rows } = await sql<{ title: string; day: LocalDate }>`
    SELECT title, listed.day
    FROM (SELECT paper_id, max(day) AS day FROM sightings WHERE day BETWEEN ${from} AND ${to}
      GROUP BY paper_id LIMIT 50000) AS listed
      JOIN papers ON papers.id = listed.paper_id AND papers.hidden_at IS NULL`.execute(db)
  return rows
}
