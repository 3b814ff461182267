import { sql } from 'kysely'
import type { LocalDate } from '../../domain.ts'
import type { Db } from '../engine/connect.ts'

/** How many papers a source listed on a day. */
export interface SourceDay {
  sourceId: number
  day: LocalDate
  papers: number
}

/** Counts the papers of each fetched source by the day of the listing, from a day on. Days without papers are absent. */
export async function countSourceDays(db: Db, from: LocalDate): Promise<SourceDay[]> {
  const { rows } = await sql<SourceDay>`
    SELECT sightings.source_id AS "sourceId", sightings.day, count(DISTINCT sightings.paper_id) AS papers
    FROM sightings JOIN sources ON sources.id = sightings.source_id AND sources.address IS NOT NULL
    WHERE sightings.day >= ${from}
    GROUP BY sightings.source_id, sightings.day ORDER BY sightings.source_id, sightings.day`.execute(db)
  return rows
}

/** When a source last had something new, and its usual rhythm. */
export interface SourceRhythm {
  sourceId: number
  /** When a page that was not seen before, with papers, was last stored. */
  lastNews: Date
  /** How many such pages there were. */
  pages: number
  /** The longest time between two of them, in milliseconds; null for fewer than two. */
  longestGapMs: number | null
}

/** Reads the rhythm of each fetched source from the pages stored since a time. */
export async function listRhythms(db: Db, since: Date): Promise<SourceRhythm[]> {
  const { rows } = await sql<SourceRhythm>`
    SELECT source_id AS "sourceId", max(observed_at) AS "lastNews", count(*) AS pages,
      (extract(epoch FROM max(gap)) * 1000)::float8 AS "longestGapMs"
    FROM (SELECT pages.source_id, pages.observed_at, pages.observed_at
        - lag(pages.observed_at) OVER (PARTITION BY pages.source_id ORDER BY pages.observed_at) AS gap
      FROM pages JOIN sources ON sources.id = pages.source_id AND sources.address IS NOT NULL
      WHERE pages.entries > 0 AND pages.observed_at >= ${since}) AS news
    GROUP BY source_id`.execute(db)
  return rows
}
