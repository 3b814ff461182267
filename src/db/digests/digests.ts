import { sql } from 'kysely'
import type { DigestStatus, LocalDate } from '../../domain.ts'
import type { Db, Tx } from '../engine/connect.ts'
import type { DigestRow } from '../engine/schema.ts'

export interface NewDigest {
  subscriber_id: number
  local_date: LocalDate
  due_at: Date
  status?: DigestStatus
  reason?: string
}

/**
 * Inserts planned digests; returns the ids of new ones. A subscriber has one digest a local date, whatever happened
 * to it.
 */
export async function insertDigests(db: Db | Tx, digests: NewDigest[]): Promise<number[]> {
  if (digests.length === 0) return []
  const rows = await db
    .insertInto('digests')
    .values(digests)
    .onConflict((oc) => oc.columns(['subscriber_id', 'local_date']).doNothing())
    .returning(['id', 'status'])
    .execute()
  return rows.filter((row) => row.status === 'planned').map((row) => row.id)
}

export function findDigest(db: Db | Tx, id: number): Promise<DigestRow | undefined> {
  return db.selectFrom('digests').selectAll().where('id', '=', id).executeTakeFirst()
}

/** The digest of a subscriber's day, if there is one. */
export function findDigestOf(
  db: Db,
  subscriberId: number,
  localDate: LocalDate,
): Promise<DigestRow | undefined> {
  return selectDigestOf(db, subscriberId, localDate).executeTakeFirst()
}

/** The digest of a subscriber's day. @throws where there is none. */
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

/** Marks planned digests as composing and returns them, together with those that an interrupted composer left. */
export function startComposing(db: Db, ids: number[], now: Date): Promise<DigestRow[]> {
  return db
    .updateTable('digests')
    .set({ status: 'composing', updated_at: now })
    .where('id', '=', sql<number>`ANY(${ids})`)
    .where('status', 'in', ['planned', 'composing'])
    .returningAll()
    .execute()
}

/** Locks those of these digests that are being composed, before their items are stored. */
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

export async function markComposed(tx: Tx, ids: number[], now: Date): Promise<void> {
  await tx
    .updateTable('digests')
    .set({ status: 'sending', composed_at: now, updated_at: now })
    .where('id', '=', sql<number>`ANY(${ids})`)
    .execute()
}

/** Ends a digest without a mail, with a reason for people. */
export async function markEnded(
  db: Db | Tx,
  id: number,
  status: 'skipped' | 'failed',
  reason: string,
  now: Date,
): Promise<void> {
  await db
    .updateTable('digests')
    .set({ status, reason, claimed_at: null, updated_at: now })
    .where('id', '=', id)
    .execute()
}

/**
 * Claims a composed digest for sending. Nobody else gets it until the lease ends.
 * `handed_at` is returned unchanged. If it is set, an earlier sender handed the message over and never learned the
 * result.
 */
export function claimDigest(db: Db, id: number, now: Date, leaseMs: number): Promise<DigestRow | undefined> {
  return db
    .updateTable('digests')
    .set((eb) => ({ claimed_at: now, attempts: eb('attempts', '+', 1), updated_at: now }))
    .where('id', '=', id)
    .where('status', '=', 'sending')
    .where((eb) =>
      eb.or([eb('claimed_at', 'is', null), eb('claimed_at', '<', new Date(now.getTime() - leaseMs))]),
    )
    .returningAll()
    .executeTakeFirst()
}

/**
 * Records that the message may reach its subscriber from now on. Only a clear "no" from the mail server takes this
 * back.
 */
export async function markHanded(db: Db, id: number, messageId: string, now: Date): Promise<void> {
  await db
    .updateTable('digests')
    .set({ handed_at: now, message_id: messageId, updated_at: now })
    .where('id', '=', id)
    .execute()
}

export async function markSent(tx: Tx, id: number, now: Date): Promise<void> {
  await tx
    .updateTable('digests')
    .set({ status: 'sent', reason: null, sent_at: now, claimed_at: null, updated_at: now })
    .where('id', '=', id)
    .execute()
}

/** Releases a digest that the mail server did not accept, so that another attempt may follow. */
export async function releaseDigest(db: Db | Tx, id: number, reason: string, now: Date): Promise<void> {
  await db
    .updateTable('digests')
    .set({ claimed_at: null, handed_at: null, reason, updated_at: now })
    .where('id', '=', id)
    .execute()
}

/** Plans a skipped digest again when somebody asks for it; nobody was mailed. */
export async function replanSkipped(db: Db, id: number, now: Date): Promise<boolean> {
  const result = await db
    .updateTable('digests')
    .set({ status: 'planned', reason: null, updated_at: now })
    .where('id', '=', id)
    .where('status', '=', 'skipped')
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** How long a digest must have been untouched before it counts as forgotten. */
export interface Forgotten {
  /** For a digest that nobody took up, or whose sender died. */
  untouched: Date
  /** For a digest that the mail server refused and whose next attempt waits in the queue. */
  waiting: Date
}

/** Lists the digests that a crash left behind: those to compose again and those to send again. */
export async function listForgottenDigests(
  db: Db,
  before: Forgotten,
  limit: number,
): Promise<{ compose: number[]; send: number[] }> {
  const rows = await db
    .selectFrom('digests')
    .select(['id', 'status'])
    .where('status', 'in', ['planned', 'composing', 'sending'])
    .where((eb) =>
      eb.or([
        eb.and([
          eb.or([eb('attempts', '=', 0), eb('claimed_at', 'is not', null)]),
          eb('updated_at', '<', before.untouched),
        ]),
        eb('updated_at', '<', before.waiting),
      ]),
    )
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
