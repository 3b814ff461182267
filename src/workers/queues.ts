import {
  createPostgresBackend,
  type JobsOptions,
  type JobType,
  Queue,
  runMigrations,
  type Telemetry,
} from 'bullmq'
import { Redis } from 'ioredis'
import { createQueuePool } from '../db/engine/connect.ts'
import { isEmbedded } from '../db/engine/embeddedAddress.ts'
import type { QueueState } from '../health/facts.ts'
import type { FoundJob, JobWish } from '../health/foundJob.ts'
import { PIPELINE, stepNamed } from '../jobs/pipeline.ts'
import type { Step } from '../jobs/step.ts'
import type { NextJob } from '../tools.ts'
import { findJobs } from './findJobs.ts'

/** Where the queue lives: in Redis if there is one, else in the database. */
export interface QueueLocation {
  redisUrl: string | undefined
  databaseUrl: string
  prefix: string
  /** What traces are made of; undefined: none are. */
  telemetry?: Telemetry | undefined
}

type Pool = ReturnType<typeof createQueuePool>

/** The arguments with which BullMQ's Queue and Worker reach the backend. */
export interface Backend {
  options: { connection: Redis | Pool; prefix?: string; telemetry?: Telemetry }
  /**
   * Last argument of Queue and Worker; undefined means Redis. BullMQ's types are written for one backend at a time.
   */
  factory: undefined
  /** Whether the server knows which workers are connected. The embedded server knows a single session. */
  tellsWorkers: boolean
  /** A connection for workers. It waits for a server that is away; a producer's connection fails fast. */
  workerConnection: Redis | Pool
  close(): Promise<void>
}

export interface Queues {
  backend: Backend
  byStep: ReadonlyMap<string, Queue>
  enqueue(jobs: NextJob[]): Promise<void>
  /** How each step's queue stands. @throws if the backend does not answer. */
  states(): Promise<QueueState[]>
  /** Finds the jobs that work on some objects. @throws if the backend does not answer. */
  find(wish: JobWish): Promise<FoundJob[]>
  /** Lets a step's queue go on that a person paused in the board. */
  resume(step: string): Promise<void>
  close(): Promise<void>
}

const DAY_SECONDS = 24 * 60 * 60

/** Finished jobs are deleted soon. Failed jobs stay two weeks for people to see; a sweep ignores them. */
const KEPT = {
  removeOnComplete: { age: DAY_SECONDS, count: 500 },
  removeOnFail: { age: 14 * DAY_SECONDS, count: 2000 },
}

/** Opens one queue for each step of the pipeline. */
export async function openQueues(location: QueueLocation): Promise<Queues> {
  const backend = traced(await openBackend(location), location.telemetry)
  const byStep = new Map(PIPELINE.map((step) => [step.name, openQueue(step.name, backend)]))
  await Promise.all([...byStep.values()].map((queue) => queue.waitUntilReady()))
  return {
    backend,
    byStep,
    enqueue: (jobs) => enqueue(byStep, jobs),
    states: () => Promise.all([...byStep.values()].map(readState)),
    find: (wish) => findJobs(byStep, wish),
    async resume(step) {
      await byStep.get(step)?.resume()
    },
    async close() {
      await Promise.all([...byStep.values()].map((queue) => queue.close()))
      await backend.close()
    },
  }
}

function traced(backend: Backend, telemetry: Telemetry | undefined): Backend {
  return telemetry === undefined ? backend : { ...backend, options: { ...backend.options, telemetry } }
}

function openQueue(name: string, backend: Backend): Queue {
  const queue = new Queue(name, backend.options as never, backend.factory)
  // Callers notice by themselves when the backend is away. Without this listener the error would end the process.
  queue.on('error', () => {})
  return queue
}

async function openBackend(location: QueueLocation): Promise<Backend> {
  if (location.redisUrl !== undefined) return redisBackend(location.redisUrl, location.prefix)
  const pool = createQueuePool(location.databaseUrl)
  const client = await pool.connect()
  try {
    await runMigrations(client, 'bullmq')
  } finally {
    client.release()
  }
  const close = () => pool.end()
  const factory = createPostgresBackend as unknown as undefined
  const tellsWorkers = !isEmbedded(location.databaseUrl)
  return { options: { connection: pool }, factory, tellsWorkers, workerConnection: pool, close }
}

async function redisBackend(url: string, prefix: string): Promise<Backend> {
  const producer = new Redis(url, { maxRetriesPerRequest: 1 })
  const consumer = new Redis(url, { maxRetriesPerRequest: null })
  for (const connection of [producer, consumer]) connection.on('error', () => {})
  // Queues wait for a server that is away, but whoever starts the service should be told.
  await producer.ping().catch((error) => {
    producer.disconnect()
    consumer.disconnect()
    throw error
  })
  return {
    options: { connection: producer, prefix },
    factory: undefined,
    tellsWorkers: true,
    workerConnection: consumer,
    async close() {
      producer.disconnect()
      consumer.disconnect()
    },
  }
}

async function enqueue(byStep: ReadonlyMap<string, Queue>, jobs: NextJob[]): Promise<void> {
  for (const [name, queue] of byStep) {
    const mine = jobs.filter((job) => job.name === name)
    if (mine.length > 0) await queue.addBulk(mine.map((job) => toBulkJob(job)))
  }
}

function toBulkJob(job: NextJob): { name: string; data: unknown; opts: JobsOptions } {
  const step = stepNamed(job.name)
  const key = step.key(step.payload.parse(job.payload))
  const again = job.again === undefined ? '' : `-${job.again.replace(/\D/g, '')}`
  return {
    name: job.label ?? `${job.name} ${key}`,
    data: job.payload,
    opts: { ...jobOptions(step), jobId: `${job.name}-${key}${again}`, delay: job.delayMs ?? 0 },
  }
}

/** How the jobs of a step are retried and kept. */
export function jobOptions(step: Step<never>): JobsOptions {
  const kept = step.keepsNoJobs ? { removeOnComplete: true, removeOnFail: true } : KEPT
  return { attempts: step.attempts, backoff: { type: 'custom' }, ...kept }
}

/** While a queue is paused, the database's backend counts its waiting jobs under this name, which the types lack. */
const PAUSED = 'paused' as JobType

async function readState(queue: Queue): Promise<QueueState> {
  const [counts, paused, [oldest], schedulers] = await Promise.all([
    queue.getJobCounts('waiting', PAUSED, 'active', 'delayed', 'completed', 'failed'),
    queue.isPaused(),
    queue.getJobs(['waiting'], 0, 0, true),
    queue.getJobSchedulers(0, -1),
  ])
  const { waiting = 0, [PAUSED]: held = 0, active = 0, delayed = 0, completed = 0, failed = 0 } = counts
  const nextRuns = schedulers.flatMap(({ key, next }) =>
    next === undefined ? [] : [[key, new Date(Number(next))] as const],
  )
  return {
    step: queue.name,
    ...{ waiting: waiting + held, active, delayed, completed, failed },
    paused,
    oldest: oldest === undefined ? undefined : new Date(oldest.timestamp),
    nextRuns: Object.fromEntries(nextRuns),
  }
}
