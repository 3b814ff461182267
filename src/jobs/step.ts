import type { z } from 'zod'
import type { NextJob, Tools } from '../tools.ts'

/**
 * One step of the line: reads ids, writes rows and returns the jobs that come next; the caller enqueues them. Running
 * it again with the same payload changes nothing more.
 */
export interface Step<Payload = never> {
  name: string
  payload: z.ZodType<Payload>
  /** The key of a job: equal work has the same key. Letters, digits, `-` and `_`. */
  key(payload: Payload): string
  /** For a step that a timer starts: the payload's field for the time of the tick (ISO). */
  timed?: 'slot' | 'tick'
  /** Attempts before a temporary error counts as final. */
  attempts: number
  /** How many jobs run at once in one worker process. */
  concurrency: number
  /**
   * A finished job is not kept: the row tells what became of the work, and a job of the same key can come again at once.
   */
  keepsNoJobs?: true
  /** `stopping`: the worker stops; a step with much to do begins nothing more and leaves the rest to the next worker. */
  run(payload: Payload, tools: Tools, stopping?: AbortSignal): Promise<NextJob[]>
}

/** Defines a step and keeps its payload type. */
export function defineStep<Payload>(step: Step<Payload>): Step<Payload> {
  return step
}
