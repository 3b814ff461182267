import { keptFor } from '../../caching.ts'

const queueOf = keptFor((_owner: object): { last: Promise<unknown> } => ({ last: Promise.resolve() }))

/**
 * Runs works of one owner one after the other. For work that only computes: side by side, several would end no sooner, and all of
 * them would hold their memory meanwhile. A work that fails holds nobody up.
 */
export function inTurn<Result>(owner: object, work: () => Promise<Result>): Promise<Result> {
  const queue = queueOf(owner)
  const result = queue.last.then(work)
  queue.last = result.catch(() => {})
  return result
}
