import type { Logger } from 'pino'
import type { z } from 'zod'
import type { Db } from '../db/engine/connect.ts'
import type { Mailer } from '../mail/deliver/transport.ts'
import type { Fetcher } from '../sources/fetching/fetch.ts'

/** A job to enqueue: the step's name and its payload of ids. */
export interface NextJob {
  name: string
  payload: Record<string, unknown>
  /** Set by the sweep: makes the job's id a fresh one, whatever an earlier job of the same key came to. */
  again?: string
}

/** What a step may use; the same object for workers, command line and tests. */
export interface Tools {
  db: Db
  /** The clock. */
  now(): Date
  fetcher: Fetcher
  mailer: Mailer
  /** The address links begin with, without a trailing slash. */
  publicUrl: string
  /** `Name <address>` of every mail. */
  mailFrom: string
  /** Key for hashes of addresses. */
  secret: string
  log: Logger
}

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
