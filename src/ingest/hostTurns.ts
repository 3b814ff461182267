import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Db } from '../db/engine/connect.ts'
import { blockHost, endTurn, keepTurn, type NoTurn, takeTurn } from '../db/fetching/hosts.ts'
import { TemporaryError } from '../errors.ts'
import type { Release } from '../sources/fetching/fetch.ts'
import { type HostPace, paceOf } from '../sources/fetching/pace.ts'

export interface PaceOptions {
  /** How often each host may be asked; the default is in src/sources/fetching/pace.ts. */
  paceOf?: (url: URL) => HostPace
  /** How long to wait for a turn. After that the job is put off, because a waiting job blocks a worker. */
  patienceMs?: number
  /** How long a turn lasts without renewal; half a minute by default. */
  leaseMs?: number
}

const SECOND = 1_000
const PATIENCE = 60 * SECOND
/** The turn of a killed process ends after this time. A living process renews it three times as often. */
const LEASE = 30 * SECOND
/** How often to check whether a host is free. */
const LOOK = 0.2 * SECOND
/** Gaps are lengthened at random by up to a fifth, so that processes do not ask in lockstep. */
const JITTER = 0.2

/**
 * Gives turns at hosts, one at a time and at each host's pace, shared by all processes of this database. The work waits
 * for its turn.
 * @throws TemporaryError with the time to wait, if the host wants no requests now or no turn comes in time.
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

/** Renews a turn until stopped. One failed renewal is made up for by the next; two in a row lose the turn. */
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
