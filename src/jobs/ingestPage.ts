import { z } from 'zod'
import type { PageRow } from '../db/engine/schema.ts'
import { findFetch } from '../db/fetching/fetches.ts'
import { findPage, markPageFailed, pageBody, setNextAddress } from '../db/fetching/pages.ts'
import { findSource } from '../db/fetching/sources.ts'
import type { Listing } from '../domain.ts'
import { PermanentError, RefusedError, reasonOf } from '../errors.ts'
import {
  judgePage,
  LayoutChangedError,
  tellVerdict,
  type Verdict,
  withWarning,
} from '../ingest/fetchOutcome.ts'
import { ingestStoredPage } from '../ingest/storeListing.ts'
import { parsePage } from '../sources/formats/formats.ts'
import { MOST_PARTS, nextPartAddress } from '../sources/nextPart.ts'
import { decodePage } from '../sources/reading/decode.ts'
import type { NextJob, Tools } from '../tools.ts'
import { defineStep } from './step.ts'

const payload = z.object({
  pageId: z.number().int(),
  /** The number of the part in its list, from 1. */
  part: z.number().int().optional(),
})

/** Parses a stored page and stores what it lists. Next: the fetch of the list's next part, if there is one. */
export const ingestPage = defineStep({
  name: 'ingestPage',
  payload,
  key: ({ pageId }) => `${pageId}`,
  attempts: 5,
  concurrency: 2,
  async run({ pageId, part = 1 }, tools) {
    const page = await findPage(tools.db, pageId)
    if (!page || page.ingested_at !== null) return []
    const listing = await readListing(page, tools)
    const last = await findFetch(tools.db, page.source_id, page.address)
    const contents = {
      address: page.address,
      format: listing.format,
      entries: listing.entries.length,
      rejected: listing.rejects.length,
      listedOn: listing.listedOn,
    }
    const verdict = judgePage(contents, last?.entries ?? 0)
    if (verdict.outcome === 'layout changed') {
      await recordUnreadable(page, verdict, tools)
      throw new LayoutChangedError(verdict.detail ?? verdict.outcome)
    }
    const next = nextPart(page, listing, part)
    const told = withWarning(cutShort(verdict, listing, part), last?.warning)
    const fetchedAt = last?.fetched_at ?? page.observed_at
    await storeEntries(page, listing, next, { ...told, fetchedAt }, tools)
    return next === undefined ? [] : [nextJob(page, part)]
  },
})

/**
 * Reads what a page lists. A page that is no listing is marked as such, with its source, before the error is thrown.
 * @throws RefusedError for a bot check, LayoutChangedError for any other page that is no listing.
 */
async function readListing(page: PageRow, tools: Tools): Promise<Listing> {
  const body = await pageBody(page)
  if (!body)
    throw new PermanentError(`page ${page.id}: expected its stored bytes, found none; fetch it again`)
  try {
    return parsePage(decodePage(body, page.content_type ?? undefined), 'auto')
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error
    const isRefused = error instanceof RefusedError
    const detail = reasonOf(error)
    await recordUnreadable(page, { outcome: isRefused ? 'blocked' : 'layout changed', detail }, tools)
    throw isRefused ? error : new LayoutChangedError(detail)
  }
}

function nextPart(page: PageRow, { next }: Listing, part: number): string | undefined {
  return next === undefined || part >= MOST_PARTS ? undefined : nextPartAddress(page.address, next)
}

function cutShort({ outcome, detail }: Verdict, { next }: Listing, part: number): Verdict {
  if (next === undefined || part < MOST_PARTS) return { outcome, detail }
  return {
    outcome,
    detail: `the list goes on after ${MOST_PARTS} parts, which were read: ask for less at once`,
  }
}

/** The job for the next part. It carries the time of the page, so that a retry makes the same job again. */
function nextJob({ id, source_id, observed_at }: PageRow, part: number): NextJob {
  const slot = observed_at.toISOString()
  return { name: 'fetchPage', payload: { sourceId: source_id, slot, after: id, part: part + 1 } }
}

async function storeEntries(
  page: PageRow,
  listing: Listing,
  next: string | undefined,
  told: Verdict & { fetchedAt: Date },
  tools: Tools,
): Promise<void> {
  const { fetchedAt, ...verdict } = told
  const now = tools.now()
  await tools.db.transaction().execute(async (tx) => {
    const { entries } = await ingestStoredPage(tx, page, listing, now)
    if (next !== undefined) await setNextAddress(tx, page.id, next)
    const fetch = { sourceId: page.source_id, address: page.address, entries, fetchedAt, pageId: page.id }
    await tellVerdict(tx, fetch, verdict, now)
  })
}

/** Notes on the page and on its source why the page could not be read. The page is kept for a later parser. */
async function recordUnreadable(page: PageRow, verdict: Verdict, tools: Tools): Promise<void> {
  await markPageFailed(tools.db, page.id, verdict.detail ?? verdict.outcome)
  const source = await findSource(tools.db, page.source_id)
  if (source !== undefined && source.address !== null) {
    const fetch = { sourceId: source.id, address: page.address, pageId: page.id }
    await tellVerdict(tools.db, fetch, verdict, tools.now())
  }
}
