import { localDateAt } from '../../calendar.ts'
import type { ClaimedDigest, End } from '../../db/digests/claims.ts'
import type { SubscriberRow } from '../../db/engine/schema.ts'
import { isNear } from '../planDigests.ts'
import type { Prepared } from './prepare.ts'

/** How a digest ends without a mail. */
export type Unsent = Exclude<End, { status: 'held' }>

/**
 * Why a digest must not be sent; undefined if it may be. This is checked as late as possible, so that someone who
 * unsubscribed a minute ago gets nothing.
 */
export function reasonNotToSend(
  { digest, subscriber, isSuppressed, papers }: Prepared,
  now: Date,
): Unsent | undefined {
  if (!subscriber) return { status: 'skipped', reason: 'the subscriber is gone' }
  if (subscriber.status !== 'active') {
    return { status: 'skipped', reason: `the subscription is ${subscriber.status}` }
  }
  if (isSuppressed) return { status: 'suppressed', reason: 'the address does not accept mail' }
  if (papers.length === 0) return { status: 'skipped', reason: 'all its papers were hidden' }
  if (isTooLate(digest, subscriber, now)) {
    return { status: 'failed', reason: `not sent before the next digest was near: ${digest.reason}` }
  }
  return undefined
}

/** A digest may be sent until the end of the day on which it was composed, or later if the next one is far off. */
function isTooLate(digest: ClaimedDigest, subscriber: SubscriberRow, now: Date): boolean {
  const zone = subscriber.time_zone
  if (localDateAt(now, zone) <= localDateAt(digest.composed_at!, zone)) return false
  const next = subscriber.next_digest_at
  return next === null || isNear(next, now)
}
