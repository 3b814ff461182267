import type { Job, JobType, Queue } from 'bullmq'
import { type FoundJob, JOB_FIELDS, type JobWish } from '../health/foundJob.ts'

/** What is looked at of each state of a queue. */
const MOST_LOOKED_AT = 1000

const STATES: [FoundJob['state'], JobType[]][] = [
  ['active', ['active']],
  // The database's backend counts the waiting jobs of a paused queue under a name of their own.
  ['waiting', ['waiting', 'paused' as JobType, 'prioritized']],
  ['delayed', ['delayed']],
  ['failed', ['failed']],
  ['completed', ['completed']],
]

/** Finds the jobs that work on these objects, the newest first. */
export async function findJobs(byStep: ReadonlyMap<string, Queue>, wish: JobWish): Promise<FoundJob[]> {
  const found = await Promise.all(
    Object.entries(JOB_FIELDS).flatMap(([step, field]) => {
      const numbers = wish[field]
      const queue = byStep.get(step)
      return numbers === undefined || numbers.length === 0 || queue === undefined
        ? []
        : [findIn(queue, field, new Set(numbers))]
    }),
  )
  return found.flat().sort((one, other) => other.addedAt.getTime() - one.addedAt.getTime())
}

async function findIn(queue: Queue, field: string, numbers: ReadonlySet<number>): Promise<FoundJob[]> {
  const found: FoundJob[] = []
  for (const [state, types] of STATES) {
    const jobs = await queue.getJobs(types, 0, MOST_LOOKED_AT - 1)
    for (const job of jobs) if (concerns(job, field, numbers)) found.push(toFound(queue.name, job, state))
  }
  return found
}

/** A job may be removed between the look at its queue and at itself. */
function concerns(job: Job | undefined, field: string, numbers: ReadonlySet<number>): boolean {
  const values = [job?.data?.[field] ?? []].flat() as unknown[]
  return values.some((value) => typeof value === 'number' && numbers.has(value))
}

function toFound(step: string, job: Job, state: FoundJob['state']): FoundJob {
  return {
    step,
    id: job.id!,
    name: job.name,
    state,
    addedAt: new Date(job.timestamp),
    attempts: job.attemptsMade,
    reason: job.failedReason || undefined,
  }
}
