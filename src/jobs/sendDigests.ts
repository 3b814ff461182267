import { z } from 'zod'
import { claimDigests } from '../db/digests/claims.ts'
import { deliverDigests } from '../digests/delivery/deliverDigests.ts'
import { LEASE } from '../digests/delivery/lease.ts'
import { waitOutPause } from '../digests/delivery/pause.ts'
import { noteRefusal } from '../subscribers/returned.ts'
import { defineStep } from './step.ts'

/**
 * Sends composed digests, each once: claims them, writes the mails, hands them to the mail server and marks them sent.
 * Every write checks the claim. A digest that the mail server does not take now stays in its row with the time of the
 * next try; the sweep enqueues it then.
 */
export const sendDigests = defineStep({
  name: 'sendDigests',
  payload: z.object({ digestIds: z.array(z.number().int()).min(1).max(500) }),
  key: ({ digestIds }) => `${digestIds[0]}-${digestIds.length}-${digestIds.at(-1)}`,
  attempts: 12,
  concurrency: 2,
  keepsNoJobs: true,
  async run({ digestIds }, tools, stopping) {
    const wasPaused = await waitOutPause(tools.db, tools.now())
    const digests = await claimDigests(tools.db, digestIds, LEASE)
    if (digests.length === 0) return []
    return deliverDigests(digests, { wasPaused, stopping, noteRefusal }, tools)
  },
})
