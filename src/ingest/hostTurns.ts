import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Db } from '../db/engine/connect.ts'
import { blockHost, endTurn, keepTurn, type NoTurn, takeTurn } from '../db/fetching/hosts.ts'
import { TemporaryError } from '../errors.ts'
import type { Release } from '../sources/fetching/fetch.ts'
import { type HostPace, paceOf } from '../sources/fetching/pace.ts'

export interface PaceOptions {
  /** How often each host may be asked; by default as src/sources/fetching/pace.ts says. */
  paceOf?: (url: URL) => HostPace
  /** How long to wait for a turn before the job is put off instead: a waiting job keeps a worker from others. */
  patienceMs?: number
  /** How long a turn is held without being renewed; half a minute by default. */
  leaseMs?: number
}

const SECOND = 1_000
const PATIENCE = 60 * SECOND
/** The turn of a killed process lasts so long; one that lives renews it three times as often. */
const LEASE = 30 * SECOND
/** How often to look whether a turn that another has is free again. */
const LOOK = 0.2 * SECOND
/** Gaps are lengthened by up to a fifth, at random, so that nobody asks in lockstep. */
const JITTER = 0.2

/**
 * Turns at hosts, one at a time and at each host's pace, shared by all that use this database. What is given waits for a
 * turn; it throws TemporaryError, with the wait, where the host asked to be left alone or no turn comes within the patience.
 */
export function createPace(db: Db, options: PaceOptions = {}): (url: URL) => Promise<Release> {
  const { paceOf: paceFor = paceOf, patienceMs = PATIENCE, leaseMs = LEASE } = options
  return async (url) => {
    const { name, gapMs } = paceFor(url)
    const holder = randomUUID()
    const isShared = gapMs === 0
    await waitForTurn(db, name, holder, isShared ? 0 : leaseMs, patienceMs)
    const stopRenewing = isShared ? () => {} : renewTurn(db, name, holder, leaseMs)
    return async (wish) => {
      stopRenewing()
      if (wish.waitMs !== undefined && wish.waitMs > 0) await blockHost(db, name, wish.waitMs)
      const gap = Math.max(gapMs, wish.gapMs ?? 0)
      await endTurn(db, name, holder, gap * (1 + JITTER * Math.random()))
    }
  }
}

/** Keeps a turn until it is stopped. A renewal that fails is made up for by the next; two that fail cost the turn. */
function renewTurn(db: Db, name: string, holder: string, leaseMs: number): () => void {
  const timer = setInterval(() => {
    keepTurn(db, name, holder, leaseMs).catch(() => {})
  }, leaseMs / 3)
  timer.unref()
  return () => clearInterval(timer)
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
