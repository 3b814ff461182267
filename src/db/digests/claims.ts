import { sql } from 'kysely'
import type { Db, Tx } from '../engine/connect.ts'
import { databaseTime } from '../engine/databaseTime.ts'
import type { DigestRow } from '../engine/schema.ts'

/**
 * A sender's claim on a digest. Every write names the claim and changes nothing if another sender holds a later one.
 * So a worker that was paused, or whose clock is wrong, can neither send nor record what another has taken over.
 */
export interface Claim {
  id: number
  claim: number
}

/** A claimed digest and its claim. */
export type ClaimedDigest = DigestRow & Claim

/**
 * Claims composed digests for sending. Those that somebody else has, that must not be sent, or whose next try is still to
 * come are left out. Nobody else gets them until the lease ends, by the database's clock.
 * `handed_at` is returned unchanged. If it is set, an earlier sender began to hand the message over and never learned
 * the result.
 */
export function claimDigests(db: Db, ids: number[], leaseMs: number): Promise<ClaimedDigest[]> {
  return db
    .updateTable('digests')
    .set((eb) => ({
      claim: eb('claim', '+', 1),
      claimed_until: databaseTime(leaseMs),
      attempts: eb('attempts', '+', 1),
      updated_at: databaseTime(),
    }))
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('digests')
        .select('id')
        .where('id', '=', sql<number>`ANY(${ids})`)
        .where('status', '=', 'sending')
        .where((or) => or.or([or('claimed_until', 'is', null), or('claimed_until', '<', databaseTime())]))
        .where((or) => or.or([or('retry_at', 'is', null), or('retry_at', '<=', databaseTime())]))
        // In one order and without waiting, because two senders may ask for some of the same.
        .orderBy('id')
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .execute()
}

/** Renews claims while work goes on. Claims that another sender has taken over are not changed. */
export async function renewClaims(db: Db, claims: Claim[], leaseMs: number): Promise<void> {
  if (claims.length === 0) return
  await sql`
    UPDATE digests SET claimed_until = ${databaseTime(leaseMs)}
    FROM unnest(${claims.map(({ id }) => id)}::bigint[], ${claims.map(({ claim }) => claim)}::integer[])
      AS held (id, claim)
    WHERE digests.id = held.id AND digests.claim = held.claim AND digests.status = 'sending'
      AND digests.claimed_until IS NOT NULL`.execute(db)
}

/** A claimed digest whose message the mail server has asked for. */
export interface Handover {
  digest: Claim
  messageId: string
  /** Of the subscriber's address. */
  addressHash: string
  leaseMs: number
}

/**
 * Records that these messages may reach their subscribers from now on. Only a clear "no" from the mail server takes this
 * back. Gives the numbers of the digests that were marked. The others must not be sent: another sender holds them, the
 * subscriber left, or the address was suppressed meanwhile.
 */
export async function markHanded(db: Db, handovers: Handover[]): Promise<Set<number>> {
  const { rows } = await sql<{ id: number }>`
    UPDATE digests SET
      handed_at = clock_timestamp(),
      message_id = handed.message_id,
      claimed_until = clock_timestamp() + handed.lease * interval '1 millisecond',
      retry_at = NULL,
      turn_at = NULL,
      updated_at = clock_timestamp()
    FROM unnest(
      ${handovers.map(({ digest }) => digest.id)}::bigint[],
      ${handovers.map(({ digest }) => digest.claim)}::integer[],
      ${handovers.map(({ messageId }) => messageId)}::text[],
      ${handovers.map(({ addressHash }) => addressHash)}::text[],
      ${handovers.map(({ leaseMs }) => leaseMs)}::integer[]
    ) AS handed (id, claim, message_id, address_hash, lease)
    WHERE digests.id = handed.id AND digests.claim = handed.claim AND digests.status = 'sending'
      AND digests.handed_at IS NULL
      AND EXISTS (
        SELECT FROM subscribers WHERE subscribers.id = digests.subscriber_id AND subscribers.status = 'active')
      AND NOT EXISTS (SELECT FROM suppressions WHERE suppressions.address_hash = handed.address_hash)
    RETURNING digests.id`.execute(db)
  return new Set(rows.map((row) => row.id))
}

/** A digest that the mail server accepted, with its answer. */
export interface SentDigest {
  digest: Claim
  response: string
}

/** Ends claimed digests as sent, and notes the answers. Those that another sender holds are left as they are. */
export async function endSent(db: Db, sent: SentDigest[], now: Date): Promise<void> {
  await sql`
    WITH ended AS (
      UPDATE digests SET
        status = 'sent', reason = NULL, sent_at = ${now}, claimed_until = NULL, updated_at = clock_timestamp()
      FROM unnest(
        ${sent.map(({ digest }) => digest.id)}::bigint[],
        ${sent.map(({ digest }) => digest.claim)}::integer[],
        ${sent.map(({ response }) => response)}::text[]
      ) AS accepted (id, claim, response)
      WHERE digests.id = accepted.id AND digests.claim = accepted.claim AND digests.status = 'sending'
      RETURNING digests.id, digests.subscriber_id, accepted.response)
    INSERT INTO mail_events (digest_id, subscriber_id, at, kind, detail)
    SELECT id, subscriber_id, ${now}::timestamptz, 'accepted', response FROM ended`.execute(db)
}

/** Releases claims under which nothing was tried. */
export async function releaseClaims(db: Db, claims: Claim[]): Promise<void> {
  if (claims.length === 0) return
  await sql`
    UPDATE digests SET claimed_until = NULL, attempts = greatest(digests.attempts - 1, 0), updated_at = clock_timestamp()
    FROM unnest(${claims.map(({ id }) => id)}::bigint[], ${claims.map(({ claim }) => claim)}::integer[])
      AS held (id, claim)
    WHERE digests.id = held.id AND digests.claim = held.claim AND digests.status = 'sending'
      AND digests.handed_at IS NULL`.execute(db)
}

/** A claimed digest that must wait: for its turn, or until it may ask for one again. */
export interface Postponed {
  digest: Claim
  waitMs: number
  /** It waits for a turn that is its own. */
  hasTurn: boolean
}

/** Releases claims under which nothing was tried, until a time. */
export async function postponeClaims(db: Db, postponed: Postponed[]): Promise<void> {
  if (postponed.length === 0) return
  await sql`
    UPDATE digests SET
      claimed_until = NULL,
      attempts = greatest(digests.attempts - 1, 0),
      retry_at = clock_timestamp() + held.wait * interval '1 millisecond',
      turn_at = CASE WHEN held.has_turn THEN clock_timestamp() + held.wait * interval '1 millisecond' END,
      updated_at = clock_timestamp()
    FROM unnest(
      ${postponed.map(({ digest }) => digest.id)}::bigint[],
      ${postponed.map(({ digest }) => digest.claim)}::integer[],
      ${postponed.map(({ waitMs }) => waitMs)}::float8[],
      ${postponed.map(({ hasTurn }) => hasTurn)}::boolean[]
    ) AS held (id, claim, wait, has_turn)
    WHERE digests.id = held.id AND digests.claim = held.claim AND digests.status = 'sending'
      AND digests.handed_at IS NULL`.execute(db)
}

/** How a digest ends that was not accepted, with the reason for people. */
export interface End {
  status: 'skipped' | 'failed' | 'suppressed' | 'held'
  reason: string
}

/** Ends a claimed digest. False if another sender holds it; then nothing is written. */
export async function endClaimed(db: Db | Tx, { id, claim }: Claim, end: End): Promise<boolean> {
  const result = await db
    .updateTable('digests')
    .set({ ...end, claimed_until: null, updated_at: databaseTime() })
    .where('id', '=', id)
    .where('claim', '=', claim)
    .where('status', '=', 'sending')
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/**
 * Releases a claimed digest; another attempt may follow under the same Message-ID. `reason`: the mail server's
 * answer; null if nothing was tried. `retryAfterMs`: until the next try; 0 if there is no need to wait. `inDoubt`: it
 * may have been delivered, which is counted. False if another sender holds it.
 */
export async function releaseClaimed(
  db: Db | Tx,
  { id, claim }: Claim,
  {
    reason,
    retryAfterMs = 0,
    inDoubt = false,
  }: { reason: string | null; retryAfterMs?: number; inDoubt?: boolean },
): Promise<boolean> {
  const result = await db
    .updateTable('digests')
    .set((eb) => ({
      claimed_until: null,
      handed_at: null,
      turn_at: null,
      retry_at: retryAfterMs > 0 ? databaseTime(retryAfterMs) : null,
      reason: reason ?? eb.ref('reason'),
      doubts: eb('doubts', '+', inDoubt ? 1 : 0),
      updated_at: databaseTime(),
    }))
    .where('id', '=', id)
    .where('claim', '=', claim)
    .where('status', '=', 'sending')
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}
