import { z } from 'zod'
import type { PageRow } from '../db/engine/schema.ts'
import { findFetch } from '../db/fetching/fetches.ts'
import { findPage, markPageFailed, markPageIngested, pageBody, setNextAddress } from '../db/fetching/pages.ts'
import { findSource } from '../db/fetching/sources.ts'
import type { Listing } from '../domain.ts'
import { PermanentError, reasonOf } from '../errors.ts'
import {
  judgePage,
  LayoutChangedError,
  tellVerdict,
  type Verdict,
  withWarning,
} from '../ingest/fetchOutcome.ts'
import { ingestListing } from '../ingest/ingestListing.ts'
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
    if (verdict.outcome === 'layout changed') throw await recordUnreadable(page, verdict, tools)
    const next = nextPart(page, listing, part)
    const told = withWarning(cutShort(verdict, listing, part), last?.warning)
    const fetchedAt = last?.fetched_at ?? page.observed_at
    await storeEntries(page, listing, next, { ...told, fetchedAt }, tools)
    return next === undefined ? [] : [nextJob(page, part)]
  },
})

/** @throws LayoutChangedError for a page that is no listing, after it was told. */
async function readListing(page: PageRow, tools: Tools): Promise<Listing> {
  const body = await pageBody(page)
  if (!body)
    throw new PermanentError(`page ${page.id}: expected its stored bytes, found none; fetch it again`)
  try {
    return parsePage(decodePage(body, page.content_type ?? undefined), 'auto')
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error
    const detail = reasonOf(error)
    // A bot check instead of papers is not a new layout.
    const outcome = /challenge|bot check/i.test(detail) ? 'blocked' : 'layout changed'
    throw await recordUnreadable(page, { outcome, detail }, tools)
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

/**
 * The job for the next part. It has the page's time, because it belongs to the same fetch; so a retry asks for the
 * part once.
 */
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
    const arrival = {
      sourceId: page.source_id,
      pageId: page.id,
      observedAt: page.observed_at,
      live: true,
      listedOnHint: page.listed_on_hint,
    }
    const { entries } = await ingestListing(tx, listing, arrival, now)
    const rejected = listing.rejects.length
    await markPageIngested(tx, page.id, { format: listing.format, entries, rejected, at: now })
    if (next !== undefined) await setNextAddress(tx, page.id, next)
    const fetch = { sourceId: page.source_id, address: page.address, entries, fetchedAt }
    await tellVerdict(tx, fetch, verdict, now)
  })
}

/**
 * Records the failure on the page and its source, and returns the error that fails the job. The page stays for a
 * later parser.
 */
async function recordUnreadable(page: PageRow, verdict: Verdict, tools: Tools): Promise<PermanentError> {
  const detail = verdict.detail ?? verdict.outcome
  await markPageFailed(tools.db, page.id, detail)
  const source = await findSource(tools.db, page.source_id)
  if (source !== undefined && source.address !== null) {
    await tellVerdict(tools.db, { sourceId: source.id, address: page.address }, verdict, tools.now())
  }
  return new LayoutChangedError(detail)
}
