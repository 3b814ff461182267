import { setImmediate } from 'node:timers/promises'

/** Long work in slices of about a millisecond, for callers that must let other work run in between. */
export type Sliced<Result> = Generator<undefined, Result, undefined>

/** Runs all slices without a pause and returns the result. */
export function runAtOnce<Result>(work: Sliced<Result>): Result {
  for (;;) {
    const { done, value } = work.next()
    if (done) return value as Result
  }
}

/** About ten milliseconds of work. */
const SLICES_PER_TURN = 16

/** Runs the slices with pauses. Requests, answers and other jobs of the process run in between. */
export async function inSlices<Result>(
  work: Sliced<Result>,
  slicesPerTurn = SLICES_PER_TURN,
): Promise<Result> {
  for (let slice = 1; ; slice++) {
    const { done, value } = work.next()
    if (done) return value as Result
    if (slice % slicesPerTurn === 0) await setImmediate()
  }
}
