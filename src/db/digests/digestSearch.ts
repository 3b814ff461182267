import { sql } from 'kysely'
import type { DigestStatus, LocalDate } from '../../domain.ts'
import type { Db } from '../engine/connect.ts'

/** Which digests an operator looks for. */
export interface DigestQuery {
  /** A part of the subscriber's address. */
  who?: string
  subscriberId?: number
  day?: LocalDate
  /** Only digests of this day or later. */
  since?: LocalDate
  status?: DigestStatus
  /** A part of the reason. */
  reason?: string
}

/** A digest in a list for the operator. */
export interface FoundDigest {
  id: number
  subscriberId: number
  email: string
  localDate: LocalDate
  status: DigestStatus
  reason: string | null
  dueAt: Date
  sentAt: Date | null
  updatedAt: Date
  attempts: number
}

/** Lists digests, the newest first. `before`: only those with a smaller id. */
export function findDigests(
  db: Db,
  query: DigestQuery,
  page: { limit: number; before?: number },
): Promise<FoundDigest[]> {
  let found = matching(db, query)
    .select([
      'digests.id',
      'digests.subscriber_id as subscriberId',
      'subscribers.email',
      'digests.local_date as localDate',
      'digests.status',
      'digests.reason',
      'digests.due_at as dueAt',
      'digests.sent_at as sentAt',
      'digests.updated_at as updatedAt',
      'digests.attempts',
    ])
    .orderBy('digests.id', 'desc')
    .limit(page.limit)
  if (page.before !== undefined) found = found.where('digests.id', '<', page.before)
  return found.execute()
}

/** Counts the digests that match, by status. */
export async function countFoundDigests(
  db: Db,
  query: DigestQuery,
): Promise<Partial<Record<DigestStatus, number>>> {
  const rows = await matching(db, query)
    .select((eb) => ['digests.status', eb.fn.countAll<number>().as('digests')])
    .groupBy('digests.status')
    .execute()
  return Object.fromEntries(rows.map((row) => [row.status, row.digests]))
}

function matching(db: Db, { who, subscriberId, day, since, status, reason }: DigestQuery) {
  let query = db.selectFrom('digests').innerJoin('subscribers', 'subscribers.id', 'digests.subscriber_id')
  if (who !== undefined) query = query.where('subscribers.email_key', 'like', partOf(who.toLowerCase()))
  if (subscriberId !== undefined) query = query.where('digests.subscriber_id', '=', subscriberId)
  if (day !== undefined) query = query.where('digests.local_date', '=', day)
  if (since !== undefined) query = query.where('digests.local_date', '>=', since)
  if (status !== undefined) query = query.where('digests.status', '=', status)
  if (reason !== undefined) query = query.where(sql<string>`digests.reason`, 'ilike', partOf(reason))
  return query
}

/** A pattern of LIKE for texts that hold this one. */
function partOf(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`
}
