import { sql } from 'kysely'
import type { Db, Tx } from '../engine/connect.ts'
import type { SuppressionCause } from '../engine/schema.ts'

/** Why an address gets no mail. */
export interface Suppression {
  addressHash: string
  cause: SuppressionCause
  /** For people. */
  reason: string
  at: Date
}

/** Whether mail to this address (as keyed hash) is held back. */
export async function isSuppressed(db: Db | Tx, addressHash: string): Promise<boolean> {
  const row = await db
    .selectFrom('suppressions')
    .select('address_hash')
    .where('address_hash', '=', addressHash)
    .executeTakeFirst()
  return row !== undefined
}

/** Finds the suppressions among these addresses (as keyed hashes). */
export function listSuppressions(db: Db | Tx, addressHashes: string[]): Promise<Suppression[]> {
  return db
    .selectFrom('suppressions')
    .select(['address_hash as addressHash', 'cause', 'reason', 'created_at as at'])
    .where('address_hash', '=', sql<string>`ANY(${addressHashes}::text[])`)
    .execute()
}

/** Suppresses an address. The first reason stays. False if it was suppressed before. */
export async function insertSuppression(
  db: Db | Tx,
  addressHash: string,
  reason: string,
  cause: SuppressionCause = 'bounce',
): Promise<boolean> {
  const result = await db
    .insertInto('suppressions')
    .values({ address_hash: addressHash, reason, cause })
    .onConflict((oc) => oc.column('address_hash').doNothing())
    .executeTakeFirst()
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n
}

/** Lets mail to an address go again. Returns the suppression that was lifted; undefined if there was none. */
export function deleteSuppression(db: Db | Tx, addressHash: string): Promise<Suppression | undefined> {
  return db
    .deleteFrom('suppressions')
    .where('address_hash', '=', addressHash)
    .returning(['address_hash as addressHash', 'cause', 'reason', 'created_at as at'])
    .executeTakeFirst()
}
