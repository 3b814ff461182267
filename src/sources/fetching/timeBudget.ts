import { PermanentError, TemporaryError } from '../../errors.ts'

/** Time that several pieces of work share; what lies between them costs nothing. */
export interface TimeBudget {
  /** Runs work that ends when the signal says that the time is used up, with TemporaryError. */
  spend<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>
}

/** Gives `totalMs` milliseconds to spend. */
export function createTimeBudget(totalMs: number): TimeBudget {
  let left = totalMs
  return {
    async spend(work) {
      const signal = AbortSignal.timeout(Math.max(1, Math.ceil(left)))
      const from = performance.now()
      try {
        return await work(signal)
      } catch (error) {
        const isTold = error instanceof PermanentError || error instanceof TemporaryError
        if (isTold || !signal.aborted) throw error
        throw new TemporaryError(`expected an answer within ${totalMs} ms, it took longer`)
      } finally {
        left -= performance.now() - from
      }
    },
  }
}
