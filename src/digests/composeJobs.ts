import type { NextJob } from '../tools.ts'

/** Digests composed in one job. */
const BATCH = 50

/** Jobs that compose these digests, in batches. */
export function composeJobs(digestIds: number[]): NextJob[] {
  const jobs: NextJob[] = []
  for (let from = 0; from < digestIds.length; from += BATCH) {
    jobs.push({ name: 'composeDigests', payload: { digestIds: digestIds.slice(from, from + BATCH) } })
  }
  return jobs
}
