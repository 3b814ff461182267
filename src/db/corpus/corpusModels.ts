import { sql } from 'kysely'
import type { Db } from '../engine/connect.ts'

/** A model that is complete: all its parts are there. */
export interface StoredModel {
  id: number
  inputDigest: string
  /** How many papers it was learned from. */
  papers: number
  trainedAt: Date
  /** When its texts were last looked at: at its training, or later and found the same. */
  checkedAt: Date
  parts: number
  /** Of all parts. */
  bytes: number
}

const COLUMNS = [
  'id',
  'input_digest as inputDigest',
  'papers',
  'trained_at as trainedAt',
  'checked_at as checkedAt',
  'parts',
  'bytes',
] as const

/** The complete models of a format, the newest first. */
export function listModels(db: Db, format: number): Promise<StoredModel[]> {
  return db
    .selectFrom('corpus_models')
    .select(COLUMNS)
    .where('format', '=', format)
    .where('trained_at', 'is not', null)
    .orderBy('id', 'desc')
    .execute() as Promise<StoredModel[]>
}

/** A model's parts, one at a time and in order; those that are missing are left out. */
export async function* readModelParts(db: Db, { id, parts }: StoredModel): AsyncGenerator<Buffer> {
  for (let part = 0; part < parts; part++) {
    const row = await db
      .selectFrom('corpus_model_parts')
      .select('body')
      .where('model_id', '=', id)
      .where('part', '=', part)
      .executeTakeFirst()
    if (row !== undefined) yield row.body
  }
}

/** What is to be learned from: a model in the making. */
export interface NewModel {
  format: number
  inputDigest: string
  papers: number
}

/**
 * Claims the training, which one may do at a time; undefined where another is at it. A claim from before `deadline` was left
 * by a crash: it is taken over, and what it had stored goes.
 */
export async function claimTraining(
  db: Db,
  { format, inputDigest, papers }: NewModel,
  times: { now: Date; deadline: Date },
): Promise<number | undefined> {
  await db
    .deleteFrom('corpus_models')
    .where('trained_at', 'is', null)
    .where('started_at', '<', times.deadline)
    .execute()
  const claimed = await db
    .insertInto('corpus_models')
    .values({ format, input_digest: inputDigest, papers, started_at: times.now })
    .onConflict((oc) => oc.doNothing())
    .returning('id')
    .executeTakeFirst()
  return claimed?.id
}

/** Gives a claim back: nothing of it stays. */
export async function dropTraining(db: Db, id: number): Promise<void> {
  await db.deleteFrom('corpus_models').where('id', '=', id).where('trained_at', 'is', null).execute()
}

/** @throws where the claim was taken over, for its row is gone. */
export async function insertModelPart(db: Db, id: number, part: number, body: Buffer): Promise<void> {
  await db.insertInto('corpus_model_parts').values({ model_id: id, part, body }).execute()
}

/** The parts are all there: from now on this is the current model. False where the claim was taken over. */
export async function completeModel(
  db: Db,
  id: number,
  whole: { parts: number; bytes: number; at: Date },
): Promise<boolean> {
  const updated = await db
    .updateTable('corpus_models')
    .set({ parts: whole.parts, bytes: whole.bytes, trained_at: whole.at, checked_at: whole.at })
    .where('id', '=', id)
    .where('trained_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return updated !== undefined
}

/** Its texts are still the same. */
export async function markModelChecked(db: Db, id: number, at: Date): Promise<void> {
  await db.updateTable('corpus_models').set({ checked_at: at }).where('id', '=', id).execute()
}

/** Removes complete models beyond the newest `kept`, of whatever format. */
export async function deleteOldModels(db: Db, kept: number): Promise<void> {
  await sql`
    DELETE FROM corpus_models WHERE trained_at IS NOT NULL AND id NOT IN (
      SELECT id FROM corpus_models WHERE trained_at IS NOT NULL ORDER BY id DESC LIMIT ${kept})`.execute(db)
}
