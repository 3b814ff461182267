import type { Queue } from 'bullmq'
import type { Db } from '../db/engine/connect.ts'
import type { SourceRow } from '../db/engine/schema.ts'
import { listFetchedSources } from '../db/fetching/sources.ts'
import { stepNamed } from '../jobs/pipeline.ts'
import { jobOptions, type Queues } from './queues.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const SYNC_EVERY = 15 * SECOND
const SWEEP_EVERY = 5 * MINUTE
/** How often is asked whether the corpus model's model is due; it is once a day. */
const TRAIN_EVERY = 10 * MINUTE
/** A source's ticks are put off by up to this part of their interval, at random, so that its first fetch still comes soon. */
const SPREAD = 1 / 200
const WIDEST_SPREAD = 20 * SECOND

interface Timer {
  id: string
  step: string
  every: number
  data: Record<string, unknown>
  /** Its ticks need no certain second: they are spread, so that sources and installations do not all ask at once. */
  spread?: boolean
}

/** Keeps BullMQ's job schedulers in step with the sources table, so that a source added elsewhere is fetched soon. */
export async function keepSchedules(queues: Queues, db: Db, now: () => Date): Promise<{ stop(): void }> {
  await syncSchedules(queues, db, now())
  const interval = setInterval(() => {
    // A database or queue that is away now is there at one of the next rounds.
    syncSchedules(queues, db, now()).catch(() => {})
  }, SYNC_EVERY)
  return { stop: () => clearInterval(interval) }
}

/** Adds the timers that are missing, changes those that differ, removes those of sources no longer fetched. */
export async function syncSchedules(queues: Queues, db: Db, now: Date): Promise<void> {
  const timers = timersFor(await listFetchedSources(db))
  for (const name of new Set(['fetchPage', ...timers.map((timer) => timer.step)])) {
    await syncQueue(
      queues.byStep.get(name)!,
      timers.filter((timer) => timer.step === name),
      now,
    )
  }
}

function timersFor(sources: SourceRow[]): Timer[] {
  return [
    { id: 'plan-digests', step: 'planDigests', every: MINUTE, data: {} },
    { id: 'sweep', step: 'sweep', every: SWEEP_EVERY, data: {} },
    { id: 'train-corpus', step: 'trainCorpusModel', every: TRAIN_EVERY, data: {} },
    ...sources.map((source) => ({
      id: `fetch-source-${source.id}`,
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
    // An upsert would move the next tick: only what is new or changed is written.
    if (Number(running.get(timer.id)) === timer.every) continue
    await queue.upsertJobScheduler(
      timer.id,
      { every: timer.every, ...(timer.spread ? { startDate: spreadStart(timer.every, now) } : {}) },
      { name: timer.step, data: timer.data, opts: jobOptions(stepNamed(timer.step)) },
    )
  }
  const wanted = new Set(timers.map((timer) => timer.id))
  for (const id of running.keys()) if (!wanted.has(id)) await queue.removeJobScheduler(id)
}

/** The first tick; those that follow keep its place in the interval. */
function spreadStart(every: number, now: Date): Date {
  return new Date(now.getTime() + Math.random() * Math.min(every * SPREAD, WIDEST_SPREAD))
}
