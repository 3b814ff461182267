import {
  type Claim,
  endSent,
  type Handover,
  markHanded,
  renewClaims,
  type SentDigest,
} from '../../db/digests/claims.ts'
import type { Tools } from '../../tools.ts'
import { untilWritten } from './lease.ts'

/** Writes to the rows of claimed digests. What many digests ask for at the same time is written together. */
export interface ClaimWriter {
  /** Records that a message may go to the mail server. False if it must not. */
  markHanded(handover: Handover): Promise<boolean>
  /** Records that the mail server accepted a mail. */
  endSent(sent: SentDigest): Promise<void>
  renew(claims: Claim[], leaseMs: number): Promise<void>
}

/**
 * Opens the writer of a batch. Its statements run one after the other: each changes several rows of the batch, and two
 * of them at once could wait for each other.
 */
export function openClaimWriter({ db, now }: Pick<Tools, 'db' | 'now'>): ClaimWriter {
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(write: () => Promise<T>): Promise<T> => {
    const mine = last.then(write)
    last = mine.catch(() => {})
    return mine
  }
  return {
    markHanded: together(inTurn, async (handovers: Handover[]) => {
      const marked = await markHanded(db, handovers)
      return handovers.map(({ digest }) => marked.has(digest.id))
    }),
    endSent: together(inTurn, async (sent: SentDigest[]) => {
      await untilWritten(() => endSent(db, sent, now()))
      return sent.map(() => undefined)
    }),
    renew: (claims, leaseMs) => inTurn(() => renewClaims(db, claims, leaseMs)),
  }
}

/** A write for one item that is made for all items that came while the write before was running. */
function together<Item, Result>(
  inTurn: <T>(write: () => Promise<T>) => Promise<T>,
  write: (items: Item[]) => Promise<Result[]>,
): (item: Item) => Promise<Result> {
  let waiting: Item[] = []
  let next: Promise<Result[]> | undefined
  return async (item) => {
    const place = waiting.push(item) - 1
    next ??= inTurn(() => {
      const items = waiting
      waiting = []
      next = undefined
      return write(items)
    })
    return (await next)[place]!
  }
}
