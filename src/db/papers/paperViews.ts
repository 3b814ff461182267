import { sql } from 'kysely'
import type { LocalDate, Paper } from '../../domain.ts'
import type { Db } from '../engine/connect.ts'
import { PAPER_COLUMNS } from './paperColumns.ts'

/** A paper as the list of one day shows it. */
export interface TrendingPaper extends Paper {
  /** The most upvotes in a sighting of that day; null if none said. */
  dayUpvotes: number | null
  /** Names of the sources that listed it that day. */
  sources: string[]
}

/** Lists the papers of a day: most upvotes that day first, then best rank. */
export async function listTrending(
  db: Db,
  page: { day: LocalDate; limit: number; offset: number },
): Promise<TrendingPaper[]> {
  const rows = await db
    .with('listed', (cte) =>
      cte
        .selectFrom('sightings')
        .innerJoin('sources', 'sources.id', 'sightings.source_id')
        .select((eb) => [
          'paper_id',
          eb.fn.max('sightings.upvotes').as('dayUpvotes'),
          eb.fn.min('sightings.rank').as('best_rank'),
          sql<string[]>`array_agg(DISTINCT sources.name ORDER BY sources.name)`.as('sources'),
        ])
        .where('day', '=', page.day)
        .groupBy('paper_id'),
    )
    .selectFrom('listed')
    .innerJoin('papers', 'papers.id', 'listed.paper_id')
    .select([...PAPER_COLUMNS, 'listed.dayUpvotes', 'listed.sources'])
    .orderBy(sql`listed."dayUpvotes" DESC NULLS LAST, listed.best_rank ASC NULLS LAST, papers.id`)
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return rows
}

/** Counts the papers listed on a day. */
export async function countTrending(db: Db, day: LocalDate): Promise<number> {
  const row = await db
    .selectFrom('sightings')
    .select((eb) => eb.fn.count<number>('paper_id').distinct().as('papers'))
    .where('day', '=', day)
    .executeTakeFirstOrThrow()
  return row.papers
}

/** Finds the nearest days before and after that have a list. */
export async function findNeighbourDays(
  db: Db,
  day: LocalDate,
): Promise<{ before: LocalDate | undefined; after: LocalDate | undefined }> {
  const row = await db
    .selectNoFrom((eb) => [
      eb
        .selectFrom('sightings')
        .select(sql<LocalDate>`max(day)`.as('day'))
        .where('day', '<', day)
        .as('before'),
      eb
        .selectFrom('sightings')
        .select(sql<LocalDate>`min(day)`.as('day'))
        .where('day', '>', day)
        .as('after'),
    ])
    .executeTakeFirstOrThrow()
  return { before: row.before ?? undefined, after: row.after ?? undefined }
}

/** One observation of a paper, for its page. */
export interface SightingView {
  day: LocalDate
  observedAt: Date
  source: string
  rank: number | null
  upvotes: number | null
  comments: number | null
  stars: number | null
}

/** Lists a paper's sightings, the newest first. */
export function listSightingsOf(db: Db, paperId: number, limit: number): Promise<SightingView[]> {
  return db
    .selectFrom('sightings')
    .innerJoin('sources', 'sources.id', 'sightings.source_id')
    .select([
      'sightings.day',
      'sightings.observed_at as observedAt',
      'sources.name as source',
      'sightings.rank',
      'sightings.upvotes',
      'sightings.comments',
      'sightings.stars',
    ])
    .where('paper_id', '=', paperId)
    .orderBy('sightings.day', 'desc')
    .orderBy('sightings.observed_at', 'desc')
    .orderBy('sightings.id', 'desc')
    .limit(limit)
    .execute()
}
