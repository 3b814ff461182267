import { sql } from 'kysely'
import type { Db } from '../engine/connect.ts'

/** A complete model: all its parts are stored. */
export interface StoredModel {
  id: number
  inputDigest: string
  /** How many papers it was learned from. */
  papers: number
  trainedAt: Date
  /** When its texts were last checked: at its training, or later and found unchanged. */
  checkedAt: Date
  parts: number
  /** The size of all parts together. */
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

/** Lists the complete models in a format, the newest first. */
export function listModels(db: Db, format: number): Promise<StoredModel[]> {
  return db
    .selectFrom('corpus_models')
    .select(COLUMNS)
    .where('format', '=', format)
    .where('trained_at', 'is not', null)
    .orderBy('id', 'desc')
    .execute() as Promise<StoredModel[]>
}

/** Reads a model's parts one at a time, in order. Missing parts are skipped. */
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

/** A model about to be trained, and its texts. */
export interface NewModel {
  format: number
  inputDigest: string
  papers: number
}

/**
 * Claims the training for one process; undefined if another process is training. A claim from before `deadline` was
 * left by a crash: it is taken over, and the parts it had stored are deleted.
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

/** Gives a claim back and deletes what it had stored. */
export async function dropTraining(db: Db, id: number): Promise<void> {
  await db.deleteFrom('corpus_models').where('id', '=', id).where('trained_at', 'is', null).execute()
}

/** Stores one part of a model. @throws if the claim was taken over, because its row is gone. */
export async function insertModelPart(db: Db, id: number, part: number, body: Buffer): Promise<void> {
  await db.insertInto('corpus_model_parts').values({ model_id: id, part, body }).execute()
}

/** Marks a model as complete; from now on it is the current one. False if the claim was taken over. */
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

/** Records that the model's texts are unchanged. */
export async function markModelChecked(db: Db, id: number, at: Date): Promise<void> {
  await db.updateTable('corpus_models').set({ checked_at: at }).where('id', '=', id).execute()
}

/** Deletes complete models beyond the newest `kept`, in any format. */
export async function deleteOldModels(db: Db, kept: number): Promise<void> {
  await sql`
    DELETE FROM corpus_models WHERE trained_at IS NOT NULL AND id NOT IN (
      SELECT id FROM corpus_models WHERE trained_at IS NOT NULL ORDER BY id DESC LIMIT ${kept})`.execute(db)
}
