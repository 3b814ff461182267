import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Db } from '../db/connect.ts'
import { blockHost, endTurn, type NoTurn, takeTurn } from '../db/hosts.ts'
import { TemporaryError } from '../errors.ts'
import type { Release } from '../sources/fetch.ts'
import { type HostPace, paceOf } from '../sources/pace.ts'

export interface PaceOptions {
  /** How often each host may be asked; by default as src/sources/pace.ts says. */
  paceOf?: (url: URL) => HostPace
  /** How long to wait for a turn before the job is put off instead: a waiting job keeps a worker from others. */
  patienceMs?: number
}

const SECOND = 1_000
const PATIENCE = 60 * SECOND
/** Longer than any fetch may take; only the turn of a killed process lasts so long. */
const LEASE = 150 * SECOND
/** How often to look whether a turn that another has is free again. */
const LOOK = 0.2 * SECOND
/** Gaps are lengthened by up to a fifth, at random, so that nobody asks in lockstep. */
const JITTER = 0.2

/**
 * Turns at hosts, one at a time and at each host's pace, shared by all that use this database. What is given waits for a
 * turn; it throws TemporaryError, with the wait, where the host asked to be left alone or no turn comes within the patience.
 */
export function createPace(db: Db, options: PaceOptions = {}): (url: URL) => Promise<Release> {
  const { paceOf: paceFor = paceOf, patienceMs = PATIENCE } = options
  return async (url) => {
    const { name, gapMs } = paceFor(url)
    const holder = randomUUID()
    await waitForTurn(db, name, holder, gapMs === 0 ? 0 : LEASE, patienceMs)
    return async (wish) => {
      if (wish.waitMs !== undefined && wish.waitMs > 0) await blockHost(db, name, wish.waitMs)
      const gap = Math.max(gapMs, wish.gapMs ?? 0)
      await endTurn(db, name, holder, gap * (1 + JITTER * Math.random()))
    }
  }
}

async function waitForTurn(
  db: Db,
  name: string,
  holder: string,
  leaseMs: number,
  patienceMs: number,
): Promise<void> {
  const until = performance.now() + patienceMs
  for (;;) {
    const noTurn = await takeTurn(db, name, holder, leaseMs)
    if (noTurn === undefined) return
    refuseIfBlocked(name, noTurn)
    const wait = Math.max(noTurn.slotMs, Math.min(noTurn.heldMs, LOOK)) + 20 * Math.random()
    if (performance.now() + wait > until) throw impatience(name, noTurn, patienceMs)
    await delay(wait)
  }
}

function refuseIfBlocked(name: string, { blockedMs }: NoTurn): void {
  if (blockedMs === 0) return
  throw new TemporaryError(
    `expected ${name} to take requests, it asked to be left alone for another ${Math.ceil(blockedMs / SECOND)} s`,
    { retryAfterMs: blockedMs },
  )
}

function impatience(name: string, { slotMs, heldMs }: NoTurn, patienceMs: number): TemporaryError {
  return new TemporaryError(
    `expected a turn at ${name} within ${Math.round(patienceMs / SECOND)} s, others are before; it is tried again later`,
    { retryAfterMs: Math.max(slotMs, Math.min(heldMs, patienceMs)) },
  )
}
