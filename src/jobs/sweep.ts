import { z } from 'zod'
import { addDays, localDateAt } from '../calendar.ts'
import { listForgottenDigests } from '../db/digests/digests.ts'
import { listForgottenPages, listUnfollowedPages } from '../db/fetching/pages.ts'
import { listForgottenReplayFiles } from '../db/fetching/replayFiles.ts'
import { findNewSince } from '../db/papers/searchTexts.ts'
import { listWantedThumbnails } from '../db/papers/thumbnails.ts'
import { listUnsentAddressLetters } from '../db/subscribers/addressChanges.ts'
import { listForgottenRequests } from '../db/subscribers/mailRequests.ts'
import { listUnsentConfirmations } from '../db/subscribers/subscribers.ts'
import { composeJobs, sendJobs } from '../digests/digestJobs.ts'
import type { NextJob, Tools } from '../tools.ts'
import { defineStep } from './step.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const DAY = 24 * 60 * MINUTE
/** If a digest has not moved for this long and nobody claims it, its job was lost. */
const DIGEST_FORGOTTEN = 15 * SECOND
/** The same for a mail that was requested in a form: its job normally takes it within seconds. */
const CONFIRMATION_FORGOTTEN = MINUTE
/** The same for what was typed into a form. */
const REQUEST_FORGOTTEN = 15 * SECOND
/** Longer than a page takes to be read. */
const PAGE_FORGOTTEN = 6 * MINUTE
/** Longer than the longest pause between two attempts. */
const WAITING = 40 * MINUTE
const LIMIT = 1000
/** Papers listed in these days get a picture. */
const THUMBNAIL_DAYS = 3

/**
 * Finds unfinished work in the rows, left by a crash, an emptied queue or a worker that went away, and enqueues it
 * again. It runs several times a minute and whenever a worker starts. A job that is still queued is not added twice,
 * because it has the same id; a job whose finished copies are kept gets a new id each hour.
 */
export const sweep = defineStep({
  name: 'sweep',
  payload: z.object({ tick: z.iso.datetime() }),
  key: ({ tick }) => tick.replace(/\D/g, ''),
  timed: 'tick',
  attempts: 2,
  concurrency: 1,
  keepsNoJobs: true,
  async run({ tick }, tools) {
    const now = tools.now().getTime()
    const pages = await listForgottenPages(tools.db, new Date(now - PAGE_FORGOTTEN), LIMIT)
    const parsed = { since: new Date(now - DAY), before: new Date(now - WAITING) }
    const unfollowed = await listUnfollowedPages(tools.db, parsed, LIMIT)
    const digests = await listForgottenDigests(tools.db, DIGEST_FORGOTTEN, LIMIT)
    const asked = new Date(now - CONFIRMATION_FORGOTTEN)
    const confirmations = await listUnsentConfirmations(tools.db, asked, LIMIT)
    const addressLetters = await listUnsentAddressLetters(tools.db, asked, LIMIT)
    const requests = await listForgottenRequests(tools.db, new Date(now - REQUEST_FORGOTTEN), LIMIT)
    const thumbnails = await wantedThumbnails(tools)
    const files = await listForgottenReplayFiles(tools.db)
    const hourly: NextJob[] = [
      ...pages.map((pageId) => ({ name: 'ingestPage', payload: { pageId } })),
      ...unfollowed.map(({ id, source_id, observed_at }) => ({
        name: 'fetchPage',
        payload: { sourceId: source_id, slot: observed_at.toISOString(), after: id },
      })),
    ]
    const atOnce: NextJob[] = [
      ...composeJobs(digests.compose),
      ...sendJobs(digests.send),
      ...requests.map((requestId) => ({ name: 'takeMailRequest', payload: { requestId } })),
      ...files.map((fileId) => ({ name: 'replayFile', payload: { fileId } })),
      ...confirmations.map((payload) => ({
        name: 'sendConfirmation',
        payload,
        label: `person ${payload.subscriberId}`,
      })),
      ...addressLetters.map((payload) => ({ name: 'sendAddressLetter', payload })),
      ...thumbnails,
      ...(await newForSearch(tools)),
    ]
    const hour = tick.slice(0, 'YYYY-MM-DDTHH'.length)
    return [...hourly.map((job) => ({ ...job, again: hour })), ...atOnce]
  },
})

/** A job for the pictures of the newest papers, if one is missing. */
async function wantedThumbnails({ db, now, thumbnails }: Tools): Promise<NextJob[]> {
  if (!thumbnails) return []
  const since = addDays(localDateAt(now(), 'UTC'), -THUMBNAIL_DAYS)
  const wanted = await listWantedThumbnails(db, since, 1)
  return wanted.length === 0 ? [] : [{ name: 'fetchThumbnails', payload: { since } }]
}

/** A job that lets full-text search find papers that arrived since the last one. */
async function newForSearch({ db }: Tools): Promise<NextJob[]> {
  const after = await findNewSince(db)
  return after === undefined ? [] : [{ name: 'indexPapers', payload: { after } }]
}
