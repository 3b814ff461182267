import { setImmediate } from 'node:timers/promises'
import type { Steps } from './steps.ts'

/** A slice of work takes some ten milliseconds. */
const STEPS_PER_SLICE = 16

/** Does long work slice by slice: requests, answers and other jobs of the process come in between. */
export async function inSlices<Result>(
  steps: Steps<Result>,
  stepsPerSlice = STEPS_PER_SLICE,
): Promise<Result> {
  for (let step = 1; ; step++) {
    const { done, value } = steps.next()
    if (done) return value as Result
    if (step % stepsPerSlice === 0) await setImmediate()
  }
}
