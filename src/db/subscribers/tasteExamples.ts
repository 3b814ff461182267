import { sql } from 'kysely'
import type { Db, Tx } from '../engine/connect.ts'

/** Adds texts and keeps the newest `most` of the subscriber. A text that is stored already gets the new time. */
export async function insertTasteExamples(
  tx: Tx,
  subscriberId: number,
  texts: string[],
  { at, most }: { at: Date; most: number },
): Promise<void> {
  await sql`
    INSERT INTO taste_examples (subscriber_id, text, at)
    SELECT DISTINCT ${subscriberId}::bigint, text, ${at}::timestamptz FROM unnest(${texts}::text[]) AS text
    ON CONFLICT (subscriber_id, md5(text)) DO UPDATE SET at = excluded.at`.execute(tx)
  await sql`
    DELETE FROM taste_examples WHERE subscriber_id = ${subscriberId} AND md5(text) NOT IN (
      SELECT md5(text) FROM taste_examples WHERE subscriber_id = ${subscriberId}
      ORDER BY at DESC, md5(text) LIMIT ${most})`.execute(tx)
}

/** A text that teaches a subscriber's taste. */
export interface TasteExample {
  subscriberId: number
  text: string
  /** Distinguishes it from the subscriber's other texts. */
  key: string
  at: Date
}

/** Lists the texts of these subscribers in a stable order. */
export async function listTasteExamples(db: Db, subscriberIds: number[]): Promise<TasteExample[]> {
  const { rows } = await sql<TasteExample>`
    SELECT subscriber_id AS "subscriberId", text, md5(text) AS key, at FROM taste_examples
    WHERE subscriber_id = ANY(${subscriberIds}::bigint[]) ORDER BY subscriber_id, md5(text)`.execute(db)
  return rows
}

export async function deleteTasteExample(db: Db, subscriberId: number, key: string): Promise<void> {
  await sql`DELETE FROM taste_examples WHERE subscriber_id = ${subscriberId} AND md5(text) = ${key}`.execute(
    db,
  )
}

/** Adds a stem that the taste ignores; keeps only the newest `most`. */
export async function addForgottenTerm(
  tx: Tx,
  subscriberId: number,
  stem: string,
  most: number,
): Promise<void> {
  await sql`
    UPDATE subscribers
    SET forgotten_terms = (array_append(forgotten_terms, ${stem}::text))[greatest(cardinality(forgotten_terms) + 2 - ${most}::int, 1):]
    WHERE id = ${subscriberId} AND NOT (${stem}::text = ANY(forgotten_terms))`.execute(tx)
}

/** Removes a stem, so that the taste counts it again. */
export async function removeForgottenTerm(db: Db, subscriberId: number, stem: string): Promise<void> {
  await sql`
    UPDATE subscribers SET forgotten_terms = array_remove(forgotten_terms, ${stem}::text)
    WHERE id = ${subscriberId}`.execute(db)
}

/** Deletes feedback, examples and forgotten terms. */
export async function deleteTaste(tx: Tx, subscriberId: number): Promise<void> {
  await tx.deleteFrom('feedback').where('subscriber_id', '=', subscriberId).execute()
  await tx.deleteFrom('taste_examples').where('subscriber_id', '=', subscriberId).execute()
  await tx.updateTable('subscribers').set({ forgotten_terms: [] }).where('id', '=', subscriberId).execute()
}
