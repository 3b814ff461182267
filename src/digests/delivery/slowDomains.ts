import { keptFor } from '../../caching.ts'
import type { Db } from '../../db/engine/connect.ts'

const SECOND = 1000
/** A mail that takes the mail server longer than this makes its recipient domain a slow one, if others are quick. */
const SLOW = 3 * SECOND
const QUICK = SLOW / 5
/** What was measured counts for so long. */
const COUNTS_FOR = 10 * 60 * SECOND
/** Mails of slow domains leave their batch and come again, by themselves, after this time. */
const APART = SECOND
/** The same if a batch of slow domains is under way at that moment. */
const NEXT_TRY = 4 * SECOND

/** What this process has measured lately. Times are of `performance.now()`. */
interface Measured {
  /** By domain: until when it counts as slow. */
  slowUntil: Map<string, number>
  quickAt: number
  /** Whether a batch of slow domains is under way. Others must not wait for it. */
  isUnderWay: boolean
}

const measured = keptFor(
  (_db: Db): Measured => ({
    slowUntil: new Map(),
    quickAt: Number.NEGATIVE_INFINITY,
    isUnderWay: false,
  }),
)

/** Notes how long the mail server took to accept a mail to a domain, in milliseconds. */
export function noteTime(db: Db, domain: string, tookMs: number): void {
  const state = measured(db)
  const now = performance.now()
  if (tookMs <= QUICK) state.quickAt = now
  if (tookMs <= SLOW) state.slowUntil.delete(domain)
  // If everything is slow, no domain holds up another.
  else if (now - state.quickAt < COUNTS_FOR) state.slowUntil.set(domain, now + COUNTS_FOR)
}

/** The slow domains of a batch that must wait so that others need not wait for them, and how long. */
export interface Waiting {
  domains: string[]
  waitMs: number
  /** To be called when the batch has ended. */
  end(): void
}

const NOTHING_TO_END = () => {}

/**
 * Keeps slow domains from holding up others: their mails go in batches of their own, one at a time. So a process that sends
 * two batches always has one for the others.
 */
export function keepSlowApart(db: Db, domains: readonly string[]): Waiting {
  const state = measured(db)
  const now = performance.now()
  for (const [domain, until] of state.slowUntil) if (until < now) state.slowUntil.delete(domain)
  const slow = domains.filter((domain) => state.slowUntil.has(domain))
  if (slow.length === 0) return { domains: [], waitMs: 0, end: NOTHING_TO_END }
  if (slow.length < domains.length) return { domains: slow, waitMs: APART, end: NOTHING_TO_END }
  if (state.isUnderWay) return { domains: slow, waitMs: NEXT_TRY, end: NOTHING_TO_END }
  state.isUnderWay = true
  return {
    domains: [],
    waitMs: 0,
    end: () => {
      state.isUnderWay = false
    },
  }
}
