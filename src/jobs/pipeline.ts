import { setTimeout as delay } from 'node:timers/promises'
import type { NextJob, Tools } from '../tools.ts'
import { composeDigests } from './composeDigests.ts'
import { fetchPage } from './fetchPage.ts'
import { fetchThumbnails } from './fetchThumbnails.ts'
import { indexPapers } from './indexPapers.ts'
import { ingestPage } from './ingestPage.ts'
import { planDigests } from './planDigests.ts'
import { replayFile } from './replayFile.ts'
import { sendAddressLetter } from './sendAddressLetter.ts'
import { sendConfirmation } from './sendConfirmation.ts'
import { sendDigests } from './sendDigests.ts'
import type { Step } from './step.ts'
import { sweep } from './sweep.ts'
import { takeMailRequest } from './takeMailRequest.ts'
import { tidy } from './tidy.ts'
import { trainCorpusModel } from './trainCorpusModel.ts'

/**
 * The table of contents: every step of the line, in the order in which data travels.
 *
 *   timer ─ fetchPage ─ ingestPage ─▶ papers, sightings
 *                                          │
 *   timer ─ planDigests ─ composeDigests ◀─┘ ─ sendDigests ─▶ mailbox
 *                                          │
 *   timer ─ trainCorpusModel ◀──────────────┘   what all papers teach, for composeDigests
 *
 *   desk ─ replayFile ─▶ papers, sightings       an uploaded dump
 *
 * Each step's payload is checked by its own schema; as a list they share none.
 */
export const PIPELINE: readonly Step<never>[] = [
  fetchPage,
  ingestPage,
  fetchThumbnails,
  planDigests,
  composeDigests,
  sendDigests,
  takeMailRequest,
  sendConfirmation,
  sendAddressLetter,
  trainCorpusModel,
  indexPapers,
  replayFile,
  sweep,
  tidy,
] as unknown as readonly Step<never>[]

/** Finds a step by its name. @throws Error for an unknown name: a mistake in the calling code. */
export function stepNamed(name: string): Step<never> {
  const step = PIPELINE.find((candidate) => candidate.name === name)
  if (!step) throw new Error(`expected a step of the pipeline, got "${name}"`)
  return step
}

/** Runs one job in this process, without a queue; returns the jobs that come next. */
export function runJob(job: NextJob, tools: Tools): Promise<NextJob[]> {
  const step = stepNamed(job.name)
  return step.run(step.payload.parse(job.payload), tools)
}

/**
 * Runs jobs and all that follows from them here and now, each after its delay: for the command line, which needs no queue.
 * One that fails holds up no other. @throws the first failure, after everything has run.
 */
export async function runToEnd(jobs: NextJob[], tools: Tools): Promise<void> {
  const waiting = timed(jobs)
  const failures: unknown[] = []
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    try {
      if (next.at > performance.now()) await delay(next.at - performance.now())
      waiting.push(...timed(await runJob(next.job, tools)))
      waiting.sort((a, b) => a.at - b.at)
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
}

/** Jobs with the time at which each may run. */
function timed(jobs: NextJob[]): { job: NextJob; at: number }[] {
  const now = performance.now()
  return jobs.map((job) => ({ job, at: now + (job.delayMs ?? 0) }))
}
