import type { Logger } from 'pino'
import type { Db } from './db/engine/connect.ts'
import type { Keep } from './domain.ts'
import type { LimitOf } from './mail/deliver/domainLimits.ts'
import type { Mailer } from './mail/deliver/transport.ts'
import type { Fetcher } from './sources/fetching/fetch.ts'

/** A job to enqueue: the step's name and its payload of ids. */
export interface NextJob {
  name: string
  payload: Record<string, unknown>
  /** What the board calls the job, such as `person 7, 2026-11-20`; without one, the step and its key. */
  label?: string
  /** Set by the sweep. It gives the job a fresh id, so an earlier job with the same key does not block it. */
  again?: string
  /** How long the job waits before it runs. */
  delayMs?: number
}

/** What a step may use. Workers, commands and tests pass the same type. */
export interface Tools {
  db: Db
  /** The clock. */
  now(): Date
  fetcher: Fetcher
  mailer: Mailer
  /** The beginning of all links, without a trailing slash. */
  publicUrl: string
  /** `Name <address>` of every mail. */
  mailFrom: string
  /** Where bounces come back to; undefined: to the sender, if nobody reads them. */
  bounceAddress: string | undefined
  /** What becomes of a digest of which nobody knows whether it arrived: the operator decides, or it is sent once more. */
  mailOnDoubt: 'hold' | 'resend'
  /** Whether pictures of papers are fetched. */
  thumbnails: boolean
  /** For how many days things are kept that are done with. */
  keep: Keep
  /** How much mail a recipient domain takes. */
  limitOf: LimitOf
  /** Key for hashes of addresses. */
  secret: string
  log: Logger
}
