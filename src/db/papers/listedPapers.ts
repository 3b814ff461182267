import { sql } from 'kysely'
import type { LocalDate, Paper } from '../../domain.ts'
import type { Db } from '../engine/connect.ts'
import { PAPER_COLUMNS } from './paperColumns.ts'

/** A paper with where and when it was listed. */
export interface ListedPaper extends Paper {
  /** The latest listing day; null if no listing had a day. */
  listedOn: LocalDate | null
  /** Names of the sources that listed it. */
  sources: string[]
}

/** Lists all papers that are not hidden, the latest listed first, those of one day in the order of arrival. */
export function listPapers(db: Db, limit: number | undefined): Promise<ListedPaper[]> {
  const all = listedPapers(db)
    .where('papers.hidden_at', 'is', null)
    .orderBy('seen.day', (order) => order.desc().nullsLast())
    .orderBy('papers.id')
  return (limit === undefined ? all : all.limit(limit)).execute() as Promise<ListedPaper[]>
}

/** Papers by their ids, in the order of the ids; hidden ones only if asked for. */
export function listPapersById(
  db: Db,
  ids: readonly number[],
  { hidden = false } = {},
): Promise<ListedPaper[]> {
  const all = listedPapers(db)
    .where('papers.id', '=', sql<number>`ANY(${[...ids]})`)
    .orderBy('papers.id')
  return (hidden ? all : all.where('papers.hidden_at', 'is', null)).execute() as Promise<ListedPaper[]>
}

function listedPapers(db: Db) {
  return db
    .selectFrom('papers')
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('sightings')
          .innerJoin('sources', 'sources.id', 'sightings.source_id')
          .select((s) => [
            s.fn.max('sightings.listed_on').as('listedOn'),
            s.fn.max('sightings.day').as('day'),
            sql<string[]>`array_agg(DISTINCT sources.name ORDER BY sources.name)`.as('sources'),
          ])
          .whereRef('sightings.paper_id', '=', 'papers.id')
          .as('seen'),
      (join) => join.onTrue(),
    )
    .select([...PAPER_COLUMNS, 'seen.listedOn', sql<string[]>`coalesce(seen.sources, '{}')`.as('sources')])
}
