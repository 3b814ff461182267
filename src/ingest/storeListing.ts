import type { Tx } from '../db/engine/connect.ts'
import type { PageRow } from '../db/engine/schema.ts'
import { findPage, markPageIngested, type NewPage, storePage } from '../db/fetching/pages.ts'
import type { Listing } from '../domain.ts'
import { type IngestCounts, ingestListing } from './ingestListing.ts'

/**
 * Stores a page together with the papers it lists: both or neither. If the same bytes were stored before, nothing
 * changes.
 */
export async function storeListing(
  tx: Tx,
  page: NewPage,
  listing: Listing,
  now: Date,
): Promise<IngestCounts> {
  const { id } = await storePage(tx, page)
  const stored = await findPage(tx, id)
  return ingestStoredPage(tx, stored!, listing, now)
}

/** Stores the papers of a stored page, as today's parsers read it. */
export async function ingestStoredPage(
  tx: Tx,
  page: PageRow,
  listing: Listing,
  now: Date,
): Promise<IngestCounts> {
  const arrival = {
    sourceId: page.source_id,
    pageId: page.id,
    observedAt: page.observed_at,
    live: isCaptured(page.address),
    listedOnHint: page.listed_on_hint,
  }
  const counts = await ingestListing(tx, listing, arrival, now)
  const rejected = listing.rejects.length
  await markPageIngested(tx, page.id, { format: listing.format, entries: counts.entries, rejected, at: now })
  return counts
}

/** Whether the page was fetched from the web at the time of observation. A file name does not say that. */
function isCaptured(address: string): boolean {
  return /^https?:\/\//.test(address)
}
