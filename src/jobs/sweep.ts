import { z } from 'zod'
import { deleteAuditBefore } from '../db/audit.ts'
import { listForgottenDigests } from '../db/digests/digests.ts'
import { listForgottenPages, listUnfollowedPages } from '../db/fetching/pages.ts'
import { pruneCapturedMails } from '../db/mail/capturedMails.ts'
import { deleteUnconfirmedSubscribers, listUnsentConfirmations } from '../db/subscribers/subscribers.ts'
import { deleteExpiredTokens } from '../db/subscribers/tokens.ts'
import { composeJobs } from '../digests/composeJobs.ts'
import type { NextJob } from '../tools.ts'
import { defineStep } from './step.ts'

const MINUTE = 60 * 1000
const DAY = 24 * 60 * MINUTE
/**
 * Longer than a sender's claim on a digest. A row that has not changed for this long and is not waiting was left by a
 * crash.
 */
const FORGOTTEN = 6 * MINUTE
/** Longer than the longest pause between two attempts. */
const WAITING = 40 * MINUTE
const UNCONFIRMED = 7 * DAY
const AUDIT_KEPT = 400 * DAY
const CAUGHT_KEPT = 500
const LIMIT = 1000

/**
 * Finds in the rows what a crash left between a write and an enqueue, and enqueues it under a fresh job id, so that a
 * failed job with the same id does not block it. Deletes what has expired.
 */
export const sweep = defineStep({
  name: 'sweep',
  payload: z.object({ tick: z.iso.datetime() }),
  key: ({ tick }) => tick.replace(/\D/g, ''),
  timed: 'tick',
  attempts: 2,
  concurrency: 1,
  async run({ tick }, tools) {
    const now = tools.now()
    const before = new Date(now.getTime() - FORGOTTEN)
    await deleteExpiredTokens(tools.db, now)
    await deleteUnconfirmedSubscribers(tools.db, new Date(now.getTime() - UNCONFIRMED))
    await deleteAuditBefore(tools.db, new Date(now.getTime() - AUDIT_KEPT))
    await pruneCapturedMails(tools.db, CAUGHT_KEPT)
    const pages = await listForgottenPages(tools.db, before, LIMIT)
    const parsed = { since: new Date(now.getTime() - DAY), before: new Date(now.getTime() - WAITING) }
    const unfollowed = await listUnfollowedPages(tools.db, parsed, LIMIT)
    const since = { untouched: before, waiting: new Date(now.getTime() - WAITING) }
    const digests = await listForgottenDigests(tools.db, since, LIMIT)
    const confirmations = await listUnsentConfirmations(tools.db, before, LIMIT)
    const jobs: NextJob[] = [
      ...pages.map((pageId) => ({ name: 'ingestPage', payload: { pageId } })),
      ...unfollowed.map(({ id, source_id, observed_at }) => ({
        name: 'fetchPage',
        payload: { sourceId: source_id, slot: observed_at.toISOString(), after: id },
      })),
      ...composeJobs(digests.compose),
      ...digests.send.map((digestId) => ({ name: 'sendDigest', payload: { digestId } })),
      ...confirmations.map((payload) => ({ name: 'sendConfirmation', payload })),
    ]
    // If the queue is only slow, one more job an hour is enough.
    return jobs.map((job) => ({ ...job, again: tick.slice(0, 'YYYY-MM-DDTHH'.length) }))
  },
})
