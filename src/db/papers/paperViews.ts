import type { LocalDate } from '../../domain.ts'
import type { Db } from '../engine/connect.ts'

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

/** Lists the raw pages that a paper was seen on, the newest first. */
export async function listPagesWith(db: Db, paperId: number, limit: number): Promise<number[]> {
  const rows = await db
    .selectFrom('sightings')
    .select('page_id')
    .distinct()
    .where('paper_id', '=', paperId)
    .where('page_id', 'is not', null)
    .orderBy('page_id', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => row.page_id!)
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
