import { sql } from 'kysely'
import type { Db } from '../../src/db/engine/connect.ts'

/** Everything that a replay stores, without ids, write times and what only an admin sets: equal for equal work. */
export async function storedRows(db: Db): Promise<Record<string, unknown[]>> {
  const papers = await sql<{ paper: Record<string, unknown> }>`
    SELECT to_jsonb(papers) - '{id,first_seen_at,updated_at,hidden_at}'::text[] AS paper FROM papers
    ORDER BY title, arxiv_id`.execute(db)
  const keys = await sql<{ key: string }>`
    SELECT key || ' ' || title AS key FROM paper_keys JOIN papers ON papers.id = paper_id ORDER BY 1`.execute(
    db,
  )
  const blockingKeys = await sql<{ key: string }>`
    SELECT code || ' ' || title AS key FROM blocking_keys JOIN papers ON papers.id = paper_id ORDER BY 1`.execute(
    db,
  )
  const sightings = await sql<{ sighting: unknown }>`
    SELECT to_jsonb(sightings) - '{id,paper_id,page_id,source_id,merge_id}'::text[]
      || jsonb_build_object('title', papers.title, 'source', sources.name, 'page', pages.address,
        'why', paper_merges.why) AS sighting
    FROM sightings JOIN papers ON papers.id = paper_id JOIN sources ON sources.id = sightings.source_id
      LEFT JOIN pages ON pages.id = page_id LEFT JOIN paper_merges ON paper_merges.id = merge_id
    ORDER BY papers.title, arxiv_id, listed_on, sightings.observed_at, sources.name, why`.execute(db)
  const pages = await sql<{ page: unknown }>`
    SELECT to_jsonb(pages) - '{id,source_id,ingested_at,body}'::text[] AS page FROM pages ORDER BY address, content_hash`.execute(
    db,
  )
  const all = { papers, keys, blockingKeys, sightings, pages }
  return Object.fromEntries(Object.entries(all).map(([name, { rows }]) => [name, rows]))
}

/** Empties the tables that a replay fills. */
export async function clearRows(db: Db): Promise<void> {
  await sql`TRUNCATE papers, paper_keys, blocking_keys, sightings, pages, sources, replays, stored_batches CASCADE`.execute(
    db,
  )
}
