import { setTimeout as delay } from 'node:timers/promises'
import { type Claim, renewClaims } from '../../db/digests/claims.ts'
import type { Db } from '../../db/engine/connect.ts'

const SECOND = 1000
/** How long a digest stays with a sender that gives no sign of life: short, so that a crash is made good within a minute. */
export const LEASE = 40 * SECOND
const RENEW_EVERY = 8 * SECOND

/** Does the work while the claim on the digest is renewed. Without the database nothing is renewed: another may take over. */
export async function whileClaimed<T>(db: Db, claim: Claim, work: () => Promise<T>): Promise<T> {
  const timer = setInterval(() => renewClaims(db, [claim], LEASE).catch(() => {}), RENEW_EVERY)
  try {
    return await work()
  } finally {
    clearInterval(timer)
  }
}

const WRITE_TRIES = 30

/**
 * Writes what the mail server said, again and again where the database is away for a moment: what is known of a mail
 * must not be lost. The write may run twice. @throws what the last try threw, after half a minute.
 */
export async function untilWritten(write: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await write()
    } catch (error) {
      if (tries === WRITE_TRIES) throw error
      await delay(SECOND)
    }
  }
}
