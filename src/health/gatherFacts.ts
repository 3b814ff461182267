import { statfs } from 'node:fs/promises'
import { addDays } from '../calendar.ts'
import type { Db } from '../db/engine/connect.ts'
import { listSources } from '../db/fetching/sources.ts'
import { listSetAside } from '../db/health/alerts.ts'
import { readDigestTroubles } from '../db/health/digestStates.ts'
import { countSourceDays, listRhythms } from '../db/health/sourceDays.ts'
import { findLastBackup, readDatabaseSize } from '../db/health/space.ts'
import { listWorkers } from '../db/health/workers.ts'
import { listTroubledDomains } from '../db/mail/mailLimits.ts'
import { findMailPause } from '../db/mail/mailPauses.ts'
import { countDoubtfulMerges } from '../db/papers/mergeViews.ts'
import type { LocalDate } from '../domain.ts'
import { reasonOf } from '../errors.ts'
import { DOUBTFUL_BELOW } from '../papers/likeness/match.ts'
import type { Facts, QueueState, SourceFacts } from './facts.ts'

/** What the facts are read from. */
export interface HealthSources {
  db: Db
  now(): Date
  /** @throws if the queue does not answer. */
  queueStates(): Promise<QueueState[]>
  /** The folder whose disk is looked at. */
  dataDir: string
  /** In bytes; undefined: not limited. */
  databaseLimit: number | undefined
  backupEveryHours: number | undefined
  /** Whether a worker should run now. Otherwise one is missed only if one ran before. */
  expectsWorker: boolean
}

const MINUTE = 60 * 1000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const DAYS_SHOWN = 30
const RHYTHM_OF = 60 * DAY
const LATE_AFTER = 30 * MINUTE
const UNPLANNED_AFTER = 10 * MINUTE
/** Older failures are history; they stay on the page of digests. */
const FAILED_WITHIN = DAY
/** A worker reports every twenty seconds (src/health/heartbeat.ts). */
const GONE_AFTER = 90 * 1000

/** Reads everything that the checks look at. */
export async function gatherFacts(sources: HealthSources): Promise<Facts> {
  const { db } = sources
  const now = sources.now()
  const before = (ms: number) => new Date(now.getTime() - ms)
  const [known, digests, pause, domains, queues, workers, disk, bytes, last, doubtfulMerges, setAside] =
    await Promise.all([
      gatherSources(db, now),
      readDigestTroubles(db, {
        lateBefore: before(LATE_AFTER),
        unplannedBefore: before(UNPLANNED_AFTER),
        failedSince: before(FAILED_WITHIN),
      }),
      findMailPause(db),
      listTroubledDomains(db),
      sources.queueStates().catch((error) => ({ away: reasonOf(error) })),
      listWorkers(db),
      readDisk(sources.dataDir),
      readDatabaseSize(db),
      findLastBackup(db),
      countDoubtfulMerges(db, DOUBTFUL_BELOW),
      listSetAside(db),
    ])
  const alive = workers.filter((worker) => worker.stopped_at === null && worker.seen_at > before(GONE_AFTER))
  return {
    now,
    sources: known,
    digests,
    pause,
    domains,
    queues,
    workers: {
      alive: alive.length,
      lastSeen: workers[0]?.seen_at,
      expected: sources.expectsWorker,
    },
    disk,
    database: { bytes, limitBytes: sources.databaseLimit },
    backup: { last, everyHours: sources.backupEveryHours },
    doubtfulMerges,
    setAside,
  }
}

async function gatherSources(db: Db, now: Date): Promise<SourceFacts[]> {
  const from = addDays(now.toISOString().slice(0, 10) as LocalDate, -DAYS_SHOWN)
  const [rows, days, rhythms] = await Promise.all([
    listSources(db),
    countSourceDays(db, from),
    listRhythms(db, new Date(now.getTime() - RHYTHM_OF)),
  ])
  return rows
    .filter((row) => row.address !== null)
    .map((row) => ({
      row,
      rhythm: rhythms.find((rhythm) => rhythm.sourceId === row.id),
      days: days.filter((day) => day.sourceId === row.id),
    }))
}

async function readDisk(folder: string): Promise<Facts['disk']> {
  try {
    const { bavail, blocks, bsize } = await statfs(folder)
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize }
  } catch {
    return undefined
  }
}
