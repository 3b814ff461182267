import { type Job, UnrecoverableError, Worker } from 'bullmq'
import { PermanentError, reasonOf, TemporaryError } from '../errors.ts'
import { PIPELINE } from '../jobs/pipeline.ts'
import type { Step } from '../jobs/step.ts'
import type { NextJob, Tools } from '../tools.ts'
import type { Queues } from './queues.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const FIRST_RETRY = 5 * SECOND
const LONGEST_RETRY = 30 * MINUTE
/** A job goes to another worker if its own gives no sign of life for so long. */
const LOCK = 20 * SECOND
/** How often each worker looks for such jobs. */
const LOOK_FOR_STALLED_EVERY = 10 * SECOND
/** A job whose workers died so often is given up: the job itself may be what kills them. */
const MOST_STALLED = 10
/** What a stopping worker gives the jobs in hand before it returns them to the queue. */
const GRACE = 8 * SECOND

export interface Workers {
  /** Takes no more jobs; running jobs finish or go back to the queue within ten seconds. */
  stop(): Promise<void>
}

/** Starts one worker for each step. */
export async function startWorkers(queues: Queues, tools: Tools): Promise<Workers> {
  const stopping = new AbortController()
  const workers = PIPELINE.map((step) => startWorker(step, queues, tools, stopping.signal))
  await Promise.all(workers.map((worker) => worker.waitUntilReady()))
  return {
    stop() {
      stopping.abort()
      return stopWorkers(workers)
    },
  }
}

function startWorker(step: Step<never>, queues: Queues, tools: Tools, stopping: AbortSignal): Worker {
  const { options, factory, workerConnection } = queues.backend
  const worker = new Worker(
    step.name,
    (job: Job, _token?: string, cancelled?: AbortSignal) =>
      work(step, job, queues, (payload) => orStopped(step.run(payload, tools, stopping), cancelled)),
    {
      ...options,
      connection: workerConnection,
      concurrency: step.concurrency,
      lockDuration: LOCK,
      stalledInterval: LOOK_FOR_STALLED_EVERY,
      maxStalledCount: MOST_STALLED,
      settings: { backoffStrategy },
    } as never,
    factory,
  )
  worker.on('failed', (job, error) => logFailure(step, job, error, tools))
  worker.on('error', (error) => tools.log.warn({ step: step.name, reason: reasonOf(error) }, 'queue trouble'))
  return worker
}

/** Runs one job: checks its payload, runs the step, and enqueues the jobs that come next. */
async function work(
  step: Step<never>,
  job: Job,
  queues: Queues,
  run: (payload: never) => Promise<NextJob[]>,
): Promise<void> {
  try {
    const payload = step.payload.safeParse(withTick(step, job))
    if (!payload.success) {
      throw new PermanentError(
        `${step.name}: expected its payload, got ${JSON.stringify(job.data).slice(0, 200)}`,
      )
    }
    await queues.enqueue(await run(payload.data as never))
  } catch (error) {
    throw asJobError(error)
  }
}

/** A timer's job gets the time of its tick. Any other job has its payload already. */
function withTick(step: Step<never>, job: Job): unknown {
  if (step.timed === undefined || job.data[step.timed] !== undefined) return job.data
  const tick = new Date(job.opts.prevMillis ?? job.timestamp + (job.opts.delay ?? 0))
  return { ...job.data, [step.timed]: tick.toISOString() }
}

/**
 * Stops waiting for a job when its worker must stop. The job goes back to the queue and its step runs again later.
 */
function orStopped<T>(running: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return running
  const stopped = new Promise<never>((_resolve, reject) => {
    signal.addEventListener(
      'abort',
      () => reject(new TemporaryError('the worker was stopped; the job runs again')),
      {
        once: true,
      },
    )
  })
  return Promise.race([running, stopped])
}

/** What the queue keeps of an error: one line, and whether a retry makes sense. */
function asJobError(error: unknown): Error {
  const reason = reasonOf(error)
  if (error instanceof PermanentError) return new UnrecoverableError(reason)
  if (error instanceof TemporaryError)
    return new TemporaryError(
      reason,
      error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs },
    )
  return new Error(reason, { cause: error })
}

/** Waits 5 s, 10 s, 20 s … up to half an hour, half of it at random; longer if the other side asked for that. */
function backoffStrategy(attemptsMade: number, _type?: string, error?: Error): number {
  const exponential = Math.min(FIRST_RETRY * 2 ** (attemptsMade - 1), LONGEST_RETRY)
  const jittered = exponential * (0.5 + Math.random() / 2)
  const asked = error instanceof TemporaryError ? (error.retryAfterMs ?? 0) : 0
  return Math.round(Math.max(jittered, asked))
}

function logFailure(step: Step<never>, job: Job | undefined, error: Error, tools: Tools): void {
  const attempt = { step: step.name, job: job?.id, attempt: job?.attemptsMade, reason: reasonOf(error) }
  tools.log.warn(attempt, 'job failed')
}

async function stopWorkers(workers: Worker[]): Promise<void> {
  const impatient = setTimeout(() => {
    for (const worker of workers) worker.cancelAllJobs('stopping')
  }, GRACE)
  await Promise.all(workers.map((worker) => worker.close()))
  clearTimeout(impatient)
}
