import type { NextJob } from '../tools.ts'

/** Digests composed or sent in one job. */
const BATCH = 50

/** Jobs that compose these digests, in batches. */
export function composeJobs(digestIds: number[]): NextJob[] {
  return inBatches('composeDigests', digestIds)
}

/** Jobs that send these digests, in batches. */
export function sendJobs(digestIds: number[]): NextJob[] {
  return inBatches('sendDigests', digestIds)
}

function inBatches(name: string, digestIds: number[]): NextJob[] {
  const jobs: NextJob[] = []
  for (let from = 0; from < digestIds.length; from += BATCH) {
    const batch = digestIds.slice(from, from + BATCH)
    const others = batch.length > 1 ? ` and ${batch.length - 1} more` : ''
    jobs.push({ name, payload: { digestIds: batch }, label: `digest ${batch[0]}${others}` })
  }
  return jobs
}
