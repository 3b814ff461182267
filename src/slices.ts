import { setImmediate } from 'node:timers/promises'

/** Long work in slices of about a millisecond, for callers that must let others run in between. */
export type Sliced<Result> = Generator<undefined, Result, undefined>

/** Does all slices at once; gives their result. */
export function runAtOnce<Result>(work: Sliced<Result>): Result {
  for (;;) {
    const { done, value } = work.next()
    if (done) return value as Result
  }
}

/** Some ten milliseconds of work. */
const SLICES_PER_TURN = 16

/** Does the slices in turns: requests, answers and other jobs of the process run in between. */
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
