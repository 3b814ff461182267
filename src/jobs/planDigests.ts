import { z } from 'zod'
import { composeJobs } from '../digests/digestJobs.ts'
import { planDueDigests } from '../digests/planDigests.ts'
import { endPauses } from '../subscribers/fewer.ts'
import { defineStep } from './step.ts'

/**
 * Ends pauses that are over, plans one digest for everyone whose hour has come, and sets their next time. The rows say what is due, so a missed
 * tick is made up for, and a repeated tick plans nothing twice.
 */
export const planDigests = defineStep({
  name: 'planDigests',
  payload: z.object({ tick: z.iso.datetime() }),
  key: ({ tick }) => tick.replace(/\D/g, ''),
  timed: 'tick',
  attempts: 3,
  concurrency: 1,
  async run(_payload, tools) {
    await endPauses(tools)
    return composeJobs(await planDueDigests(tools))
  },
})
