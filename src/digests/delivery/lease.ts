import { setTimeout as delay } from 'node:timers/promises'
import type { Claim } from '../../db/digests/claims.ts'

const SECOND = 1000
/**
 * A sender that does not renew its claim loses it after this time. It is short, so that another sender takes over
 * within a minute after a crash.
 */
export const LEASE = 30 * SECOND
const RENEW_EVERY = 8 * SECOND

/**
 * Does the work and renews the claims meanwhile. If the database is away, they are not renewed and other senders may take
 * over.
 */
export async function whileClaimed<T>(
  writer: { renew(claims: Claim[], leaseMs: number): Promise<void> },
  claims: Claim[],
  work: () => Promise<T>,
): Promise<T> {
  const timer = setInterval(() => writer.renew(claims, LEASE).catch(() => {}), RENEW_EVERY)
  try {
    return await work()
  } finally {
    clearInterval(timer)
  }
}

const WRITE_TRIES = 30

/**
 * Writes the mail server's answer, because it must not be lost. If the database is away for a moment, the write is
 * repeated; it may run twice. @throws the last error, after half a minute.
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
