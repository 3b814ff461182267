import type { DigestStatus, LocalDate } from '../../domain.ts'
import type { Db, Tx } from '../engine/connect.ts'
import { databaseTime } from '../engine/databaseTime.ts'

/** Counts the digests of a day by status; together, all that were due. A status without digests is absent. */
export async function countDigestsOf(db: Db, day: LocalDate): Promise<Partial<Record<DigestStatus, number>>> {
  const rows = await db
    .selectFrom('digests')
    .select((eb) => ['status', eb.fn.countAll<number>().as('digests')])
    .where('local_date', '=', day)
    .groupBy('status')
    .execute()
  return Object.fromEntries(rows.map((row) => [row.status, row.digests]))
}

/** A digest that may or may not have arrived. */
export interface HeldDigest {
  id: number
  email: string
  localDate: LocalDate
  reason: string | null
  at: Date
}

/** Lists the digests held for the operator, the oldest first. */
export function listHeldDigests(db: Db, limit: number): Promise<HeldDigest[]> {
  return db
    .selectFrom('digests')
    .innerJoin('subscribers', 'subscribers.id', 'digests.subscriber_id')
    .select([
      'digests.id',
      'subscribers.email',
      'digests.local_date as localDate',
      'digests.reason',
      'digests.updated_at as at',
    ])
    .where('digests.status', '=', 'held')
    .orderBy('digests.id')
    .limit(limit)
    .execute()
}

/** Ends the hold of a digest: it is sent again under the same Message-ID, or left. False if it is not held. */
export async function endHold(
  db: Db | Tx,
  id: number,
  next: { status: 'sending' } | { status: 'failed'; reason: string },
): Promise<boolean> {
  const again =
    next.status === 'sending' ? { handed_at: null, retry_at: null, composed_at: databaseTime() } : {}
  const result = await db
    .updateTable('digests')
    .set({ ...next, ...again, claimed_until: null, updated_at: databaseTime() })
    .where('id', '=', id)
    .where('status', '=', 'held')
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}
