import { sql } from 'kysely'
import type { FeedbackKind } from '../../domain.ts'
import type { Db, Tx } from '../engine/connect.ts'

/** One thing said of one paper by one subscriber. */
export interface Feedback {
  subscriberId: number
  paperId: number
  kind: FeedbackKind
  at: Date
}

/** One who changes what a subscriber says at a time; false where there is none of this id. Keys that name them stay free. */
export async function lockFeedbackOf(tx: Tx, subscriberId: number): Promise<boolean> {
  const row = await tx
    .selectFrom('subscribers')
    .select('id')
    .where('id', '=', subscriberId)
    .forNoKeyUpdate()
    .executeTakeFirst()
  return row !== undefined
}

/** Which of these papers are stored; they are not joined to others before the transaction ends. In the order of ids. */
export async function holdPapers(tx: Tx, ids: number[]): Promise<Set<number>> {
  const rows = await tx
    .selectFrom('papers')
    .select('id')
    .where('id', '=', sql<number>`ANY(${ids})`)
    .orderBy('id')
    .forKeyShare()
    .execute()
  return new Set(rows.map(({ id }) => id))
}

/** Adds what is not there yet; what is keeps its time. */
export async function insertFeedback(tx: Tx, feedback: Feedback[]): Promise<void> {
  if (feedback.length === 0) return
  await tx
    .insertInto('feedback')
    .values(
      feedback.map(({ subscriberId, paperId, kind, at }) => ({
        subscriber_id: subscriberId,
        paper_id: paperId,
        kind,
        at,
      })),
    )
    .onConflict((oc) => oc.doNothing())
    .execute()
}

export async function deleteFeedback(
  db: Db | Tx,
  { subscriberId, paperId, kind }: Omit<Feedback, 'at'>,
): Promise<void> {
  await db
    .deleteFrom('feedback')
    .where('subscriber_id', '=', subscriberId)
    .where('paper_id', '=', paperId)
    .where('kind', '=', kind)
    .execute()
}

/** What a subscriber said, the newest first, with the papers' titles as stored (TeX). */
export async function listFeedbackOf(
  db: Db,
  subscriberId: number,
): Promise<{ paperId: number; title: string; kind: FeedbackKind; at: Date }[]> {
  return db
    .selectFrom('feedback')
    .innerJoin('papers', 'papers.id', 'feedback.paper_id')
    .select(['feedback.paper_id as paperId', 'papers.title', 'feedback.kind', 'feedback.at'])
    .where('subscriber_id', '=', subscriberId)
    .orderBy('feedback.at', 'desc')
    .orderBy('feedback.paper_id', 'desc')
    .orderBy('kind')
    .execute()
}

/** What these subscribers said (before an instant): the newest `limit` of each one and kind, the newest first. */
export async function listFeedbackOfMany(
  db: Db,
  subscriberIds: number[],
  limit: number,
  before?: Date,
): Promise<Feedback[]> {
  const isOld = before === undefined ? sql`true` : sql`at < ${before}`
  const { rows } = await sql<Feedback>`
    SELECT subscriber_id AS "subscriberId", paper_id AS "paperId", kind, at FROM (
      SELECT *, row_number() OVER (PARTITION BY subscriber_id, kind ORDER BY at DESC, paper_id DESC) AS place
      FROM feedback WHERE subscriber_id = ANY(${subscriberIds}::bigint[]) AND ${isOld}) AS numbered
    WHERE place <= ${limit}
    ORDER BY subscriber_id, at DESC, paper_id DESC, kind`.execute(db)
  return rows
}

/** The papers that each of these subscribers has judged or saved: they know them. */
export async function listKnownPapers(
  db: Db,
  subscriberIds: number[],
  paperIds: number[],
): Promise<{ subscriberId: number; paperId: number }[]> {
  const { rows } = await sql<{ subscriberId: number; paperId: number }>`
    SELECT DISTINCT subscriber_id AS "subscriberId", paper_id AS "paperId" FROM feedback
    WHERE subscriber_id = ANY(${subscriberIds}::bigint[]) AND paper_id = ANY(${paperIds}::bigint[])
      AND kind <> 'opened'`.execute(db)
  return rows
}

/** Feedback that was handed over with its paper, or gave way to what was said of the other one. */
export interface MovedFeedback {
  moved: { subscriberId: number; kind: FeedbackKind }[]
  removed: Record<string, unknown>[]
}

/**
 * Hands what was said of a paper to another one. Who had said the same of that one, or the contrary (more, less), is left
 * with what they said of the paper that stays.
 */
export async function moveFeedback(tx: Tx, from: number, to: number): Promise<MovedFeedback> {
  const { rows: removed } = await sql<{ row: Record<string, unknown> }>`
    DELETE FROM feedback AS gone
    WHERE paper_id = ${from} AND EXISTS (
      SELECT FROM feedback AS kept
      WHERE kept.paper_id = ${to} AND kept.subscriber_id = gone.subscriber_id
        AND (kept.kind = gone.kind OR (kept.kind IN ('more', 'less') AND gone.kind IN ('more', 'less'))))
    RETURNING to_jsonb(gone) AS row`.execute(tx)
  const { rows: moved } = await sql<MovedFeedback['moved'][number]>`
    UPDATE feedback SET paper_id = ${to} WHERE paper_id = ${from}
    RETURNING subscriber_id AS "subscriberId", kind`.execute(tx)
  return { moved, removed: removed.map(({ row }) => row) }
}

/** Takes back what moveFeedback did, as far as it was not taken back by the subscriber. `to`: the paper that stands apart again. */
export async function returnFeedback(
  tx: Tx,
  feedback: MovedFeedback,
  from: number,
  to: number,
): Promise<void> {
  await sql`
    UPDATE feedback SET paper_id = ${to}
    FROM jsonb_to_recordset(${JSON.stringify(feedback.moved)}::jsonb) AS given ("subscriberId" bigint, kind text)
    WHERE subscriber_id = given."subscriberId" AND feedback.kind = given.kind AND paper_id = ${from}`.execute(
    tx,
  )
  await sql`
    INSERT INTO feedback (subscriber_id, paper_id, kind, at)
    SELECT subscriber_id, ${to}, kind, at
    FROM jsonb_populate_recordset(NULL::feedback, ${JSON.stringify(feedback.removed)}::jsonb) AS row
    WHERE EXISTS (SELECT FROM subscribers WHERE id = row.subscriber_id)
    ON CONFLICT DO NOTHING`.execute(tx)
}
