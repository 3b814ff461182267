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
 * Claims a composed digest for sending; undefined if somebody else has it, or it must not be sent. Nobody else gets
 * it until the lease ends, by the database's clock.
 * `handed_at` is returned unchanged. If it is set, an earlier sender began to hand the message over and never learned
 * the result.
 */
export function claimDigest(db: Db, id: number, leaseMs: number): Promise<ClaimedDigest | undefined> {
  return db
    .updateTable('digests')
    .set((eb) => ({
      claim: eb('claim', '+', 1),
      claimed_until: databaseTime(leaseMs),
      attempts: eb('attempts', '+', 1),
      updated_at: databaseTime(),
    }))
    .where('id', '=', id)
    .where('status', '=', 'sending')
    .where((eb) => eb.or([eb('claimed_until', 'is', null), eb('claimed_until', '<', databaseTime())]))
    .returningAll()
    .executeTakeFirst()
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

/**
 * Records that the message may reach its subscriber from now on. Only a clear "no" from the mail server takes this
 * back.
 * False if another sender holds the digest, the subscriber left or the address was suppressed meanwhile: then nothing
 * may be sent. `addressHash`: of the subscriber's address.
 */
export async function markHanded(
  db: Db,
  { id, claim }: Claim,
  { messageId, addressHash, leaseMs }: { messageId: string; addressHash: string; leaseMs: number },
): Promise<boolean> {
  const result = await db
    .updateTable('digests')
    .set({
      handed_at: databaseTime(),
      message_id: messageId,
      claimed_until: databaseTime(leaseMs),
      updated_at: databaseTime(),
    })
    .where('id', '=', id)
    .where('claim', '=', claim)
    .where('status', '=', 'sending')
    .where('handed_at', 'is', null)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('subscribers')
          .select('id')
          .whereRef('subscribers.id', '=', 'digests.subscriber_id')
          .where('subscribers.status', '=', 'active'),
      ),
    )
    .where((eb) =>
      eb.not(
        eb.exists(
          eb.selectFrom('suppressions').select('address_hash').where('address_hash', '=', addressHash),
        ),
      ),
    )
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** How a digest ends, with the reason for people. */
export type End =
  | { status: 'sent'; sentAt: Date }
  | { status: 'skipped' | 'failed' | 'suppressed' | 'held'; reason: string }

/** Ends a claimed digest. False if another sender holds it; then nothing is written. */
export async function endClaimed(db: Db | Tx, { id, claim }: Claim, end: End): Promise<boolean> {
  const outcome =
    end.status === 'sent'
      ? { status: end.status, reason: null, sent_at: end.sentAt }
      : { status: end.status, reason: end.reason }
  const result = await db
    .updateTable('digests')
    .set({ ...outcome, claimed_until: null, updated_at: databaseTime() })
    .where('id', '=', id)
    .where('claim', '=', claim)
    .where('status', '=', 'sending')
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/**
 * Releases a claimed digest; another attempt may follow under the same Message-ID. `reason`: the mail server's
 * answer; null if nothing was tried. `inDoubt`: it may have been delivered, which is counted. False if another sender
 * holds it.
 */
export async function releaseClaimed(
  db: Db | Tx,
  { id, claim }: Claim,
  { reason, inDoubt = false }: { reason: string | null; inDoubt?: boolean },
): Promise<boolean> {
  const result = await db
    .updateTable('digests')
    .set((eb) => ({
      claimed_until: null,
      handed_at: null,
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
