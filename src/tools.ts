import type { Logger } from 'pino'
import type { Db } from './db/engine/connect.ts'
import type { Mailer } from './mail/deliver/transport.ts'
import type { Fetcher } from './sources/fetching/fetch.ts'

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
