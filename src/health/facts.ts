import type { SourceRow } from '../db/engine/schema.ts'
import type { DigestTroubles } from '../db/health/digestStates.ts'
import type { SourceRhythm } from '../db/health/sourceDays.ts'
import type { TroubledDomain } from '../db/mail/mailLimits.ts'
import type { MailPause } from '../db/mail/mailPauses.ts'
import type { LocalDate } from '../domain.ts'

/** The queue of one step as it stands. */
export interface QueueState {
  step: string
  waiting: number
  active: number
  delayed: number
  completed: number
  failed: number
  /** A person stopped it in the board. */
  paused: boolean
  /** When the job that has waited longest was added; undefined if none waits. */
  oldest: Date | undefined
  /** The next tick of each timer of the queue, by the timer's id. */
  nextRuns: Record<string, Date>
}

/** A source and what its history says. */
export interface SourceFacts {
  row: SourceRow
  rhythm: SourceRhythm | undefined
  /** Papers by the day of the listing, oldest first; days without papers are absent. */
  days: { day: LocalDate; papers: number }[]
}

/** What the checks look at. Everything is read before, so that checks are pure. */
export interface Facts {
  now: Date
  /** The fetched sources, switched-off ones included. */
  sources: SourceFacts[]
  digests: DigestTroubles
  pause: MailPause | undefined
  /** Recipient domains that refused mail for now and have accepted none since. */
  domains: TroubledDomain[]
  /** The queues, or why they do not answer. */
  queues: QueueState[] | { away: string }
  workers: {
    /** How many reported within the last minutes. */
    alive: number
    lastSeen: Date | undefined
    /** Whether somebody serves pages or looks, who expects a worker somewhere. */
    expected: boolean
  }
  disk: { freeBytes: number; totalBytes: number } | undefined
  database: { bytes: number; limitBytes: number | undefined }
  /** `everyHours`: how often the operator wants one; undefined: not asked for. */
  backup: { last: Date | undefined; everyHours: number | undefined }
  /** Merges that are as good as a guess and that nobody has looked at, and when the first was made. */
  doubtfulMerges: { count: number; since: Date | null }
  /** The keys of items that an admin has seen and wants off the list until they clear. */
  setAside: readonly string[]
}
