import type { z } from 'zod'
import type { NextJob, Tools } from '../tools.ts'

/**
 * One step of the line: reads ids, writes rows and returns what comes next; whoever runs it enqueues that. Running it
 * again with the same payload changes nothing more.
 */
export interface Step<Payload = never> {
  name: string
  payload: z.ZodType<Payload>
  /** Tells jobs of one step apart; the same work has the same key. Letters, digits, `-` and `_`. */
  key(payload: Payload): string
  /** For a step that a timer starts: the field of its payload that takes the time of the tick (ISO). */
  timed?: 'slot' | 'tick'
  /** Attempts before a temporary error counts as final. */
  attempts: number
  /** How many run at once in one worker process. */
  concurrency: number
  run(payload: Payload, tools: Tools): Promise<NextJob[]>
}

/** Keeps a step's payload type while it is defined. */
export function defineStep<Payload>(step: Step<Payload>): Step<Payload> {
  return step
}
