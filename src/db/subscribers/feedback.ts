import { sql } from 'kysely'
import type { FeedbackKind } from '../../domain.ts'
import type { Db, Tx } from '../engine/connect.ts'

/** One kind of feedback by one subscriber on one paper. */
export interface Feedback {
  subscriberId: number
  paperId: number
  kind: FeedbackKind
  at: Date
}

/**
 * Locks a subscriber's feedback for one writer; false if there is no such subscriber. Rows that refer to the
 * subscriber can still be added.
 */
export async function lockFeedbackOf(tx: Tx, subscriberId: number): Promise<boolean> {
  const row = await tx
    .selectFrom('subscribers')
    .select('id')
    .where('id', '=', subscriberId)
    .forNoKeyUpdate()
    .executeTakeFirst()
  return row !== undefined
}

/**
 * Which of these papers are stored. They cannot be joined to others before the transaction ends. Locks in the order
 * of ids.
 */
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

/** Adds feedback that is not stored yet. Stored feedback keeps its time. */
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

/** Lists a subscriber's feedback, the newest first, with the papers' titles as stored (TeX). */
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

/**
 * Lists the feedback of these subscribers (before an instant): the newest `limit` for each subscriber and kind, the
 * newest first.
 */
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

/** The papers that each of these subscribers has judged or saved, and so knows. */
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

/** What a subscriber said of each of these papers. */
export function listAnswersOn(
  db: Db,
  subscriberId: number,
  paperIds: number[],
): Promise<{ paperId: number; kind: FeedbackKind }[]> {
  return db
    .selectFrom('feedback')
    .select(['paper_id as paperId', 'kind'])
    .where('subscriber_id', '=', subscriberId)
    .where('paper_id', '=', sql<number>`ANY(${paperIds})`)
    .orderBy('kind')
    .execute()
}

/** Feedback that was moved with its paper, or that gave way to feedback on the other paper. */
export interface MovedFeedback {
  moved: { subscriberId: number; kind: FeedbackKind }[]
  removed: Record<string, unknown>[]
}

/**
 * Moves the feedback on one paper to another. If a subscriber said the same about the other paper, or the contrary
 * (more, less), the feedback on the paper that stays wins.
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

/**
 * Undoes moveFeedback, except for what the subscriber has taken back since. `to`: the paper that is split off again.
 */
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
