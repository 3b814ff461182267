import { PermanentError, TemporaryError } from '../../errors.ts'

/** Time shared by several pieces of work. Time between them is free. */
export interface TimeBudget {
  /** Runs work. When the time is used up, the signal fires and the work fails with TemporaryError. */
  spend<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>
}

/** Makes a budget of `totalMs` milliseconds. */
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
