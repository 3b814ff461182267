import { sql } from 'kysely'
import type { DigestStatus, LocalDate } from '../../domain.ts'
import type { Db } from '../engine/connect.ts'

/** A number of digests, or of subscribers, that need a look, with the oldest of them. */
export interface Waiting {
  count: number
  since: Date | null
  reason: string | null
}

export interface DigestTroubles {
  /** Nobody knows whether they arrived. */
  held: Waiting
  /** Due before `lateBefore` and neither sent nor given up. */
  late: Waiting
  /** Subscribers whose digest was due before `unplannedBefore` and has not been planned. */
  unplanned: Waiting
  /** Failed since `failedSince`, by reason, the most frequent first. */
  failed: (Waiting & { reason: string })[]
}

/** Reads what went wrong with digests. */
export async function readDigestTroubles(
  db: Db,
  times: { lateBefore: Date; unplannedBefore: Date; failedSince: Date },
): Promise<DigestTroubles> {
  const [held, late, unplanned, failed] = await Promise.all([
    db
      .selectFrom('digests')
      .select((eb) => [
        eb.fn.countAll<number>().as('count'),
        eb.fn.min('updated_at').as('since'),
        eb.fn.min('reason').as('reason'),
      ])
      .where('status', '=', 'held')
      .executeTakeFirstOrThrow(),
    db
      .selectFrom('digests')
      .select((eb) => [
        eb.fn.countAll<number>().as('count'),
        eb.fn.min('due_at').as('since'),
        eb.fn.max('reason').as('reason'),
      ])
      .where('status', 'in', ['planned', 'composing', 'sending'])
      .where('due_at', '<', times.lateBefore)
      .where('created_at', '<', times.lateBefore)
      .executeTakeFirstOrThrow(),
    db
      .selectFrom('subscribers')
      .select((eb) => [eb.fn.countAll<number>().as('count'), eb.fn.min('next_digest_at').as('since')])
      .where('status', '=', 'active')
      .where('next_digest_at', '<', times.unplannedBefore)
      .executeTakeFirstOrThrow(),
    listFailures(db, times.failedSince),
  ])
  return { held, late, unplanned: { ...unplanned, reason: null }, failed }
}

/** Addresses and numbers differ from mail to mail: without them equal reasons are equal. */
async function listFailures(db: Db, since: Date): Promise<(Waiting & { reason: string })[]> {
  const { rows } = await sql<Waiting & { reason: string }>`
    SELECT count(*) AS count, min(updated_at) AS since, min(reason) AS reason
    FROM (SELECT updated_at, coalesce(reason, 'no reason') AS reason FROM digests
      WHERE status = 'failed' AND updated_at >= ${since} AND local_date >= ${since}::date - 2) AS failed
    GROUP BY regexp_replace(regexp_replace(reason, '\\S+@\\S+', '', 'g'), '\\w*\\d\\w*', '#', 'g')
    ORDER BY count(*) DESC, min(updated_at)`.execute(db)
  return rows
}

/** How many digests of a day have a status. */
export interface DayStatus {
  day: LocalDate
  status: DigestStatus
  digests: number
}

/** Counts the digests of each day by status, from a day on, the newest day first. */
export function countDigestsByDay(db: Db, from: LocalDate): Promise<DayStatus[]> {
  return db
    .selectFrom('digests')
    .select((eb) => ['local_date as day', 'status', eb.fn.countAll<number>().as('digests')])
    .where('local_date', '>=', from)
    .groupBy(['local_date', 'status'])
    .orderBy('local_date', 'desc')
    .orderBy('status')
    .execute()
}

/** How the sending of a day went. */
export interface SendingPace {
  lastSentAt: Date | null
  /** The longest time from the hour of a digest to its acceptance, and whose it was. */
  slowestMs: number | null
  slowestId: number | null
  /** How many of the day before had been sent by the same time of day. */
  sentYesterdayByNow: number
}

export async function readSendingPace(
  db: Db,
  today: LocalDate,
  yesterday: LocalDate,
  now: Date,
): Promise<SendingPace> {
  const dayAgo = new Date(now.getTime() - 24 * 60 * 60 * 1000)
  const { rows } = await sql<SendingPace>`
    SELECT (SELECT max(sent_at) FROM digests WHERE local_date = ${today} AND status = 'sent') AS "lastSentAt",
      slowest.ms AS "slowestMs", slowest.id AS "slowestId",
      (SELECT count(*) FROM digests
        WHERE local_date = ${yesterday} AND status = 'sent' AND sent_at <= ${dayAgo}) AS "sentYesterdayByNow"
    FROM (SELECT 1) AS one LEFT JOIN LATERAL (
      SELECT id, (extract(epoch FROM sent_at - greatest(due_at, created_at)) * 1000)::float8 AS ms
      FROM digests WHERE local_date = ${today} AND status = 'sent' ORDER BY 2 DESC LIMIT 1) AS slowest ON true`.execute(
    db,
  )
  return rows[0]!
}
