import { type BoundedCache, keep, keptFor, newCache } from '../../caching.ts'
import { type Postponed, postponeClaims } from '../../db/digests/claims.ts'
import type { Db } from '../../db/engine/connect.ts'
import {
  blockDomain,
  domainLimitName,
  endDomainBlock,
  listTroubledDomains,
  takeTurns,
} from '../../db/mail/mailLimits.ts'
import { domainOf } from '../../mail/address.ts'
import type { DomainLimit } from '../../mail/deliver/domainLimits.ts'
import type { NextJob, Tools } from '../../tools.ts'
import { groupBy } from '../groupBy.ts'
import type { Prepared } from './prepare.ts'
import { keepSlowApart, noteTime } from './slowDomains.ts'

const SECOND = 1000
/** While a domain is in trouble, one mail tries; the others of its batch wait for what it is answered. */
const TRIAL = 5 * SECOND
/** A refusal concerns the whole domain unless it accepted one of this many last mails of this process. */
const LOOKED_AT = 10
const DOMAINS_KEPT = 5000

/** By domain: whether its last mails were accepted, the newest last. */
const answersKept = keptFor((_db: Db): BoundedCache<string, boolean[]> => newCache(DOMAINS_KEPT))

/** The recipient domains of a batch: which of its mails may go now, and what the mail server says of a domain. */
export interface DomainTurns {
  /** Jobs for mails whose turn comes later. */
  later: NextJob[]
  /** Mails that may go now. The claims of the others are released until their time. */
  now: Prepared[]
  /** Whether a mail must wait after all, because its domain refused one meanwhile; then its claim is released. */
  mustWait(prepared: Prepared): Promise<boolean>
  /**
   * The domain of this mail said later. Gives the milliseconds until the next try, or undefined if only this mail waits, because
   * the domain accepts others: greylisting is by recipient. With `always` the domain is left alone in any case.
   */
  block(prepared: Prepared, reason: string, always: boolean): Promise<number | undefined>
  /** The mail server accepted this mail, and took so many milliseconds. */
  accepted(prepared: Prepared, tookMs: number): Promise<void>
  /** The batch has ended. */
  end(): void
}

/** A mail that must wait. `isTimed`: a job of its own sends it when its time has come; else the next sweep after that does. */
type Waiting = Postponed & { isTimed: boolean }

/** Decides for a batch which mails may go now, by the limits and the troubles of their recipient domains. */
export async function takeDomainTurns(
  batch: Prepared[],
  { db, limitOf }: Pick<Tools, 'db' | 'limitOf'>,
): Promise<DomainTurns> {
  const byDomain = groupBy(
    batch.filter(({ subscriber }) => subscriber),
    domainOfMail,
  )
  const troubled = new Map(
    (await listTroubledDomains(db, [...byDomain.keys()])).map(({ domain, waitMs }) => [domain, waitMs]),
  )
  const now = batch.filter(({ subscriber }) => !subscriber)
  const postponed: Waiting[] = []
  const wait = (mails: Prepared[], waitMs: number, isTimed: boolean) =>
    postponed.push(...mails.map(({ digest }) => ({ digest, waitMs, hasTurn: false, isTimed })))
  const slow = keepSlowApart(db, [...byDomain.keys()])
  for (const domain of slow.domains) {
    wait(byDomain.get(domain)!, slow.waitMs, true)
    byDomain.delete(domain)
    troubled.delete(domain)
  }
  for (const [domain, waitMs] of troubled) {
    const mails = byDomain.get(domain)!
    byDomain.delete(domain)
    if (waitMs > 0) wait(mails, waitMs, false)
    else {
      now.push(mails[0]!)
      wait(mails.slice(1), TRIAL, true)
    }
  }
  for (const [limit, mails] of groupedByLimit(byDomain, limitOf)) {
    if (limit === undefined) now.push(...mails)
    else await takeTurnsFor(mails, limit, db, { now, postponed })
  }
  await postponeClaims(db, postponed)
  return { now, later: laterJobs(postponed), ...domainTroubles(db, troubled), end: slow.end }
}

function domainOfMail({ subscriber }: Prepared): string {
  return domainOf(subscriber!.email)
}

function groupedByLimit(
  byDomain: Map<string, Prepared[]>,
  limitOf: Tools['limitOf'],
): [DomainLimit | undefined, Prepared[]][] {
  const groups = new Map<string, [DomainLimit | undefined, Prepared[]]>()
  for (const [domain, mails] of byDomain) {
    const limit = limitOf(domain)
    const group = groups.get(limit?.name ?? '') ?? [limit, []]
    group[1].push(...mails)
    groups.set(limit?.name ?? '', group)
  }
  return [...groups.values()]
}

async function takeTurnsFor(
  mails: Prepared[],
  limit: DomainLimit,
  db: Tools['db'],
  { now, postponed }: { now: Prepared[]; postponed: Waiting[] },
): Promise<void> {
  // Whoever waited for a turn has it.
  now.push(...mails.filter(({ digest }) => digest.turn_at !== null))
  const asking = mails
    .filter(({ digest }) => digest.turn_at === null)
    .sort((one, other) => one.digest.id - other.digest.id)
  if (asking.length === 0) return
  const turns = await takeTurns(db, domainLimitName(limit.name), limit, asking.length)
  const gapMs = limit.perSecond === undefined ? 0 : SECOND / limit.perSecond
  for (const [place, prepared] of asking.entries()) {
    const waitMs = turns.waitMs + place * gapMs
    const hasTurn = place < turns.count
    if (hasTurn && waitMs < SECOND) now.push(prepared)
    else {
      const waits = hasTurn ? waitMs : turns.moreAfterMs
      postponed.push({ digest: prepared.digest, waitMs: waits, hasTurn, isTimed: hasTurn })
    }
  }
}

/** One job for what waits until the same second. */
function laterJobs(postponed: Waiting[]): NextJob[] {
  const bySecond = groupBy(
    postponed.filter(({ isTimed }) => isTimed),
    ({ waitMs }) => Math.ceil(waitMs / SECOND),
  )
  return [...bySecond].map(([second, turns]) => ({
    name: 'sendDigests',
    payload: { digestIds: turns.map(({ digest }) => digest.id) },
    // Another one than the job that is running, which may be of the same digests.
    again: `${second}-${turns[0]!.digest.claim}`,
    delayMs: second * SECOND,
  }))
}

function domainTroubles(db: Tools['db'], troubled: Map<string, number>) {
  const blockedNow = new Map<string, Promise<number>>()
  return {
    async mustWait(prepared: Prepared) {
      const waitMs = prepared.subscriber && (await blockedNow.get(domainOfMail(prepared)))
      if (waitMs === undefined) return false
      await postponeClaims(db, [{ digest: prepared.digest, waitMs, hasTurn: false }])
      return true
    },
    async block(prepared: Prepared, reason: string, always: boolean) {
      const domain = domainOfMail(prepared)
      const isOpen = note(db, domain, false).includes(true)
      if (isOpen && !always) return undefined
      const waitMs = blockDomain(db, domain, reason)
      // Known at once: no other mail of this batch is begun meanwhile.
      blockedNow.set(domain, waitMs)
      return waitMs
    },
    async accepted(prepared: Prepared, tookMs: number) {
      const domain = domainOfMail(prepared)
      noteTime(db, domain, tookMs)
      note(db, domain, true)
      if (!troubled.delete(domain)) return
      await endDomainBlock(db, domain)
    },
  }
}

/** Notes whether a domain accepted a mail; gives its last answers. */
function note(db: Db, domain: string, accepted: boolean): boolean[] {
  const cache = answersKept(db)
  const answers = [...(cache.entries.get(domain) ?? []), accepted].slice(-LOOKED_AT)
  if (cache.entries.has(domain)) cache.entries.set(domain, answers)
  else keep(cache, domain, answers)
  return answers
}
