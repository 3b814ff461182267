import type { Db, Tx } from '../engine/connect.ts'
import type { AddressChangeRow } from '../engine/schema.ts'

const DAY = 24 * 60 * 60 * 1000

/** The mailbox that has the digests now, or the one that shall have them. */
export type Mailbox = 'old' | 'new'

/** Keeps a wish for another address; it replaces an earlier one. `vouched`: the old mailbox need not be asked. */
export async function upsertAddressChange(
  tx: Tx,
  change: { subscriberId: number; email: string; at: Date; vouched: boolean },
): Promise<void> {
  const done = change.vouched ? change.at : null
  const row = {
    email: change.email,
    asked_at: change.at,
    old_sent_at: done,
    new_sent_at: null,
    old_confirmed_at: done,
    new_confirmed_at: null,
  }
  await tx
    .insertInto('address_changes')
    .values({ subscriber_id: change.subscriberId, ...row })
    .onConflict((oc) => oc.column('subscriber_id').doUpdateSet(row))
    .execute()
}

/** Finds the address that a subscriber wants to have; undefined if none waits. */
export function findAddressChange(db: Db | Tx, subscriberId: number): Promise<AddressChangeRow | undefined> {
  return db
    .selectFrom('address_changes')
    .selectAll()
    .where('subscriber_id', '=', subscriberId)
    .executeTakeFirst()
}

/** Claims the letter to one mailbox for sending, once; false if it was claimed before, or another address is wanted since. */
export async function claimAddressLetter(
  db: Db,
  subscriberId: number,
  mailbox: Mailbox,
  askedAt: Date,
  now: Date,
): Promise<boolean> {
  const result = await db
    .updateTable('address_changes')
    .set({ [sentAt(mailbox)]: now })
    .where('subscriber_id', '=', subscriberId)
    .where('asked_at', '=', askedAt)
    .where(sentAt(mailbox), 'is', null)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** Releases a letter that the mail server certainly did not accept, so that another attempt may follow. */
export async function releaseAddressLetter(
  db: Db,
  subscriberId: number,
  mailbox: Mailbox,
  askedAt: Date,
): Promise<void> {
  await db
    .updateTable('address_changes')
    .set({ [sentAt(mailbox)]: null })
    .where('subscriber_id', '=', subscriberId)
    .where('asked_at', '=', askedAt)
    .execute()
}

/** Lists letters asked for in the day before `before` that nobody claimed: their job was lost. */
export async function listUnsentAddressLetters(
  db: Db,
  before: Date,
  limit: number,
): Promise<{ subscriberId: number; mailbox: Mailbox; askedAt: string }[]> {
  const rows = await db
    .selectFrom('address_changes')
    .selectAll()
    .where('asked_at', '>', new Date(before.getTime() - DAY))
    .where('asked_at', '<', before)
    .where((eb) => eb.or([eb('old_sent_at', 'is', null), eb('new_sent_at', 'is', null)]))
    .orderBy('asked_at')
    .limit(limit)
    .execute()
  return rows.flatMap((row) =>
    (['old', 'new'] as const)
      .filter((mailbox) => row[sentAt(mailbox)] === null)
      .map((mailbox) => ({
        subscriberId: row.subscriber_id,
        mailbox,
        askedAt: row.asked_at.toISOString(),
      })),
  )
}

/** Notes that a mailbox confirmed; returns the change. */
export function confirmAddressChange(
  tx: Tx,
  subscriberId: number,
  mailbox: Mailbox,
  now: Date,
): Promise<AddressChangeRow | undefined> {
  return tx
    .updateTable('address_changes')
    .set({ [mailbox === 'old' ? 'old_confirmed_at' : 'new_confirmed_at']: now })
    .where('subscriber_id', '=', subscriberId)
    .returningAll()
    .executeTakeFirst()
}

export async function deleteAddressChange(tx: Tx, subscriberId: number): Promise<void> {
  await tx.deleteFrom('address_changes').where('subscriber_id', '=', subscriberId).execute()
}

/** Forgets changes that were not confirmed in time. */
export async function deleteAddressChangesBefore(db: Db, before: Date): Promise<void> {
  await db.deleteFrom('address_changes').where('asked_at', '<', before).execute()
}

function sentAt(mailbox: Mailbox): 'old_sent_at' | 'new_sent_at' {
  return mailbox === 'old' ? 'old_sent_at' : 'new_sent_at'
}
