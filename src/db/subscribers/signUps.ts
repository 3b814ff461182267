import type { Db, Tx } from '../engine/connect.ts'

/** Keeps what was typed at sign-up until the mailbox confirms it; the newest replaces what was typed before. */
export async function upsertSignUp(tx: Tx, subscriberId: number, wish: object, at: Date): Promise<void> {
  const row = { subscriber_id: subscriberId, wish: JSON.stringify(wish), at }
  await tx
    .insertInto('sign_ups')
    .values(row)
    .onConflict((oc) => oc.column('subscriber_id').doUpdateSet({ wish: row.wish, at }))
    .execute()
}

/** What was typed and waits to be confirmed, as it was kept; undefined if nothing waits. */
export async function findSignUp(db: Db | Tx, subscriberId: number): Promise<object | undefined> {
  const row = await db
    .selectFrom('sign_ups')
    .select('wish')
    .where('subscriber_id', '=', subscriberId)
    .executeTakeFirst()
  return row?.wish
}

/** Forgets what waits to be confirmed. */
export async function deleteSignUp(tx: Tx, subscriberId: number): Promise<void> {
  await tx.deleteFrom('sign_ups').where('subscriber_id', '=', subscriberId).execute()
}

/** Forgets what nobody confirmed since. */
export async function deleteSignUpsBefore(db: Db, before: Date): Promise<void> {
  await db.deleteFrom('sign_ups').where('at', '<', before).execute()
}
