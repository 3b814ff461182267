import type { Db, Tx } from '../engine/connect.ts'

/** Whether mail to this address (as keyed hash) is held back. */
export async function isSuppressed(db: Db | Tx, addressHash: string): Promise<boolean> {
  const row = await db
    .selectFrom('suppressions')
    .select('address_hash')
    .where('address_hash', '=', addressHash)
    .executeTakeFirst()
  return row !== undefined
}

export async function insertSuppression(db: Db | Tx, addressHash: string, reason: string): Promise<void> {
  await db
    .insertInto('suppressions')
    .values({ address_hash: addressHash, reason })
    .onConflict((oc) => oc.column('address_hash').doNothing())
    .execute()
}
