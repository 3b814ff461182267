import type { Queue } from 'bullmq'
import type { Db } from '../db/engine/connect.ts'
import type { SourceRow } from '../db/engine/schema.ts'
import { listFetchedSources } from '../db/fetching/sources.ts'
import { reasonOf } from '../errors.ts'
import { stepNamed } from '../jobs/pipeline.ts'
import type { NextJob, Tools } from '../tools.ts'
import { jobOptions, type Queues } from './queues.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const SWEEP_EVERY = 10 * SECOND
const TIDY_EVERY = 5 * MINUTE
/** How often to check whether training the corpus model is due. It is due once a day. */
const TRAIN_EVERY = 10 * MINUTE
/** A source's ticks are delayed at random by up to this share of their interval. The first fetch still comes soon. */
const SPREAD = 1 / 200
const WIDEST_SPREAD = 20 * SECOND

interface Timer {
  id: string
  /** What the board calls its jobs. */
  label: string
  step: string
  every: number
  data: Record<string, unknown>
  /** The ticks need no exact second. Spreading them keeps sources and installations from asking all at once. */
  spread?: boolean
}

/**
 * Keeps BullMQ's job schedulers in step with the sources table, so that a source added elsewhere is fetched soon, and
 * enqueues the sweep: at once, and then every ten seconds. A scheduler of BullMQ could not do that, because the queue may lose
 * all schedulers, and the sweep is what brings them back. A round that fails, because the database is away or the queue is
 * full, is made good by one of the next, also at the start.
 */
export async function keepSchedules(
  queues: Queues,
  { db, now, log }: Pick<Tools, 'db' | 'now' | 'log'>,
): Promise<{ stop(): void }> {
  const round = (sweepTick: Date) =>
    syncSchedules(queues, db, now())
      .then(() => queues.enqueue([sweepAt(sweepTick)]))
      .catch((error) => log.warn({ reason: reasonOf(error) }, 'the queue takes no timers now'))
  await round(now())
  const interval = setInterval(() => round(tickBefore(now())), SWEEP_EVERY)
  return { stop: () => clearInterval(interval) }
}

function sweepAt(tick: Date): NextJob {
  return { name: 'sweep', payload: { tick: tick.toISOString() } }
}

/** Whole tens of seconds, so that several workers enqueue one and the same job. */
function tickBefore(now: Date): Date {
  return new Date(Math.floor(now.getTime() / SWEEP_EVERY) * SWEEP_EVERY)
}

/** Adds the timers that are missing, changes those that differ, removes those of sources no longer fetched. */
export async function syncSchedules(queues: Queues, db: Db, now: Date): Promise<void> {
  const timers = timersFor(await listFetchedSources(db))
  for (const name of new Set(['fetchPage', 'sweep', ...timers.map((timer) => timer.step)])) {
    await syncQueue(
      queues.byStep.get(name)!,
      timers.filter((timer) => timer.step === name),
      now,
    )
  }
}

function timersFor(sources: SourceRow[]): Timer[] {
  return [
    { id: 'plan-digests', label: 'plan what is due', step: 'planDigests', every: MINUTE, data: {} },
    { id: 'tidy', label: 'tidy up', step: 'tidy', every: TIDY_EVERY, data: {} },
    {
      id: 'train-corpus',
      label: 'train if a day is over',
      step: 'trainCorpusModel',
      every: TRAIN_EVERY,
      data: {},
    },
    ...sources.map((source) => ({
      id: `fetch-source-${source.id}`,
      label: source.name,
      step: 'fetchPage',
      every: source.every_minutes * MINUTE,
      data: { sourceId: source.id },
      spread: true,
    })),
  ]
}

async function syncQueue(queue: Queue, timers: Timer[], now: Date): Promise<void> {
  const running = new Map(
    (await queue.getJobSchedulers(0, -1)).map((scheduler) => [scheduler.key, scheduler.every]),
  )
  for (const timer of timers) {
    // An upsert would move the next tick, so only new and changed timers are written.
    if (Number(running.get(timer.id)) === timer.every) continue
    await queue.upsertJobScheduler(
      timer.id,
      { every: timer.every, ...(timer.spread ? { startDate: spreadStart(timer.every, now) } : {}) },
      { name: timer.label, data: timer.data, opts: jobOptions(stepNamed(timer.step)) },
    )
  }
  const wanted = new Set(timers.map((timer) => timer.id))
  for (const id of running.keys()) if (!wanted.has(id)) await queue.removeJobScheduler(id)
}

/** The time of the first tick. The following ticks keep its place in the interval. */
function spreadStart(every: number, now: Date): Date {
  return new Date(now.getTime() + Math.random() * Math.min(every * SPREAD, WIDEST_SPREAD))
}
