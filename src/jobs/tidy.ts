import { z } from 'zod'
import { deleteAdminSessionsBefore } from '../db/adminSessions.ts'
import { deleteAuditBefore } from '../db/audit.ts'
import { deletePagesBefore } from '../db/fetching/pages.ts'
import { deletePastFetchesBefore } from '../db/fetching/pastFetches.ts'
import { deleteReplaysBefore } from '../db/fetching/replays.ts'
import { deleteWorkersBefore } from '../db/health/workers.ts'
import { pruneCapturedMails } from '../db/mail/capturedMails.ts'
import { deleteMailEventsBefore } from '../db/mail/mailEvents.ts'
import { deleteThumbnailsBefore } from '../db/papers/thumbnails.ts'
import { deleteAddressChangesBefore } from '../db/subscribers/addressChanges.ts'
import { deleteMailAllowances, deleteSignUpHours } from '../db/subscribers/mailRequests.ts'
import { deleteSignUpsBefore } from '../db/subscribers/signUps.ts'
import { deleteUnconfirmedSubscribers } from '../db/subscribers/subscribers.ts'
import { deleteExpiredTokens } from '../db/subscribers/tokens.ts'
import { forgetReplayFiles } from '../ingest/replay/replayFile.ts'
import { defineStep } from './step.ts'

const DAY = 24 * 60 * 60 * 1000
const UNCONFIRMED = 7 * DAY
const CAPTURED_KEPT = 500
const THUMBNAILS_KEPT = 60 * DAY
const WORKERS_KEPT = 7 * DAY

/**
 * Clears away what has expired: tokens, sign-ups that nobody confirmed, pictures, captured mails; and what is kept for the days of
 * the settings KEEP_…: the audit, raw pages, records of fetches and of replays, mail events.
 */
export const tidy = defineStep({
  name: 'tidy',
  payload: z.object({ tick: z.iso.datetime() }),
  key: ({ tick }) => tick.replace(/\D/g, ''),
  timed: 'tick',
  attempts: 2,
  concurrency: 1,
  async run(_payload, tools) {
    const now = tools.now()
    await deleteExpiredTokens(tools.db, now)
    await deleteAdminSessionsBefore(tools.db, now)
    await deleteUnconfirmedSubscribers(tools.db, new Date(now.getTime() - UNCONFIRMED))
    await deleteAddressChangesBefore(tools.db, new Date(now.getTime() - 2 * DAY))
    await deleteSignUpsBefore(tools.db, new Date(now.getTime() - UNCONFIRMED))
    await deleteMailAllowances(tools.db, new Date(now.getTime() - 2 * DAY))
    await deleteSignUpHours(tools.db, new Date(now.getTime() - 2 * DAY))
    const daysAgo = (days: number) => new Date(now.getTime() - days * DAY)
    const { keep } = tools
    await deleteAuditBefore(tools.db, daysAgo(keep.audit))
    await deletePastFetchesBefore(tools.db, daysAgo(keep.fetches))
    await forgetReplayFiles(tools.db, daysAgo(keep.fetches))
    await deleteReplaysBefore(tools.db, daysAgo(keep.replays))
    await deletePagesBefore(tools.db, daysAgo(keep.pages))
    await deleteMailEventsBefore(tools.db, daysAgo(keep.mailEvents))
    await deleteWorkersBefore(tools.db, new Date(now.getTime() - WORKERS_KEPT))
    await deleteThumbnailsBefore(tools.db, new Date(now.getTime() - THUMBNAILS_KEPT))
    await pruneCapturedMails(tools.db, CAPTURED_KEPT)
    // Papers that changed, and those of long transactions, which the sweep passes by.
    return [{ name: 'indexPapers', payload: { after: 0 } }]
  },
})
