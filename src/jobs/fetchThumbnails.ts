import { z } from 'zod'
import {
  listWantedThumbnails,
  type ThumbnailResult,
  upsertThumbnail,
  type WantedThumbnail,
} from '../db/papers/thumbnails.ts'
import { PermanentError } from '../errors.ts'
import { makeThumbnail } from '../ingest/thumbnail.ts'
import type { Tools } from '../tools.ts'
import { defineStep } from './step.ts'

/** A job fetches at most this many pictures: at a host's pace about a minute of work. The sweep asks for the others. */
const AT_ONCE = 20

/**
 * Fetches the pictures of papers listed since a day, makes them small and stores them. What a host refuses for good is not asked
 * for again; if a host wants no requests now, its pictures stay wanted.
 */
export const fetchThumbnails = defineStep({
  name: 'fetchThumbnails',
  payload: z.object({ since: z.iso.date() }),
  key: ({ since }) => since,
  attempts: 1,
  concurrency: 1,
  keepsNoJobs: true,
  async run({ since }, tools, stopping) {
    for (const wanted of await listWantedThumbnails(tools.db, since, AT_ONCE)) {
      if (stopping?.aborted) return []
      const result = await fetchOne(wanted, tools)
      await upsertThumbnail(tools.db, wanted, result, tools.now())
    }
    return []
  },
})

async function fetchOne({ address }: WantedThumbnail, { fetcher }: Tools): Promise<ThumbnailResult> {
  try {
    const answer = await fetcher.get(address)
    if (answer.kind === 'unchanged') throw new PermanentError('expected a picture, got “unchanged”')
    return { picture: await makeThumbnail(answer.body) }
  } catch (error) {
    if (error instanceof PermanentError) return { fault: error.message }
    throw error
  }
}
