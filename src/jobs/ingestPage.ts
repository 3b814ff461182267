import { z } from 'zod'
import { findFetch, markFetchParsed } from '../db/fetches.ts'
import { findPage, markPageFailed, markPageIngested, pageBody } from '../db/pages.ts'
import type { PageRow } from '../db/schema.ts'
import { findSource, markSourceOutcome } from '../db/sources.ts'
import type { FetchOutcome, Listing } from '../domain.ts'
import { PermanentError, reasonOf } from '../errors.ts'
import { decodePage } from '../sources/decode.ts'
import { parsePage } from '../sources/formats.ts'
import { type IngestCounts, ingestListing } from './ingest.ts'
import { defineStep, type Tools } from './step.ts'

/** Reads a stored page with its source's parser and stores what it lists. */
export const ingestPage = defineStep({
  name: 'ingestPage',
  payload: z.object({ pageId: z.number().int() }),
  key: ({ pageId }) => `${pageId}`,
  attempts: 5,
  concurrency: 2,
  async run({ pageId }, tools) {
    const page = await findPage(tools.db, pageId)
    if (!page || page.ingested_at !== null) return []
    try {
      await ingestStoredPage(page, tools)
    } catch (error) {
      if (error instanceof PermanentError) await recordUnreadable(page, error, tools)
      throw error
    }
    return []
  },
})

async function ingestStoredPage(page: PageRow, tools: Tools): Promise<IngestCounts> {
  const body = await pageBody(page)
  if (!body)
    throw new PermanentError(`page ${page.id}: expected its stored bytes, found none; fetch it again`)
  const listing = parsePage(decodePage(body, page.content_type ?? undefined), 'auto')
  const now = tools.now()
  return tools.db.transaction().execute(async (tx) => {
    const arrival = {
      sourceId: page.source_id,
      pageId: page.id,
      observedAt: page.observed_at,
      live: true,
      listedOnHint: page.listed_on_hint,
    }
    const counts = await ingestListing(tx, listing, arrival, now)
    const rejected = listing.rejects.length
    await markPageIngested(tx, page.id, {
      format: listing.format,
      entries: counts.entries,
      rejected,
      at: now,
    })
    const last = await findFetch(tx, page.source_id, page.address)
    const result = judge(page, listing, last?.entries ?? 0)
    await markFetchParsed(tx, page.source_id, page.address, { ...result, entries: counts.entries })
    await markSourceOutcome(tx, page.source_id, result.outcome, result.detail, now)
    return counts
  })
}

/** What a page that could be read came to, in one word, with what a person may want to know. */
function judge(
  page: PageRow,
  listing: Listing,
  entriesBefore: number,
): { outcome: FetchOutcome; detail: string | null } {
  const count = listing.entries.length
  if (count === 0 && entriesBefore > 0) {
    return {
      outcome: 'layout changed',
      detail: `${page.address} had ${entriesBefore} papers and now none; what was stored stays`,
    }
  }
  if (count === 0) return { outcome: 'empty', detail: null }
  const asked = page.address.match(/\d{4}-\d\d-\d\d/)?.[0]
  if (asked !== undefined && listing.listedOn !== undefined && asked !== listing.listedOn) {
    return {
      outcome: 'moved to another day',
      detail: `asked for ${asked}, got the list of ${listing.listedOn}`,
    }
  }
  const rejected = listing.rejects.length
  return { outcome: 'stored', detail: rejected === 0 ? null : `${rejected} entries could not be read` }
}

/** An answer that is no listing: a bot check where papers used to come is "blocked", anything else "layout changed". */
async function recordUnreadable(page: PageRow, error: PermanentError, tools: Tools): Promise<void> {
  const reason = reasonOf(error)
  await markPageFailed(tools.db, page.id, reason)
  const source = await findSource(tools.db, page.source_id)
  if (source?.address == null) return
  const outcome: FetchOutcome = /challenge|bot check/i.test(reason) ? 'blocked' : 'layout changed'
  await markFetchParsed(tools.db, page.source_id, page.address, { outcome, detail: reason })
  await markSourceOutcome(tools.db, page.source_id, outcome, reason, tools.now())
}
