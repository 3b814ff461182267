import { sql } from 'kysely'
import type { DigestStatus, LocalDate } from '../../domain.ts'
import type { Db, Tx } from '../engine/connect.ts'
import { databaseTime } from '../engine/databaseTime.ts'
import { selectRows } from '../engine/rows.ts'
import type { DigestRow } from '../engine/schema.ts'

export interface NewDigest {
  subscriber_id: number
  local_date: LocalDate
  due_at: Date
  status?: DigestStatus
  reason?: string
  /** Whether its hour passed long ago. */
  late?: boolean
  /** The local day on which a pause began that it makes up for. */
  catch_up_from?: LocalDate | null
}

const NEW_DIGEST = {
  subscriber_id: 'bigint',
  local_date: 'date',
  due_at: 'timestamptz',
  status: 'text',
  reason: 'text',
  late: 'boolean',
  catch_up_from: 'date',
}

/**
 * Inserts planned digests; returns the ids of new ones. A subscriber has one digest a local date, whatever happened
 * to it.
 */
export async function insertDigests(db: Db | Tx, digests: NewDigest[]): Promise<number[]> {
  if (digests.length === 0) return []
  const whole = digests.map((digest) => ({
    ...digest,
    status: digest.status ?? 'planned',
    reason: digest.reason ?? null,
    late: digest.late ?? false,
    catch_up_from: digest.catch_up_from ?? null,
  }))
  const { rows } = await sql<{ id: number; status: DigestStatus }>`
    INSERT INTO digests (subscriber_id, local_date, due_at, status, reason, late, catch_up_from)
    ${selectRows(whole, NEW_DIGEST)}
    ON CONFLICT (subscriber_id, local_date) DO NOTHING
    RETURNING id, status`.execute(db)
  return rows.filter((row) => row.status === 'planned').map((row) => row.id)
}

export function findDigest(db: Db | Tx, id: number): Promise<DigestRow | undefined> {
  return db.selectFrom('digests').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Finds the digest of a subscriber's day. */
export function findDigestOf(
  db: Db,
  subscriberId: number,
  localDate: LocalDate,
): Promise<DigestRow | undefined> {
  return selectDigestOf(db, subscriberId, localDate).executeTakeFirst()
}

/** Gets the digest of a subscriber's day. @throws if there is none. */
export function getDigestOf(db: Db, subscriberId: number, localDate: LocalDate): Promise<DigestRow> {
  return selectDigestOf(db, subscriberId, localDate).executeTakeFirstOrThrow()
}

function selectDigestOf(db: Db, subscriberId: number, localDate: LocalDate) {
  return db
    .selectFrom('digests')
    .selectAll()
    .where('subscriber_id', '=', subscriberId)
    .where('local_date', '=', localDate)
}

/** Finds the digest of a subscriber that was sent under a Message-ID. */
export function findDigestByMessageId(
  db: Db,
  subscriberId: number,
  messageId: string,
): Promise<{ id: number } | undefined> {
  return db
    .selectFrom('digests')
    .select('id')
    .where('subscriber_id', '=', subscriberId)
    .where('message_id', '=', messageId)
    .executeTakeFirst()
}

/**
 * Of each of these digests, the one that its subscriber got before it, if that one has this status. By the number of the
 * later digest.
 */
export async function listDigestsBefore(
  db: Db,
  ids: number[],
  status: DigestStatus,
): Promise<Map<number, DigestRow>> {
  const rows = await db
    .selectFrom('digests as later')
    .innerJoinLateral(
      (eb) =>
        eb
          .selectFrom('digests')
          .selectAll()
          .whereRef('digests.subscriber_id', '=', 'later.subscriber_id')
          .whereRef('digests.local_date', '<', 'later.local_date')
          .orderBy('digests.local_date', 'desc')
          .limit(1)
          .as('before'),
      (join) => join.onTrue(),
    )
    .selectAll('before')
    .select('later.id as later_id')
    .where('later.id', '=', sql<number>`ANY(${ids})`)
    .where('before.status', '=', status)
    .execute()
  return new Map(rows.map(({ later_id, ...before }) => [later_id, before]))
}

/**
 * Plans a digest again that ended without a mail, when somebody asks for it. The digest keeps its Message-ID, and its
 * doubts are forgotten. Returns false if it did not end that way.
 */
export async function replanDigest(tx: Tx, id: number): Promise<boolean> {
  const result = await tx
    .updateTable('digests')
    .set({
      status: 'planned',
      reason: null,
      composed_at: null,
      handed_at: null,
      retry_at: null,
      attempts: 0,
      doubts: 0,
      updated_at: databaseTime(),
    })
    .where('id', '=', id)
    .where('status', 'in', ['skipped', 'failed', 'suppressed'])
    .executeTakeFirst()
  if (result.numUpdatedRows === 0n) return false
  await tx.deleteFrom('digest_items').where('digest_id', '=', id).execute()
  return true
}

/**
 * Claims planned digests for composing and returns them, including those whose composer is gone. Nobody else gets
 * them until the lease ends, by the database's clock.
 */
export function startComposing(db: Db, ids: number[], leaseMs: number): Promise<DigestRow[]> {
  return db
    .updateTable('digests')
    .set((eb) => ({
      status: 'composing',
      claim: eb('claim', '+', 1),
      claimed_until: databaseTime(leaseMs),
      updated_at: databaseTime(),
    }))
    .where('id', '=', sql<number>`ANY(${ids})`)
    .where((eb) =>
      eb.or([
        eb('status', '=', 'planned'),
        eb.and([eb('status', '=', 'composing'), eb('claimed_until', '<', databaseTime())]),
      ]),
    )
    .returningAll()
    .execute()
}

/** Releases digests that were claimed for composing and are not composed now. */
export async function releaseComposing(db: Db, ids: number[]): Promise<void> {
  await db
    .updateTable('digests')
    .set({ status: 'planned', claimed_until: null, updated_at: databaseTime() })
    .where('id', '=', sql<number>`ANY(${ids})`)
    .where('status', '=', 'composing')
    .execute()
}

/**
 * Locks those of these digests that are being composed, before their items are stored. The first composer wins: a
 * slow one may store what another has started again, because no mail is sent before.
 */
export async function lockComposing(tx: Tx, ids: number[]): Promise<Set<number>> {
  const rows = await tx
    .selectFrom('digests')
    .select('id')
    .where('id', '=', sql<number>`ANY(${ids})`)
    .where('status', '=', 'composing')
    .orderBy('id')
    .forUpdate()
    .execute()
  return new Set(rows.map((row) => row.id))
}

/** Marks digests whose items are stored as ready to send. `now`: the time of composing, for people. */
export async function markComposed(tx: Tx, ids: number[], now: Date): Promise<void> {
  await tx
    .updateTable('digests')
    .set({ status: 'sending', composed_at: now, claimed_until: null, updated_at: databaseTime() })
    .where('id', '=', sql<number>`ANY(${ids})`)
    .execute()
}

/** Ends a digest without a mail while it is being composed, with a reason for people. */
export async function endComposing(
  tx: Db | Tx,
  id: number,
  status: 'skipped' | 'failed',
  reason: string,
): Promise<void> {
  await tx
    .updateTable('digests')
    .set({ status, reason, claimed_until: null, updated_at: databaseTime() })
    .where('id', '=', id)
    .execute()
}

/**
 * Lists open digests that nobody works on, untouched for `untouchedMs` by the database's clock: their job was lost, their
 * worker is gone, or the time of their next try has come. Those to compose and those to send.
 */
export async function listForgottenDigests(
  db: Db,
  untouchedMs: number,
  limit: number,
): Promise<{ compose: number[]; send: number[] }> {
  const rows = await db
    .selectFrom('digests')
    .select(['id', 'status'])
    .where('status', 'in', ['planned', 'composing', 'sending'])
    .where('updated_at', '<', databaseTime(-untouchedMs))
    .where((eb) => eb.or([eb('claimed_until', 'is', null), eb('claimed_until', '<', databaseTime())]))
    .where((eb) => eb.or([eb('retry_at', 'is', null), eb('retry_at', '<=', databaseTime())]))
    .orderBy('updated_at')
    .orderBy('id')
    .limit(limit)
    .execute()
  return {
    compose: rows.filter((row) => row.status !== 'sending').map((row) => row.id),
    send: rows.filter((row) => row.status === 'sending').map((row) => row.id),
  }
}

/** The result of a digest, for people. */
export interface DigestReport {
  id: number
  email: string
  on: LocalDate
  status: DigestStatus
  papers: number
  reason: string | null
}

export function listDigestsByIds(db: Db, ids: number[]): Promise<DigestReport[]> {
  return db
    .selectFrom('digests')
    .innerJoin('subscribers', 'subscribers.id', 'digests.subscriber_id')
    .select((eb) => [
      'digests.id',
      'subscribers.email',
      'digests.local_date as on',
      'digests.status',
      'digests.reason',
      eb
        .selectFrom('digest_items')
        .select((items) => items.fn.countAll<number>().as('papers'))
        .whereRef('digest_items.digest_id', '=', 'digests.id')
        .as('papers'),
    ])
    .where('digests.id', '=', sql<number>`ANY(${ids})`)
    .orderBy('digests.id')
    .execute() as Promise<DigestReport[]>
}
