import type { FetchOutcome } from '../../domain.ts'
import type { Db } from '../engine/connect.ts'

/** How many fetches of a source had an outcome, since the source was added. */
export interface FetchCount {
  source: string
  outcome: FetchOutcome
  fetches: number
}

/** Lists the counts of all sources. */
export function listFetchCounts(db: Db): Promise<FetchCount[]> {
  return db
    .selectFrom('fetch_counts')
    .innerJoin('sources', 'sources.id', 'fetch_counts.source_id')
    .select(['sources.name as source', 'fetch_counts.outcome', 'fetch_counts.fetches'])
    .orderBy('sources.id')
    .orderBy('fetch_counts.outcome')
    .execute()
}
