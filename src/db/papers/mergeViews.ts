import { sql } from 'kysely'
import type { Db } from '../engine/connect.ts'
import type { Undo } from './paperMerges.ts'

/** A standing merge, for an admin to look at. */
export interface MergeView {
  id: number
  paperId: number
  /** The title of the paper as it is now, as stored (TeX). */
  title: string
  /** The number of the paper that was joined; null for an entry. */
  joinedId: number | null
  why: string
  /** Log-odds; null if ids or an admin decided. */
  score: number | null
  /** What was merged, see src/ingest/writeMerges.ts. */
  undo: Undo
  at: Date
  approvedAt: Date | null
}

export interface MergeFilter {
  /** Only merges with log-odds below this that no admin has looked at. */
  doubtfulBelow?: number
  /** Only merges with a lower number. */
  before?: number
  limit: number
}

/** Lists standing merges, the newest first. */
export async function listStandingMerges(db: Db, filter: MergeFilter): Promise<MergeView[]> {
  let query = db
    .selectFrom('paper_merges')
    .innerJoin('papers', 'papers.id', 'paper_merges.paper_id')
    .select([
      'paper_merges.id',
      'paper_id as paperId',
      'papers.title',
      'joined_id as joinedId',
      'why',
      'score',
      'undo',
      'at',
      'approved_at as approvedAt',
    ])
    .where('undone_at', 'is', null)
    .orderBy('paper_merges.id', 'desc')
    .limit(filter.limit)
  if (filter.before !== undefined) query = query.where('paper_merges.id', '<', filter.before)
  if (filter.doubtfulBelow !== undefined)
    query = query.where('approved_at', 'is', null).where('score', '<', filter.doubtfulBelow)
  return query.execute()
}

/** How many merges are doubtful, and since when the oldest is. */
export async function countDoubtfulMerges(
  db: Db,
  below: number,
): Promise<{ count: number; since: Date | null }> {
  return db
    .selectFrom('paper_merges')
    .select((eb) => [eb.fn.countAll<number>().as('count'), eb.fn.min('at').as('since')])
    .where('undone_at', 'is', null)
    .where('approved_at', 'is', null)
    .where('score', '<', below)
    .executeTakeFirstOrThrow()
}

/** Notes that an admin found these merges right. Gives how many were not looked at before. */
export async function approveMerges(db: Db, ids: number[], at: Date): Promise<number> {
  const { numAffectedRows } = await sql`
    UPDATE paper_merges SET approved_at = ${at}
    WHERE id = ANY(${ids}::bigint[]) AND undone_at IS NULL AND approved_at IS NULL`.execute(db)
  return Number(numAffectedRows ?? 0n)
}
