import { sql } from 'kysely'
import type { LocalDate } from '../../domain.ts'
import type { Db } from '../engine/connect.ts'

/** A paper whose source names a picture that was not fetched yet. */
export interface WantedThumbnail {
  paperId: number
  address: string
}

/** What became of a picture: WebP bytes, or why there are none. */
export type ThumbnailResult = { picture: Buffer } | { fault: string }

/**
 * Lists papers listed on `since` or later whose source names a picture that was not tried yet, the newest first. A source that
 * names another picture by now makes its paper wanted again.
 */
export async function listWantedThumbnails(
  db: Db,
  since: LocalDate,
  limit: number,
): Promise<WantedThumbnail[]> {
  const { rows } = await sql<WantedThumbnail>`
    SELECT papers.id AS "paperId", papers.thumbnail_url AS address
    FROM papers LEFT JOIN thumbnails ON thumbnails.paper_id = papers.id
    WHERE papers.thumbnail_url IS NOT NULL AND thumbnails.address IS DISTINCT FROM papers.thumbnail_url
      AND papers.id IN (SELECT paper_id FROM sightings WHERE day >= ${since})
    ORDER BY papers.id DESC
    LIMIT ${limit}`.execute(db)
  return rows
}

/** Stores what became of a paper's picture over what was stored before. A paper that is gone by now is passed over. */
export async function upsertThumbnail(
  db: Db,
  { paperId, address }: WantedThumbnail,
  result: ThumbnailResult,
  now: Date,
): Promise<void> {
  const picture = 'picture' in result ? result.picture : null
  const fault = 'fault' in result ? result.fault : null
  await sql`
    INSERT INTO thumbnails (paper_id, address, fetched_at, picture, fault)
    SELECT id, ${address}, ${now}, ${picture}, ${fault} FROM papers WHERE id = ${paperId}
    ON CONFLICT (paper_id) DO UPDATE SET address = excluded.address, fetched_at = excluded.fetched_at,
      picture = excluded.picture, fault = excluded.fault`.execute(db)
}

/** The picture of a paper as WebP; undefined if there is none. */
export async function findThumbnail(db: Db, paperId: number): Promise<Buffer | undefined> {
  const row = await db
    .selectFrom('thumbnails')
    .innerJoin('papers', 'papers.id', 'thumbnails.paper_id')
    .select('picture')
    .where('paper_id', '=', paperId)
    .where('papers.hidden_at', 'is', null)
    .executeTakeFirst()
  return row?.picture ?? undefined
}

/** Whether a row of `papers` has a picture, as a column of a query. */
export const isPictured = sql<boolean>`EXISTS (
  SELECT FROM thumbnails WHERE thumbnails.paper_id = papers.id AND picture IS NOT NULL)`.as('isPictured')

/** Which of these papers have a picture. */
export async function listPictured(db: Db, paperIds: readonly number[]): Promise<Set<number>> {
  const rows = await db
    .selectFrom('thumbnails')
    .select('paper_id')
    .where('paper_id', '=', sql<number>`ANY(${[...paperIds]})`)
    .where('picture', 'is not', null)
    .execute()
  return new Set(rows.map(({ paper_id }) => paper_id))
}

/** Deletes pictures that were fetched before an instant. */
export async function deleteThumbnailsBefore(db: Db, before: Date): Promise<void> {
  await db.deleteFrom('thumbnails').where('fetched_at', '<', before).execute()
}
