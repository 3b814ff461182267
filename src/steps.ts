/** Long work in steps of about a millisecond, for whoever must let others go first in between. */
export type Steps<Result> = Generator<undefined, Result, undefined>

/** Does all steps at once; gives what they come to. */
export function finish<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value as Result
  }
}
